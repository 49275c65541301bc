"""One table for every kind of case. Its state, holder and limits are written by cases/services.py only."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.limits.clock import Unit
from cases.models.category import Category
from cases.models.querysets import CaseQuerySet
from cases.workflow import WORKFLOWS, State, Workflow, kind_choices, state_choices
from grids.models import Grid, Post


class Urgency(models.TextChoices):
    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    CRITICAL = "critical", "特急"


TAKEN_BACK = "taken_back"
"""Outcome of a case that came in by mistake: it counts for nothing."""


KEPT_ON_ROW = ("facts", "is_referred")
"""What is kept on an instance beside its columns, as long as it is not read again: cases/engine/facts.py, cases/models/querysets.py."""


class Wake(models.TextChoices):
    """Why the sweep looks at a case next."""

    ROUTE = "route", "派单"
    REMIND = "remind", "提醒"
    DUE = "due", "到期"
    CLIMB = "climb", "升级"


def unit_choices() -> list[tuple[str, str]]:
    return [(unit.value, unit.label) for unit in Unit]


class Case(models.Model):
    number = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("类型", max_length=30, choices=kind_choices)
    state = models.CharField("状态", max_length=30, choices=state_choices)
    title = models.CharField("标题", max_length=100)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="分类"
    )
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="cases", verbose_name="所在网格")
    place = models.CharField("地点", max_length=200, help_text="办结时固定：网格以后调整，办结的事项仍记在当时的地点")
    is_private = models.BooleanField("不公开", default=False)
    hides_asker = models.BooleanField("对办理人匿名", default=False)

    holder = models.ForeignKey(Post, models.PROTECT, null=True, related_name="held_cases", verbose_name="责任人")
    is_designated = models.BooleanField("指定承办", default=False, help_text="指定后不得再次退单")
    is_supervised = models.BooleanField("督办", default=False)
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0)
    was_objected = models.BooleanField("已提异议", default=False)
    outcome = models.CharField("结果", max_length=20, blank=True)
    batch = models.CharField("批次", max_length=40, blank=True, help_text="由同一张表导入的事项")

    opened_at = models.DateTimeField("提交时间")
    dispatched_at = models.DateTimeField("派单时间", null=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    finished_at = models.DateTimeField("办结时间", null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    closed_at = models.DateTimeField("归档时间", null=True)

    due_at = models.DateTimeField("本阶段时限", null=True)
    due_from_at = models.DateTimeField("本阶段起算", null=True)
    due_amount = models.PositiveSmallIntegerField("本阶段限时", null=True)
    due_unit = models.CharField("本阶段限时单位", max_length=10, choices=unit_choices, blank=True)
    finish_by_at = models.DateTimeField("答复时限", null=True)
    finish_from_at = models.DateTimeField("答复起算", null=True)
    finish_amount = models.PositiveSmallIntegerField("答复限时", null=True)
    finish_unit = models.CharField("答复限时单位", max_length=10, choices=unit_choices, blank=True)
    extended_amount = models.PositiveSmallIntegerField("答复延长", null=True)
    extended_unit = models.CharField("答复延长单位", max_length=10, choices=unit_choices, blank=True)
    wake_at = models.DateTimeField("下次检查", null=True)
    wake_for = models.CharField("检查事由", max_length=10, choices=Wake, blank=True)
    heir_sought_at = models.DateTimeField(
        "接任未成时间", null=True, help_text="责任人已离任、又没有接任者时，隔一会儿再找"
    )
    missed_at = models.DateTimeField(
        "错过的答复时限", null=True, help_text="时限过后才延长的，原来的时限；按时率仍算超时"
    )
    was_late = models.BooleanField("曾超时", default=False)

    version = models.PositiveIntegerField("版本", default=0)
    event_count = models.PositiveIntegerField("记录数", default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False)
                | Q(holder__isnull=False, due_at__isnull=False, wake_at__isnull=False),
                name="open_case_has_holder_and_limit",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by=None) | Q(finished_at__isnull=False),
                name="finished_by_needs_finished_at",
            ),
        ]
        indexes = [
            models.Index(fields=["grid", "-opened_at"], name="case_by_grid"),
            models.Index(fields=["-opened_at"], name="case_newest"),
            models.Index(fields=["grid"], condition=Q(is_private=False), name="case_public_by_grid"),
            models.Index(fields=["holder", "due_at"], condition=Q(closed_at=None), name="case_in_hand"),
            models.Index(fields=["wake_at"], condition=Q(closed_at=None), name="case_to_wake"),
            models.Index(fields=["wake_at"], condition=Q(closed_at=None, wake_for=Wake.ROUTE), name="case_to_route"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_by_limit"),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="case_by_batch"),
        ]

    class PersonalData:
        personal = ("title", "finished_by")
        plain = (
            "id", "number", "kind", "state", "category", "urgency", "grid", "place", "is_private", "hides_asker",
            
            "holder", "is_designated", "is_supervised", "redo_count", "was_objected", "outcome", "batch", "opened_at",
            "dispatched_at", "signed_at", "finished_at", "closed_at", "due_at", "due_from_at", "due_amount",
            "due_unit", "finish_by_at", "finish_from_at", "finish_amount", "finish_unit", "extended_amount",
            "extended_unit", "wake_at", "wake_for", "heir_sought_at", "missed_at", "was_late", "version", "event_count",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.number])

    def refresh_from_db(self, *args: Any, **more: Any) -> None:
        """Also what is known of it (cases/engine/facts.py) is read again."""
        for name in KEPT_ON_ROW:
            self.__dict__.pop(name, None)
        super().refresh_from_db(*args, **more)

    @property
    def workflow(self) -> Workflow:
        return WORKFLOWS[self.kind]

    @property
    def state_now(self) -> State:
        return self.workflow.states[self.state]

    @property
    def state_label(self) -> str:
        return self.state_now.label

    @property
    def kind_label(self) -> str:
        return self.workflow.label

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def holder_words(self) -> str:
        """ "宜和社区网格长 李某". Loads holder, its person and grid."""
        return self.holder.words if self.holder else ""

    def is_late(self, at: datetime) -> bool:
        """Past the holder's limit; what the asker lets pass is not lateness."""
        return self.is_open and self.state_now.is_holders and bool(self.due_at and self.due_at < at)
