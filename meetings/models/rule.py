"""表决规则: by which law a body decides, how many must take part and agree, how long before it is told. Laws are revised, so
these are rows that staff keep; a vote keeps those it was announced under."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.timezone import get_current_timezone, localdate

from grids.models import Grid, Level
from meetings.votes.quorum import APPROVALS, SHARES, Basis, Rule

MOST_DAYS = 180


class Terms(models.Model):
    """What a vote is held under: of a rule as it is now, of a vote as it was when it was announced."""

    basis: "models.CharField[str, str]"
    """Whoever is held to them says which: VoteRule, Vote."""
    body_name = models.CharField("由谁决定", max_length=20)
    law = models.CharField("法律", max_length=40)
    edition = models.CharField("版本", max_length=30, blank=True, help_text="例如“2025年修订”")
    article = models.CharField("条", max_length=20, blank=True, help_text="例如“第九条”；条文未核实的不要填写")
    is_checked = models.BooleanField(
        "已核对", default=False, help_text="已与现行法律条文核对；未核对的，页面注明“待核对”"
    )
    turnout = models.CharField(
        "多少参加",
        max_length=15,
        choices=[(code, share.words) for code, share in SHARES.items()],
        help_text="占名册的份额；业主按人数和面积都要达到",
    )
    approval = models.CharField(
        "多少同意",
        max_length=15,
        choices=[(code, SHARES[code].words) for code in APPROVALS],
        help_text="占参加表决的份额",
    )
    notice_days = models.PositiveSmallIntegerField(
        "公告期（天）", validators=[MaxValueValidator(MOST_DAYS)], help_text="公告满这些天才能开始投票；0 为不要求"
    )
    least_days = models.PositiveSmallIntegerField(
        "最短投票时长（天）",
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text="本平台建议值：居民 1 天，业主 7 天；0 为至少一小时",
    )
    notice_source = models.CharField("公告期的依据", max_length=60, blank=True)

    class Meta:
        abstract = True

    TERMS = (
        "body_name", "law", "edition", "article", "is_checked", "turnout", "approval", "notice_days", "least_days",
        "notice_source",
    )  # fmt: skip

    @property
    def terms(self) -> dict[str, Any]:
        """As they are now, for whoever is held to them."""
        return {name: getattr(self, name) for name in self.TERMS}

    @property
    def rule(self) -> Rule:
        return Rule(SHARES[self.turnout], SHARES[self.approval], by_area=self.basis == Basis.OWNERS)

    @property
    def words(self) -> str:
        """ "超过半数参加、参加的超过半数同意为通过"."""
        enough = f"{self.rule.turnout.words}参加、参加的{self.rule.approval.words}同意为通过"
        return f"{enough}，人数和面积都要达到" if self.rule.by_area else enough

    @property
    def times_words(self) -> str:
        """ "公告满 15 天才能开始，至少投 7 天"."""
        notice = f"公告满 {self.notice_days} 天才能开始，" if self.notice_days else ""
        return f"{notice}至少投 {f'{self.least_days} 天' if self.least_days else '一个小时'}"

    @property
    def source(self) -> str:
        """ "民法典（2020年通过）第二百七十八条"."""
        edition = f"（{self.edition}）" if self.edition else ""
        return f"{self.law}{edition}{self.article}{'' if self.is_checked else '，待核对'}"

    def opens_from(self, told_at: datetime) -> datetime:
        """The first moment at which a vote that was made known then may open: the day itself does not count, and the last
        day of the notice is over at midnight (民法典 201–203)."""
        if not self.notice_days:
            return told_at
        day = localdate(told_at) + timedelta(days=self.notice_days + 1)
        return datetime.combine(day, time(0), get_current_timezone())


class VoteRule(Terms):
    """How one way of voting goes now. There is one row of each for the county; a street may keep one of its own, which then
    holds there. Staff change it, or switch it off."""

    street = models.ForeignKey(
        Grid,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"level": Level.STREET},
        verbose_name="街道",
        help_text="不选的全县通用；街道自己的，在本街道代替全县的",
    )
    basis = models.CharField("谁来表决", max_length=15, choices=[(basis.value, basis.label) for basis in Basis])
    is_special = models.BooleanField("特别事项", default=False)
    is_active = models.BooleanField("启用", default=True, help_text="停用后不能再这样发起表决，已公告的不受影响")

    class Meta:
        verbose_name = "表决规则"
        verbose_name_plural = "表决规则"
        constraints = [
            models.UniqueConstraint(
                fields=["basis", "is_special", "street"],
                nulls_distinct=False,
                name="vote_rule_once",
                violation_error_message="这一种表决在这里已经有规则，请修改那一条。",
            )
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "street", "basis", "is_special", "is_active", *Terms.TERMS)

    def __str__(self) -> str:
        where = f"{self.street.name}：" if self.street else ""
        return f"{where}{self.get_basis_display()}{'（特别事项）' if self.is_special else ''}"
