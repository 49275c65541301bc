"""Two ledgers, both append-only (a trigger, migration 0002): hours are the legal record, points the incentive. A balance
is the sum of its entries and stands nowhere; what was wrong is put right by a counter-entry."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Case, Category
from grids.models import Grid


class HoursEntry(models.Model):
    """Whole hours of service (民政部令 67), travel not counted. Published first, they count from `counts_at`."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hours_entries", verbose_name="志愿者"
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="hours_entries", verbose_name="服务")
    hours = models.SmallIntegerField("小时")
    minutes = models.PositiveSmallIntegerField("服务分钟", null=True, help_text="约定的时间以内")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name="更正哪一条"
    )
    reason = models.CharField("更正原因", max_length=200, blank=True)
    noted_at = models.DateTimeField("记录时间")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    counts_at = models.DateTimeField("公示期满")
    key = models.CharField("去重键", max_length=80, unique=True)

    class Meta:
        verbose_name = "服务时数"
        verbose_name_plural = "服务时数"
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None, hours__gte=0)
                | Q(corrects__isnull=False, noted_by__isnull=False) & ~Q(reason=""),
                name="hours_corrected_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "counts_at"], name="hours_by_person")]

    class PersonalData:
        personal = ("person", "hours", "minutes", "reason")
        plain = ("id", "case", "corrects", "noted_at", "noted_by", "counts_at", "key")

    def __str__(self) -> str:
        return f"时数 {self.pk}"


class PointRule(models.Model):
    """So many points for this, from that day. A change is a new row with a later day; what was awarded stays."""

    class What(models.TextChoices):
        SERVICE = "service", "完成一次服务"
        HOUR = "hour", "每服务满一小时"
        PRAISE = "praise", "受助人非常满意"

    what = models.CharField("项目", max_length=10, choices=What)
    points = models.PositiveSmallIntegerField("积分")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="服务分类",
        help_text="含下级；不选为全部",
    )
    least_minutes = models.PositiveSmallIntegerField(
        "至少服务几分钟", default=15, help_text="不到的不计这一项；约定的时间更短的，做满约定的时间即可。本平台建议值"
    )
    from_date = models.DateField("生效日期")
    words = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "积分规则"
        verbose_name_plural = "积分规则"
        constraints = [
            models.UniqueConstraint(
                fields=["what", "category", "from_date"], nulls_distinct=False, name="point_rule_once_a_day"
            )
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "what", "points", "category", "least_minutes", "from_date", "words")

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.points} 分（{self.pk}）"


class PointsExpiry(models.Model):
    """Whether and when points lapse, from that day. A change is a new row with a later day, published ahead of it."""

    from_date = models.DateField("生效日期", unique=True)
    years = models.PositiveSmallIntegerField(
        "得到积分的那年之后再保留几年", null=True, blank=True, help_text="0 为当年年底到期；不填为长期有效"
    )
    words = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "积分有效期"
        verbose_name_plural = "积分有效期"

    class PersonalData:
        personal = ()
        plain = ("id", "from_date", "years", "words")

    def __str__(self) -> str:
        return f"积分有效期 {self.pk}"

    @property
    def says(self) -> str:
        """As people read it."""
        if self.years is None:
            return "积分长期有效"
        return f"积分保留到{('当年', '次年')[self.years] if self.years < 2 else f'之后第 {self.years} 年'}年底，到期清零，先得的先用"


class Reward(models.Model):
    """What points are exchanged for, at a place. Nothing that is money or like it."""

    name = models.CharField("名称", max_length=60)
    points = models.PositiveIntegerField("所需积分")
    stocked = models.PositiveIntegerField("投放数量", help_text="累计投放；还剩多少由兑换记录算出")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="rewards", verbose_name="兑换点所在网格")
    place = models.CharField("兑换点", max_length=100)
    is_active = models.BooleanField("上架", default=True)

    class Meta:
        verbose_name = "兑换物品"
        verbose_name_plural = "兑换物品"
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="reward_costs_something")]

    class PersonalData:
        personal = ()
        plain = (
            "id",
            "name",
            "points",
            "stocked",
            "grid",
            "place",
            "is_active",
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.pk}）"


class Redemption(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "待领取"
        HANDED = "handed", "已领取"
        CANCELLED = "cancelled", "已取消"

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions", verbose_name="物品")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="redemptions", verbose_name="志愿者"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    code = models.CharField("领取码", max_length=6)
    redeemed_at = models.DateTimeField("兑换时间")
    ended_at = models.DateTimeField("领取或取消时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )

    class Meta:
        verbose_name = "积分兑换"
        verbose_name_plural = "积分兑换"

    class PersonalData:
        personal = ("person",)
        plain = ("id", "reward", "state", "code", "redeemed_at", "ended_at", "ended_by")

    def __str__(self) -> str:
        return f"兑换 {self.pk}"


class PointsEntry(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="points_entries", verbose_name="志愿者"
    )
    points = models.IntegerField("积分")
    words = models.CharField("事由", max_length=100)
    rule = models.ForeignKey(PointRule, models.PROTECT, null=True, related_name="+", verbose_name="规则")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="points_entries", verbose_name="服务")
    redemption = models.ForeignKey(
        Redemption, models.PROTECT, null=True, related_name="points_entries", verbose_name="兑换"
    )
    expiry = models.ForeignKey(
        PointsExpiry, models.PROTECT, null=True, related_name="+", verbose_name="因哪条有效期规则到期"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name="更正哪一条"
    )
    noted_at = models.DateTimeField("记录时间")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )
    key = models.CharField("去重键", max_length=80, unique=True)

    class Meta:
        verbose_name = "积分记录"
        verbose_name_plural = "积分记录"
        indexes = [models.Index(fields=["person", "-noted_at"], name="points_by_person")]

    class PersonalData:
        personal = ("person", "points", "words")
        plain = ("id", "rule", "case", "redemption", "expiry", "corrects", "noted_at", "noted_by", "key")

    def __str__(self) -> str:
        return f"积分 {self.pk}"
