"""A volunteer: what somebody told us they can do, and the units they belong to.

A unit's roster makes a row without `agreed_at`: until the person has agreed themselves, nothing is offered to them
(志愿服务条例 2, 7: of one's own will; little data)."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from cases.models import Category
from grids.models import Grid, Unit
from volunteers.models.querysets import VolunteerQuerySet
from volunteers.models.words import FREE_TIMES


class Volunteer(models.Model):
    class Reach(models.TextChoices):
        SITE = "site", "站内消息"
        CALL = "call", "打电话"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="volunteer", verbose_name="志愿者"
    )
    number = models.CharField("志愿者编号", max_length=20, unique=True)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="+", verbose_name="常在哪里服务")
    skills = models.ManyToManyField(Category, related_name="+", verbose_name="特长")
    free_times = ArrayField(
        models.CharField(max_length=20, choices=list(FREE_TIMES.items())), default=list, verbose_name="可服务时间"
    )
    reach = models.CharField("怎么联系", max_length=10, choices=Reach, default=Reach.SITE)
    is_ranked = models.BooleanField("愿意上榜", default=False, help_text="自己选择；不选就不出现在任何榜单里")
    listed_at = models.DateTimeField("建档时间")
    agreed_at = models.DateTimeField("本人同意时间", null=True)
    guardian = EncryptedTextField("监护人", blank=True, help_text="未满十八周岁的志愿者要有")
    left_at = models.DateTimeField("退出时间", null=True)
    checked_date = models.DateField("背景核查日期", null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人"
    )

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿者"
        verbose_name_plural = "志愿者"
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_date=None, checked_by=None)
                | Q(checked_date__isnull=False, checked_by__isnull=False),
                name="volunteer_checked_by_somebody",
            )
        ]

    class PersonalData:
        personal = ("person", "grid", "free_times", "reach", "guardian", "checked_date")
        plain = ("number", "is_ranked", "listed_at", "agreed_at", "left_at", "checked_by")

    def __str__(self) -> str:
        return self.number

    @property
    def is_active(self) -> bool:
        """Agreed themselves and has not left: may be offered services."""
        return self.agreed_at is not None and self.left_at is None

    def is_checked(self, day: date) -> bool:
        """Whether the background check holds on that day."""
        valid = timedelta(days=settings.BACKGROUND_CHECK_DAYS)
        return self.checked_date is not None and self.checked_date <= day < self.checked_date + valid


class Membership(models.Model):
    """A person of a unit, in service or retired. The unit's word, by its roster."""

    class Employment(models.TextChoices):
        IN_SERVICE = "in_service", "在职"
        RETIRED = "retired", "退休"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="单位")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="人员"
    )
    employment = models.CharField("身份", max_length=12, choices=Employment)
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "单位成员"
        verbose_name_plural = "单位成员"
        constraints = [
            models.UniqueConstraint(fields=["unit", "person"], condition=Q(until_at=None), name="membership_once")
        ]

    class PersonalData:
        personal = ("person", "employment")
        plain = ("id", "unit", "from_at", "until_at")

    def __str__(self) -> str:
        return f"单位成员 {self.pk}"
