"""A list as somebody saw it, as a file: asked for on the page of the list, made by a task, fetched by who asked, gone after
days. The row is the promise; the file stands in it only when it is whole."""

import secrets
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from dashboards.figures.periods import Period
from grids.models import Grid

FOLDER = "exports"


def export_path(_: models.Model, filename: str) -> str:
    """A name nobody can guess."""
    return f"{FOLDER}/{secrets.token_urlsafe(24)}.xlsx"


class Export(models.Model):
    class Source(models.TextChoices):
        FIGURE = "figure", "数据后的清单"
        CASES = "cases", "事项清单"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="figure_exports", verbose_name="申请人"
    )
    node = models.ForeignKey(
        Grid, models.CASCADE, null=True, related_name="+", verbose_name="网格", help_text="空为全县"
    )
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.FIGURE)
    measure = models.CharField("指标", max_length=20)
    kind = models.CharField("类型", max_length=30, blank=True, help_text="事项清单：内容的摘要")
    code = models.CharField("时段", max_length=10)
    first = models.DateField("期初")
    label = models.CharField("名称", max_length=120, help_text="申请时清单的名称")
    case_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        verbose_name="事项",
        help_text="事项清单：哪些，按顺序；结束后清空",
    )
    asked_at = models.DateTimeField("申请时间")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    row_count = models.PositiveIntegerField("行数")
    done_count = models.PositiveIntegerField("已写行数", default=0)
    file = models.FileField("文件", upload_to=export_path, blank=True)
    ready_at = models.DateTimeField("备好时间", null=True)
    failed = models.CharField("失败原因", max_length=200, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, help_text="备好或放弃的时间")

    class Meta:
        verbose_name = "清单导出"
        verbose_name_plural = "清单导出"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "source", "node", "measure", "kind", "code", "first"], condition=Q(ended_at=None),
                nulls_distinct=False, name="export_asked_once",
            ),
            models.CheckConstraint(condition=Q(ready_at=None) | ~Q(file=""), name="export_ready_has_file"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="export_waiting"),
            models.Index(fields=["person", "-asked_at"], name="export_by_person"),
        ]

    class PersonalData:
        personal = ("person", "file")
        plain = (
            "id", "source", "node", "measure", "kind", "case_ids", "code", "first", "label", "asked_at", "leased_until", "tries",
            "row_count", "done_count", "ready_at", "failed", "ended_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"清单导出 {self.pk}"

    @property
    def period(self) -> Period:
        return Period.of(self.code, self.first)

    @property
    def days(self) -> tuple[date, date]:
        return self.period.days

    @property
    def title(self) -> str:
        if self.source == self.Source.CASES:
            return self.label
        return f"{self.place_name} · {self.label}"

    @property
    def place_name(self) -> str:
        return self.node.name if self.node else "政和县"

    @property
    def percent(self) -> int:
        """How far it is; never 100 before it is ready."""
        if self.ready_at:
            return 100
        return min(99, 100 * self.done_count // self.row_count) if self.row_count else 0

    @property
    def is_waiting(self) -> bool:
        return self.ended_at is None

    def get_absolute_url(self) -> str:
        return reverse("dashboards:export-one", args=[self.pk])
