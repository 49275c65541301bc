"""户册: homes of a 小区, who lives there and who owns them. Votes draw up their rolls from it; nothing else reads it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.personal_data import EncryptedTextField
from grids.models import Building, Grid
from meetings.models.querysets import TenureQuerySet


class Home(models.Model):
    """One 专有部分. A shop or a garage is one too: it has an owner and nobody who lives there."""

    estate = models.ForeignKey(Grid, models.PROTECT, related_name="homes", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, related_name="homes", verbose_name="楼栋")
    door = EncryptedTextField("房号")
    door_index = models.CharField("房号索引", max_length=64, editable=False)
    area = models.DecimalField(
        "专有部分面积", max_digits=8, decimal_places=2, help_text="平方米，按不动产登记簿；没有登记的按实测或合同面积"
    )

    class Meta:
        verbose_name = "房屋"
        verbose_name_plural = "房屋"
        constraints = [
            models.UniqueConstraint(fields=["building", "door_index"], name="home_once"),
            models.CheckConstraint(condition=Q(area__gt=0), name="home_has_area"),
        ]
        indexes = [models.Index(fields=["estate"], name="home_of_estate")]

    class PersonalData:
        personal = ("building", "door", "door_index", "area")
        plain = (
            "id",
            "estate",
        )

    def __str__(self) -> str:
        return f"房屋 {self.pk}"


class Tenure(models.Model):
    """Somebody at a home, from–until. Whoever moves or sells is ended, not deleted: a running vote keeps its roll."""

    home = models.ForeignKey(Home, models.PROTECT, related_name="tenures", verbose_name="房屋")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tenures", verbose_name="姓名")
    lives_there = models.BooleanField("住在这里", default=True)
    owns = models.BooleanField("是业主", default=False)
    is_adult = models.BooleanField(
        "年满十八周岁", default=True, help_text="不知道出生日期时以此为准；知道的，以出生日期为准"
    )
    is_spokesperson = models.BooleanField("居民小组代表", default=False)
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止", null=True, blank=True)

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = "居住和产权"
        verbose_name_plural = "居住和产权"
        constraints = [
            models.UniqueConstraint(fields=["home", "person"], condition=Q(until_at=None), name="at_a_home_once"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="tenure_until_after_from"
            ),
            models.CheckConstraint(condition=Q(lives_there=True) | Q(owns=True), name="tenure_lives_or_owns"),
        ]

    class PersonalData:
        personal = ("home", "person", "lives_there", "owns", "is_adult", "is_spokesperson", "from_at", "until_at")
        plain = ("id",)

    def __str__(self) -> str:
        return f"居住和产权 {self.pk}"

    def is_adult_at(self, at: datetime) -> bool:
        """Whoever has come of age since the table came in is grown, where their day of birth is known. Loads the person."""
        return self.is_adult if self.person.birth_date is None else not self.person.is_minor_at(at)
