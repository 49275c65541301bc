"""整顿提升: a 小区 among the weakest tenth, what is done there, and whether it helped. Its items are tasks of the engine, so
that each has a holder and a limit; the plan is at its end when they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Case
from dashboards.models.review import Assessed


class Plan(models.Model):
    assessed = models.OneToOneField(Assessed, models.CASCADE, related_name="plan", verbose_name="小区")
    proposed_at = models.DateTimeField("列入建议时间")
    is_confirmed = models.BooleanField("确定整顿提升", null=True)
    reason = models.CharField("移出理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)

    class Meta:
        verbose_name = "整顿提升"
        verbose_name_plural = "整顿提升"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=None, decided_at=None)
                | Q(is_confirmed=True, decided_at__isnull=False)
                | Q(is_confirmed=False, decided_at__isnull=False) & ~Q(reason=""),
                name="plan_left_out_for_a_reason",
            )
        ]

    class PersonalData:
        personal = ("decided_by",)
        plain = ("id", "assessed", "proposed_at", "is_confirmed", "reason", "decided_at")

    def __str__(self) -> str:
        return f"整顿提升 {self.pk}"


class PlanItem(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", verbose_name="整顿提升")
    number = models.PositiveSmallIntegerField("序号")
    what = models.CharField("做什么", max_length=200)
    case = models.OneToOneField(Case, models.PROTECT, related_name="plan_item", verbose_name="交办事项")

    class Meta:
        verbose_name = "整顿措施"
        verbose_name_plural = "整顿措施"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_item_number_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "plan", "number", "what", "case")

    def __str__(self) -> str:
        return self.what
