"""居民验收: residents look at a finished renovation before it is accepted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models import Case
from grids.models import Building
from volunteers.models.lists import Project


class Inspection(models.Model):
    project = models.OneToOneField(Project, models.CASCADE, related_name="inspection", verbose_name="项目")
    opened_at = models.DateTimeField("开始验收")
    closes_at = models.DateTimeField("验收到")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    least = models.PositiveSmallIntegerField("至少几户验收")
    accepted_at = models.DateTimeField("通过时间", null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )

    class Meta:
        verbose_name = "居民验收"
        verbose_name_plural = "居民验收"
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="inspection_closes_after_opened"),
            models.CheckConstraint(condition=Q(least__gt=0), name="inspection_by_somebody"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="inspection_accepted_by_somebody",
            ),
        ]

    class PersonalData:
        personal = ("opened_by", "accepted_by")
        plain = ("id", "project", "opened_at", "closes_at", "least", "accepted_at")

    def __str__(self) -> str:
        return f"验收 {self.pk}"


class Finding(models.Model):
    """What one resident says: fine, or not and why. What is not fine is a task with a holder and a limit."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings", verbose_name="验收")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="project_findings", verbose_name="验收人"
    )
    building = models.ForeignKey(Building, models.SET_NULL, null=True, related_name="+", verbose_name="住哪一栋")
    is_fine = models.BooleanField("满意")
    words = models.TextField("说了什么", blank=True)
    said_at = models.DateTimeField("验收时间")
    task = models.OneToOneField(
        Case, models.PROTECT, null=True, related_name="project_finding", verbose_name="整改事项"
    )

    class Meta:
        verbose_name = "验收意见"
        verbose_name_plural = "验收意见"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person"], name="finding_once_a_person"),
            models.CheckConstraint(
                condition=Q(is_fine=True, task=None) | Q(is_fine=False, task__isnull=False), name="fault_has_a_task"
            ),
        ]

    class PersonalData:
        personal = ("person", "building", "is_fine", "words", "said_at")
        plain = ("id", "inspection", "task")

    def __str__(self) -> str:
        return f"验收意见 {self.pk}"
