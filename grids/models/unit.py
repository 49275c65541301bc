"""Units that work in the neighbourhoods, and the communities they have reported to (单位报到)."""

from django.db import models
from django.db.models import F, Q

from grids.models.grid import Grid


class UnitKind(models.TextChoices):
    OFFICE = "office", "机关单位"
    NEW = "new", "两新组织"
    SOCIETY = "society", "社会组织"


class Unit(models.Model):
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类型", max_length=10, choices=UnitKind)
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    duty_phone = models.CharField("值班电话", max_length=20, blank=True, help_text="单位的电话，不填个人手机")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        constraints = [models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="unit_code_once")]

    class PersonalData:
        personal = ()
        plain = (
            "id",
            "name",
            "kind",
            "code",
            "duty_phone",
            "is_active",
        )

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """单位报到: a unit and a community work together from–until. Ended, never deleted."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pairings", verbose_name="单位")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="pairings", verbose_name="报到社区")
    from_at = models.DateTimeField("报到时间")
    until_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "单位报到"
        verbose_name_plural = "单位报到"
        constraints = [
            models.UniqueConstraint(fields=["unit", "grid"], condition=Q(until_at=None), name="pairing_once"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="pairing_until_after_from"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "unit", "grid", "from_at", "until_at")

    def __str__(self) -> str:
        return f"单位报到 {self.pk}"
