"""What an assessment goes by: sets of indicators with weights. A set belongs to the county or to one street; once a review
was opened on it nothing in it changes, and what should be different is a new version."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from grids.models import Grid, Level


class Ranked(models.TextChoices):
    """What is put in order."""

    AREA = "area", "片区"
    COMMUNITY = "community", "社区"
    ESTATE = "estate", "小区"

    @property
    def level(self) -> Level:
        """Of the node its figures are read at: of a 片区, the community it is linked to."""
        return Level.ESTATE if self == Ranked.ESTATE else Level.COMMUNITY


class ScorerRole(models.TextChoices):
    PEER = "peer", "互评"
    RESIDENT = "resident", "群众代表"
    OWNERS = "owners", "业委会"
    STREET = "street", "街道"


class IndicatorSet(models.Model):
    name = models.CharField("名称", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    street = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="街道", help_text="空为全县通用"
    )
    ranked = models.CharField("给谁排名", max_length=10, choices=Ranked)
    trim_from = models.PositiveSmallIntegerField(
        "几人起去掉最高最低分", default=5, help_text="评委少于这个数时，直接取平均"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="制定人"
    )
    made_at = models.DateTimeField("制定时间")

    class Meta:
        verbose_name = "指标体系"
        verbose_name_plural = "指标体系"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "street", "version"], nulls_distinct=False, name="indicator_set_version_once"
            )
        ]

    class PersonalData:
        personal = ("made_by",)
        plain = ("id", "name", "version", "street", "ranked", "trim_from", "made_at")

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"


class Indicator(models.Model):
    class Source(models.TextChoices):
        SHARE = "share", "比率"
        MEASURE = "measure", "数量"
        HAND = "hand", "现场打分"

    of = models.ForeignKey(IndicatorSet, models.CASCADE, related_name="indicators", verbose_name="指标体系")
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("名称", max_length=40)
    source = models.CharField("计分方式", max_length=10, choices=Source)
    code = models.CharField("统计指标", max_length=20, blank=True)
    per = models.CharField(
        "除以", max_length=20, blank=True, help_text="数量指标可以除以现有的网格数等，大小不同的地方才好比"
    )
    weight = models.DecimalField("分值", max_digits=5, decimal_places=2)
    is_bonus = models.BooleanField("加分项", default=False)
    floor = models.DecimalField("零分线", max_digits=9, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("满分线", max_digits=9, decimal_places=2, null=True, blank=True)
    words = models.CharField("看什么", max_length=300, blank=True)
    evidence = models.CharField("要什么佐证", max_length=200, blank=True)
    scorers = ArrayField(
        models.CharField(max_length=10, choices=ScorerRole), verbose_name="谁来打分", default=list, blank=True
    )

    class Meta:
        verbose_name = "考核指标"
        verbose_name_plural = "考核指标"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "number"], name="indicator_number_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="indicator_weighs_something"),
            models.CheckConstraint(
                condition=Q(source="hand", code="", floor=None, target=None) & ~Q(scorers=[])
                | Q(source__in=("share", "measure"), scorers=[], floor__isnull=False, target__isnull=False)
                & ~Q(code="")
                & ~Q(floor=F("target")),
                name="indicator_computed_or_by_hand",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "of", "number", "label", "source", "code", "per", "weight", "is_bonus", "floor", "target", "words",
            "evidence", "scorers",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def is_by_hand(self) -> bool:
        return self.source == Indicator.Source.HAND

    @property
    def scorer_words(self) -> str:
        return "、".join(ScorerRole(role).label for role in self.scorers)
