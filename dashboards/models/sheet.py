"""What a person says to their own sheet of a period: it stands beside the figures, whoever reads them. The figures
themselves are not kept: they are read from what was done."""

from django.conf import settings
from django.db import models


class SheetComment(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="本人")
    span = models.CharField("跨度", max_length=10)
    first = models.DateField("第一天")
    words = models.CharField("本人说明", max_length=500)
    at = models.DateTimeField("说明时间")

    class Meta:
        verbose_name = "履职单说明"
        verbose_name_plural = "履职单说明"
        constraints = [models.UniqueConstraint(fields=["person", "span", "first"], name="sheet_comment_once")]

    class PersonalData:
        personal = ("person", "words")
        plain = ("id", "span", "first", "at")

    def __str__(self) -> str:
        return f"履职单说明 {self.pk}"
