"""卷号: the running number under which a dispute's file stands in its committee's register."""

from django.db import models
from django.db.models import Q

from disputes.models.dispute import Dispute
from grids.models import Grid


class FileNumber(models.Model):
    """Given once, when the dispute is taken on, and kept for ever: a database trigger refuses to change or delete it
    (migration 0005), but for demonstration rows."""

    dispute = models.OneToOneField(
        Dispute, models.CASCADE, primary_key=True, related_name="file_number", verbose_name="纠纷"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="调委会所在网格")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("顺序号")
    mark = models.CharField("字", max_length=100, help_text="调委会的简称，例如“凤嘴”。网格改名后，已编的卷号不变")

    class Meta:
        verbose_name = "卷号"
        verbose_name_plural = "卷号"
        constraints = [
            models.UniqueConstraint(fields=["grid", "year", "number"], name="file_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(mark=""), name="file_number_is_whole"),
        ]

    class PersonalData:
        personal = ()
        plain = ("dispute", "grid", "year", "number", "mark")

    def __str__(self) -> str:
        """ "（2026）凤嘴人调字第12号"."""
        return f"（{self.year}）{self.mark}人调字第{self.number}号"
