"""A review: one set, one period, one street. Drafted, scored, frozen with everything it was computed from, closed."""

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dashboards.figures.periods import Period
from dashboards.models.assessment import Indicator, IndicatorSet, ScorerRole
from grids.models import Grid, Territory
from photos.storing import private_path


class Review(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "准备中"
        SCORING = "scoring", "打分中"
        FROZEN = "frozen", "得分已核定"
        CLOSED = "closed", "已公布"

    class Span(models.TextChoices):
        QUARTER = "quarter", "季度"
        YEAR = "year", "年度"

    key = models.UUIDField("标识", default=uuid.uuid4, unique=True)
    of = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="reviews", verbose_name="指标体系")
    street = models.ForeignKey(Grid, models.PROTECT, related_name="reviews", verbose_name="街道")
    span = models.CharField("考核期", max_length=10, choices=Span)
    first = models.DateField("考核期第一天")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    made_at = models.DateTimeField("发起时间")
    opened_at = models.DateTimeField("开始打分时间", null=True)
    frozen_at = models.DateTimeField("核定时间", null=True)
    appeals_until = models.DateTimeField("申诉截止", null=True)
    closed_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        verbose_name = "考核"
        verbose_name_plural = "考核"
        constraints = [
            models.UniqueConstraint(fields=["of", "street", "span", "first"], name="review_once_a_period"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at=None, frozen_at=None, closed_at=None)
                | Q(state="scoring", opened_at__isnull=False, frozen_at=None, closed_at=None)
                | Q(state="frozen", frozen_at__isnull=False, appeals_until__isnull=False, closed_at=None)
                | Q(state="closed", frozen_at__isnull=False, closed_at__isnull=False),
                name="review_dated_as_it_stands",
            ),
        ]

    class PersonalData:
        personal = ("made_by",)
        plain = (
            "id", "key", "of", "street", "span", "first", "state", "made_at", "opened_at", "frozen_at",
            "appeals_until", "closed_at", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.of.name} {self.period.words}"

    @property
    def period(self) -> Period:
        return Period(self.span, date(self.first.year, self.first.month, self.first.day))

    @property
    def is_scored(self) -> bool:
        """Whether its points stand."""
        return self.state in {Review.State.FROZEN, Review.State.CLOSED}


class Assessed(models.Model):
    """One node of a review; what it came to is written at freezing, and again when an appeal is accepted."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="assessed", verbose_name="考核")
    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="assessments", verbose_name="网格", help_text="片区为它挂钩的社区"
    )
    area = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="assessments", verbose_name="片区")
    name = models.CharField("名称", max_length=130)
    first_total = models.DecimalField("核定时总分", max_digits=6, decimal_places=2, null=True)
    first_rank = models.PositiveIntegerField("核定时名次", null=True)
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, null=True)
    rank = models.PositiveIntegerField("名次", null=True)

    class Meta:
        verbose_name = "考核对象"
        verbose_name_plural = "考核对象"
        constraints = [
            models.UniqueConstraint(fields=["review", "grid", "area"], nulls_distinct=False, name="assessed_once")
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "review", "grid", "area", "name", "first_total", "first_rank", "total", "rank")

    def __str__(self) -> str:
        return self.name


class Scorer(models.Model):
    """Who was asked to score, or to look on where no indicator is theirs to score (业委会, 群众代表); needs no post."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scorers", verbose_name="考核")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评委")
    role = models.CharField("身份", max_length=10, choices=ScorerRole)
    home = models.ForeignKey(
        Grid, models.PROTECT, null=True, related_name="+", verbose_name="自己的地方", help_text="不给自己的地方打分"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="邀请人"
    )
    invited_at = models.DateTimeField("邀请时间")
    present_at = models.DateTimeField("到场登记时间", null=True)

    class Meta:
        verbose_name = "评委"
        verbose_name_plural = "评委"
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="scorer_once")]

    class PersonalData:
        personal = ("person", "home", "invited_by")
        plain = ("id", "review", "role", "invited_at", "present_at")

    def __str__(self) -> str:
        return f"评委 {self.pk}"


