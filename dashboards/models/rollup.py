"""Figures that are kept, not counted when looked at. Written by dashboards/figures/counting.py only.

  Mark      something has changed: count it anew. Written by triggers (migration 0002), so that nothing that writes can
            forget it, whether a service, a bulk update, a seed or the admin
  Counted   one thing (a case, a team, a place …) as it was counted last, and where
  Tally     one measure that it counts for, on a day: the list behind a figure
  Rollup    what a node and all below it come to on a day or in a month, of one kind, measure by measure: the figures

A rollup is always the sum of tallies, for both are written in one transaction. So a figure and its list agree whenever one
looks, even if a mark still waits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dashboards.models.querysets import RollupQuerySet, TallyQuerySet
from grids.models import Grid


class Mark(models.Model):
    source = models.CharField("来源", max_length=20)
    thing = models.BigIntegerField("编号")

    class Meta:
        verbose_name = "待统计"
        verbose_name_plural = "待统计"

    class PersonalData:
        personal = ()
        plain = ("id", "source", "thing")

    def __str__(self) -> str:
        return f"{self.source} {self.thing}"


class Counted(models.Model):
    source = models.CharField("来源", max_length=20)
    thing = models.BigIntegerField("编号")
    kind = models.CharField("类型", max_length=30, blank=True)
    # Things and nodes may be gone before we hear of it; then their tallies go when the mark is worked off.
    grid = models.ForeignKey(Grid, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="所在网格")
    path = ArrayField(models.BigIntegerField(), verbose_name="计入的网格", help_text="所在网格和它的各级上级")
    look_again_at = models.DateTimeField(
        "何时再看", null=True, help_text="到那时不经操作也会变：过时限、公示期满、卸任"
    )

    class Meta:
        verbose_name = "已统计"
        verbose_name_plural = "已统计"
        constraints = [models.UniqueConstraint(fields=["source", "thing"], name="counted_once")]
        indexes = [
            models.Index(fields=["look_again_at"], condition=Q(look_again_at__isnull=False), name="counted_to_look"),
            models.Index(fields=["grid"], name="counted_by_grid"),
        ]

    class PersonalData:
        # Members are counted by person; what is kept of them is where, and that they are one.
        personal = ("thing",)
        plain = ("id", "source", "kind", "grid", "path", "look_again_at")

    def __str__(self) -> str:
        return f"{self.source} {self.thing}"


class Tally(models.Model):
    counted = models.ForeignKey(Counted, models.CASCADE, related_name="tallies", verbose_name="已统计")
    measure = models.CharField("指标", max_length=20)
    kind = models.CharField("类型", max_length=30, blank=True)
    grid = models.ForeignKey(
        Grid, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name="所在网格"
    )
    day = models.DateField("日期", null=True, help_text="现有多少的指标没有日期")
    amount = models.IntegerField("数量")

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = "计数"
        verbose_name_plural = "计数"
        indexes = [
            models.Index(fields=["measure", "grid", "day"], name="tally_behind"),
            models.Index(fields=["measure", "-day", "-id"], name="tally_newest"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "counted", "measure", "kind", "grid", "day", "amount")

    def __str__(self) -> str:
        return f"{self.measure} {self.amount}"


class Span(models.TextChoices):
    DAY = "d", "日"
    MONTH = "m", "月"
    NOW = "n", "现有"


class Rollup(models.Model):
    node = models.ForeignKey(
        Grid,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name="网格",
        help_text="空为全县",
    )
    span = models.CharField("跨度", max_length=1, choices=Span)
    day = models.DateField("日期", help_text="月为当月一日；现有多少的指标为固定日期")
    kind = models.CharField("类型", max_length=30, blank=True)
    amounts = models.JSONField("各指标的数量", help_text="指标 -> 数量，没有的不写")

    objects = RollupQuerySet.as_manager()

    class Meta:
        verbose_name = "汇总"
        verbose_name_plural = "汇总"
        constraints = [
            models.UniqueConstraint(fields=["node", "span", "day", "kind"], nulls_distinct=False, name="rollup_once"),
        ]
        indexes = [models.Index(fields=["span"], condition=Q(amounts={}), name="rollup_of_nothing")]

    class PersonalData:
        personal = ()
        plain = ("id", "node", "span", "day", "kind", "amounts")

    def __str__(self) -> str:
        return f"{self.node_id} {self.day} {self.kind}"
