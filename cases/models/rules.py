"""What staff tune: who gets which case, how long each stage may take, which days are worked."""

from django.db import models
from django.db.models import Q

from cases.models.case import Urgency, unit_choices
from cases.models.category import Category
from cases.workflow import WORKFLOWS, kind_choices
from grids.models import Grid
from grids.roles import role_choices


class RoutingRule(models.Model):
    name = models.CharField("规则名称", max_length=60)
    order = models.PositiveSmallIntegerField("顺序", default=100, help_text="从小到大，先符合的先用")
    kind = models.CharField("事项类型", max_length=30, choices=kind_choices)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name="分类", help_text="含下级；不选为全部"
    )
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, blank=True, help_text="不选为全部")
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, verbose_name="范围", help_text="含下级；不选为全部"
    )
    role = models.CharField("派给", max_length=30, choices=role_choices)
    co_role = models.CharField("协办", max_length=30, choices=role_choices, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "派单规则"
        verbose_name_plural = "派单规则"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "order", "kind", "category", "urgency", "grid", "role", "co_role", "is_active")

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"


class Stage(models.TextChoices):
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    FINISH = "finish", "办结"
    REDO = "redo", "重办"
    RATE = "rate", "评价"
    REVIEW = "review", "挂账复查"
    OBJECT = "object", "不受理异议"
    CLIMB = "climb", "升级后办理"
    RETURN = "return", "可退单"
    POLICE = "police", "警格答复"


def stage_choices() -> list[tuple[str, str]]:
    """Those of every kind, then those a kind has for itself."""
    own = {code: label for workflow in WORKFLOWS.values() for code, label in workflow.stages.items()}
    return [*Stage.choices, *own.items()]


class TimeLimit(models.Model):
    kind = models.CharField("事项类型", max_length=30, choices=kind_choices)
    stage = models.CharField("阶段", max_length=20, choices=stage_choices)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name="分类", help_text="含下级；不选为全部"
    )
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, blank=True, help_text="不选为全部")
    amount = models.PositiveSmallIntegerField("限时")
    unit = models.CharField("单位", max_length=10, choices=unit_choices)
    source = models.CharField("依据", max_length=100, blank=True)

    class Meta:
        verbose_name = "办理时限"
        verbose_name_plural = "办理时限"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "stage", "category", "urgency"], nulls_distinct=False, name="limit_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="limit_positive"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "kind", "stage", "category", "urgency", "amount", "unit", "source")

    def __str__(self) -> str:
        return f"时限 {self.pk}"


class CalendarDay(models.Model):
    class Kind(models.TextChoices):
        OFF = "off", "放假"
        WORKING = "working", "上班"

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=40, blank=True)

    class Meta:
        verbose_name = "节假日与调休"
        verbose_name_plural = "节假日与调休"

    class PersonalData:
        personal = ()
        plain = ("date", "kind", "name")

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"
