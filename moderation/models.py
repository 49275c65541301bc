"""Whether a text may be shown to everybody. A row each, made with the text and never holding it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from gateways.wechat.client import LABELS


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def undecided(self) -> "ClearanceQuerySet":
        return self.filter(state__in=Clearance.UNDECIDED)

    def for_people(self, *, before: datetime) -> "ClearanceQuerySet":
        """What a person has to look at, and what came before that moment and still has no answer."""
        late = Q(state=Clearance.State.WAITING, submitted_at__lt=before)
        return self.filter(late | Q(state=Clearance.State.REVIEW))


class Clearance(models.Model):
    """Whatever is shown to everybody asks `is_public`; nothing is public that has no row."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待检查"
        REVIEW = "review", "等待人工核对"
        PUBLIC = "public", "公开"
        WITHHELD = "withheld", "不公开"

    class Verdict(models.TextChoices):
        """As WeChat says it."""

        PASS = "pass", "可以公开"
        REVIEW = "review", "建议人工核对"
        RISKY = "risky", "有风险"

    UNDECIDED = (State.WAITING, State.REVIEW)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField("内容种类", max_length=20)
    digest = models.CharField(
        "内容摘要", max_length=64, blank=True, db_index=True, help_text="带密钥，同样的话只查一次"
    )
    state = models.CharField("状态", max_length=10, choices=State)
    verdict = models.CharField("微信的意见", max_length=10, choices=Verdict, blank=True)
    label = models.CharField("微信的归类", max_length=10, choices=list(LABELS.items()), blank=True)
    fault = models.CharField("为什么要人核对", max_length=100, blank=True)
    submitted_at = models.DateTimeField("写下时间")
    due_at = models.DateTimeField("应检查时间")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="核对人",
        help_text="由微信检查通过的，空",
    )
    reason = models.CharField("不公开的原因", max_length=100, blank=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = "公开前核对"
        verbose_name_plural = "公开前核对"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "review"), decided_at=None)
                | Q(state__in=("public", "withheld"), decided_at__isnull=False),
                name="clearance_decided_once_public_or_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"], condition=Q(state__in=("waiting", "review")), name="clearance_undecided"
            )
        ]

    class PersonalData:
        personal = ("digest", "verdict", "label", "decided_by", "reason")
        plain = (
            "id", "key", "subject", "state", "fault", "submitted_at", "due_at", "leased_until", "tries", "decided_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"公开前核对 {self.pk}"

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    @property
    def words_instead(self) -> str:
        """What everybody reads in the place of the words; "" where these are shown."""
        if self.is_public:
            return ""
        if self.is_undecided:
            return "内容正在核对，核对后公开。"
        return f"内容没有公开：{self.reason}" if self.reason else "内容没有公开。"

    @property
    def why(self) -> str:
        """Why a person has to look at it."""
        if self.verdict:
            label = f"，归为“{self.get_label_display()}”" if self.label else ""
            return f"微信{self.get_verdict_display()}{label}"
        return self.fault
