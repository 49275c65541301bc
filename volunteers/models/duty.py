"""个人报到 of party members where they live, and what they did there as members: a ledger of its own. It is duty towards
the party's organisation and no volunteering (志愿服务条例 25): nothing of it becomes hours or points."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Grid, Unit


class DutyReport(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "待审核"
        APPROVED = "approved", "已报到"
        REFUSED = "refused", "已退回"
        ENDED = "ended", "已转出"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="duty_reports", verbose_name="党员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="duty_reports", verbose_name="所在单位")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="duty_reports", verbose_name="报到社区或小区")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    reported_at = models.DateTimeField("报到时间")
    decided_at = models.DateTimeField("审核时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    reason = models.CharField("退回原因", max_length=200, blank=True)
    ended_at = models.DateTimeField("转出时间", null=True)

    class Meta:
        verbose_name = "个人报到"
        verbose_name_plural = "个人报到"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=("waiting", "approved")), name="duty_report_one_running"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | Q(state="ended")
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="duty_report_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["grid", "state"], name="duty_report_by_grid")]

    class PersonalData:
        personal = ("person", "unit", "reason")
        plain = ("id", "grid", "state", "reported_at", "decided_at", "decided_by", "ended_at")

    def __str__(self) -> str:
        return f"个人报到 {self.pk}"


class DutyEntry(models.Model):
    """One thing a reported member did, written down by whoever led it."""

    report = models.ForeignKey(DutyReport, models.PROTECT, related_name="entries", verbose_name="报到")
    date = models.DateField("日期")
    words = models.CharField("做了什么", max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    noted_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "双报到记录"
        verbose_name_plural = "双报到记录"

    class PersonalData:
        personal = ("words",)
        plain = ("id", "report", "date", "noted_by", "noted_at")

    def __str__(self) -> str:
        return f"双报到记录 {self.pk}"
