"""延期: asked once by the holder before the limit ends, decided by the level above."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case, unit_choices


class Extension(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions", verbose_name="事项")
    amount = models.PositiveSmallIntegerField("延长")
    unit = models.CharField("单位", max_length=10, choices=unit_choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    is_granted = models.BooleanField("同意", null=True)

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        constraints = [
            models.UniqueConstraint(fields=["case"], name="extension_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_granted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False),
                name="extension_decided_as_a_whole",
            ),
        ]

    class PersonalData:
        personal = ("asked_by", "decided_by")
        plain = ("id", "case", "amount", "unit", "asked_at", "decided_at", "is_granted")

    def __str__(self) -> str:
        return f"延期 {self.pk}"
