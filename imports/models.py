"""A table that somebody brings in: handed in on a page, taken in by a task, watched meanwhile. The row is the promise; the
file lies sealed until it is done with, what did not go in a week longer."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.personal_data import EncryptedTextField
from grids.models import Grid
from imports.kinds import KINDS, Kind

FOLDER = "imports"


def hidden_path(_: models.Model, filename: str) -> str:
    """A name nobody can guess."""
    return f"{FOLDER}/{secrets.token_urlsafe(24)}"


class Import(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports", verbose_name="导入人")
    kind = models.CharField("种类", max_length=30)
    node = models.ForeignKey(
        Grid, models.CASCADE, null=True, related_name="+", verbose_name="网格", help_text="空：这种表不问地点"
    )
    source = models.CharField("来源", max_length=20, blank=True)
    name = EncryptedTextField("文件名")
    digest = models.CharField("文件摘要", max_length=64, help_text="带密钥的摘要")
    file = models.FileField("文件", upload_to=hidden_path, blank=True, help_text="加密存放；结束后删除")
    asked_at = models.DateTimeField("导入时间")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    row_count = models.PositiveIntegerField("行数", default=0, help_text="读过表格才知道")
    done_count = models.PositiveIntegerField("已处理行数", default=0)
    new_count = models.PositiveIntegerField("新增行数", default=0)
    known_count = models.PositiveIntegerField("已在行数", default=0)
    rejected_count = models.PositiveIntegerField("退件行数", default=0)
    first_rejects = EncryptedTextField("前几行退件", blank=True, help_text="JSON：行号和原因")
    rejects = models.FileField("退件", upload_to=hidden_path, blank=True, help_text="CSV，加密存放")
    goes_to = models.JSONField("去向", default=dict, help_text="新增的行：到哪里，多少行")
    previewed_at = models.DateTimeField("预览时间", null=True, help_text="试导完成，等导入人确认")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    taken_back_at = models.DateTimeField("撤回时间", null=True)
    failed = models.CharField("失败原因", max_length=500, blank=True)

    class Meta:
        verbose_name = "表格导入"
        verbose_name_plural = "表格导入"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "node", "source", "digest"], condition=Q(ended_at=None),
                nulls_distinct=False, name="import_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(failed="")
                | Q(row_count=F("new_count") + F("known_count") + F("rejected_count")),
                name="import_rows_add_up",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(file=""), name="import_ended_has_no_file"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="import_waiting"),
            models.Index(fields=["person", "-asked_at"], name="import_by_person"),
        ]

    class PersonalData:
        personal = ("person", "name", "file", "first_rejects", "rejects")
        plain = (
            "id", "kind", "node", "source", "digest", "asked_at", "leased_until", "tries", "row_count", "done_count",
            "new_count", "known_count", "rejected_count", "goes_to", "previewed_at", "confirmed_at", "ended_at",
            "taken_back_at", "failed",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"表格导入 {self.pk}"

    @property
    def declared(self) -> Kind:
        return KINDS[self.kind]

    @property
    def title(self) -> str:
        return " · ".join(filter(None, (self.declared.label, self.node and self.node.name, self.source)))

    @property
    def percent(self) -> int:
        """How far it is; never 100 before it has ended."""
        if self.ended_at:
            return 100
        return min(99, 100 * self.done_count // self.row_count) if self.row_count else 0

    @property
    def batch(self) -> str:
        return f"import:{self.pk}"

    @property
    def is_previewed(self) -> bool:
        """It was tried; whether it goes in is for who brought it."""
        return self.previewed_at is not None and self.confirmed_at is None and self.ended_at is None

    @property
    def is_waiting(self) -> bool:
        """For the worker."""
        return self.ended_at is None and not self.is_previewed

    @property
    def can_be_taken_back(self) -> bool:
        is_in = self.ended_at is not None and self.new_count > 0 and self.taken_back_at is None
        return is_in and self.declared.take_back is not None

    @property
    def shown_places(self) -> list[tuple[str, int]]:
        """Where the new rows go, the most first."""
        return sorted(self.goes_to.items(), key=lambda each: (-each[1], each[0]))

    @property
    def was_begun_anew(self) -> bool:
        """A worker died over it: of the rows that were known, some may have come in by this very import."""
        return self.tries > 1

    @property
    def shown_rejects(self) -> list[tuple[int, str]]:
        """(line, reason) of the first rows that did not go in."""
        rows: list[Any] = json.loads(self.first_rejects or "[]")
        return [(line, reason) for line, reason in rows]

    def get_absolute_url(self) -> str:
        return reverse("imports:one", args=[self.pk])
