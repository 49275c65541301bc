"""一社区一品牌, 一小区一特色: what a neighbourhood wants to be known for this year, and how far it is. For everybody to read."""

from django.db import models

from grids.models import Grid, Level


class Brand(models.Model):
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="brands", verbose_name="社区或小区")
    year = models.PositiveSmallIntegerField("年份")
    name = models.CharField("品牌或特色", max_length=40)
    goals = models.TextField("目标", help_text="居民看得到：今年要做成什么样")

    class Meta:
        verbose_name = "品牌特色"
        verbose_name_plural = "品牌特色"
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "year"], name="brand_once_a_year", violation_error_message="这里今年已经有一个了。"
            )
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id",
            "grid",
            "year",
            "name",
            "goals",
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"

    @property
    def kind_words(self) -> str:
        """Loads the grid."""
        return "一社区一品牌" if self.grid.level == Level.COMMUNITY else "一小区一特色"


class BrandStep(models.Model):
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="steps", verbose_name="品牌特色")
    words = models.CharField("要做的事", max_length=100)
    due_date = models.DateField("计划完成")
    reached_date = models.DateField("完成日期", null=True, blank=True)
    progress = models.CharField("进展", max_length=200, blank=True)

    class Meta:
        verbose_name = "年度安排"
        verbose_name_plural = "年度安排"

    class PersonalData:
        personal = ()
        plain = ("id", "brand", "words", "due_date", "reached_date", "progress")

    def __str__(self) -> str:
        return f"年度安排 {self.pk}"
