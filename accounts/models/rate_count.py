"""How often something was done in a window of time: counts behind accounts/limiter.py."""

from django.db import models


class RateCount(models.Model):
    key = models.CharField("键", max_length=64, help_text="做什么、谁做（摘要）")
    window_at = models.DateTimeField("窗口起")
    count = models.PositiveIntegerField("次数")

    class Meta:
        verbose_name = "频次"
        verbose_name_plural = "频次"
        constraints = [models.UniqueConstraint(fields=["key", "window_at"], name="rate_once_a_window")]

    class PersonalData:
        personal = ("key",)
        plain = ("id", "window_at", "count")

    def __str__(self) -> str:
        return f"频次 {self.pk}"