class Score(models.Model):
    """What one scorer gave one node for one indicator. Changed, the earlier one stays as it was: the trace."""

    scorer = models.ForeignKey(Scorer, models.CASCADE, related_name="scores", verbose_name="评委")
    assessed = models.ForeignKey(Assessed, models.CASCADE, related_name="scores", verbose_name="考核对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="scores", verbose_name="指标")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2)
    words = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("打分时间")
    replaced_at = models.DateTimeField("改分时间", null=True)

    class Meta:
        verbose_name = "打分"
        verbose_name_plural = "打分"
        constraints = [
            models.UniqueConstraint(
                fields=["scorer", "assessed", "indicator"], condition=Q(replaced_at=None), name="score_stands_once"
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_below_nothing"),
        ]

    class PersonalData:
        personal = ("words",)
        plain = ("id", "scorer", "assessed", "indicator", "points", "at", "replaced_at")

    def __str__(self) -> str:
        return f"打分 {self.pk}"


class Evidence(models.Model):
    """A photo taken while scoring: cleaned by photos/cleaning.py, served only through a view that asks who may see it."""

    scorer = models.ForeignKey(Scorer, models.CASCADE, related_name="evidence", verbose_name="评委")
    assessed = models.ForeignKey(Assessed, models.CASCADE, related_name="evidence", verbose_name="考核对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="指标")
    file = models.FileField("照片", upload_to=private_path)
    sha256 = models.CharField("校验值", max_length=64)
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "考核佐证"
        verbose_name_plural = "考核佐证"
        constraints = [
            models.UniqueConstraint(fields=["scorer", "assessed", "indicator", "sha256"], name="evidence_once")
        ]

    class PersonalData:
        personal = ("file",)
        plain = ("id", "scorer", "assessed", "indicator", "sha256", "added_at")

    def __str__(self) -> str:
        return f"考核佐证 {self.pk}"


class Outcome(models.Model):
    """One indicator of one node as it was frozen: its words, its inputs, its points. Written once; an accepted appeal
    writes beside them, never over them."""

    assessed = models.ForeignKey(Assessed, models.CASCADE, related_name="outcomes", verbose_name="考核对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="指标")
    label = models.CharField("名称", max_length=40)
    means = models.TextField("口径")
    formula = models.CharField("算法", max_length=200)
    weight = models.DecimalField("分值", max_digits=5, decimal_places=2)
    is_bonus = models.BooleanField("加分项")
    part = models.BigIntegerField("分子", null=True)
    whole = models.BigIntegerField("分母", null=True)
    value = models.DecimalField("数值", max_digits=12, decimal_places=2, null=True)
    given = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2), verbose_name="各评委打分", default=list, blank=True
    )
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    left_out = models.CharField("不计分的原因", max_length=100, blank=True)
    corrected = models.DecimalField("更正后得分", max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = "考核得分"
        verbose_name_plural = "考核得分"
        constraints = [
            models.UniqueConstraint(fields=["assessed", "indicator"], name="outcome_once"),
            models.CheckConstraint(
                condition=Q(points=None) & ~Q(left_out="") | Q(points__gte=0, points__lte=F("weight"), left_out=""),
                name="outcome_points_or_why_not",
            ),
            models.CheckConstraint(
                condition=Q(corrected=None) | Q(corrected__gte=0, corrected__lte=F("weight")),
                name="outcome_corrected_within_weight",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "assessed", "indicator", "label", "means", "formula", "weight", "is_bonus", "part", "whole", "value",
            "given", "points", "left_out", "corrected",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def stands(self) -> Decimal | None:
        """The points that count today."""
        return self.points if self.corrected is None else self.corrected


class Appeal(models.Model):
    """申诉 against one indicator by whoever leads the node, and what the street said to it."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="appeals", verbose_name="考核得分")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申诉人")
    words = models.CharField("申诉理由", max_length=500)
    at = models.DateTimeField("申诉时间")
    is_accepted = models.BooleanField("采纳", null=True)
    points = models.DecimalField("改为", max_digits=5, decimal_places=2, null=True)
    reason = models.CharField("答复", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "考核申诉"
        verbose_name_plural = "考核申诉"
        constraints = [
            models.UniqueConstraint(fields=["outcome"], name="appeal_once_an_indicator"),
            models.CheckConstraint(
                condition=Q(is_accepted=None, decided_at=None, points=None, reason="")
                | Q(is_accepted=True, decided_at__isnull=False, points__isnull=False) & ~Q(reason="")
                | Q(is_accepted=False, decided_at__isnull=False, points=None) & ~Q(reason=""),
                name="appeal_decided_with_a_reason",
            ),
        ]

    class PersonalData:
        personal = ("by", "words", "decided_by")
        plain = ("id", "outcome", "at", "is_accepted", "points", "reason", "decided_at")

    def __str__(self) -> str:
        return f"考核申诉 {self.pk}"
