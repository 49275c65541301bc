"""网格+警格: how many of whom a community should have, when who is on duty together, and what the police tell people there.
Who is on the roster follows from posts (grids.models.Post)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grids.models.grid import Grid
from grids.models.post import Post
from grids.roles import ROLES


def roster_choices() -> list[tuple[str, str]]:
    return [(code, ROLES[code].label) for code in ROSTER_ROLES]


ROSTER_ROLES = (
    "police_officer",
    "police_auxiliary",
    "patrol",
    "informant",
    "guard",
    "safety_volunteer",
)
"""Whom the roster of a community lists; with them the 楼栋长 of its 五长 tree."""


class StaffingNorm(models.Model):
    """How many of a role each community should have, where staff changed it from grids.police.staffing.NORM."""

    role = models.CharField("岗位", max_length=30, unique=True, choices=roster_choices)
    number = models.PositiveSmallIntegerField("每社区人数", help_text="0 为不限：计入 N")

    class Meta:
        verbose_name = "警格配备标准"
        verbose_name_plural = "警格配备标准"

    class PersonalData:
        personal = ()
        plain = ("id", "role", "number")

    def __str__(self) -> str:
        return f"{ROLES[self.role].label} {self.number} 名"


class Shift(models.Model):
    """联勤值班: people of grid and police on duty together."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="shifts", verbose_name="社区")
    posts = models.ManyToManyField(Post, related_name="shifts", verbose_name="值班人员")
    begins_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    note = models.CharField("地点或安排", max_length=100, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="安排人")

    class Meta:
        verbose_name = "联勤值班"
        verbose_name_plural = "联勤值班"
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_ends_after_begin")]
        indexes = [models.Index(fields=["grid", "begins_at"], name="shift_of_community")]

    class PersonalData:
        personal = ("planned_by",)
        plain = ("id", "grid", "begins_at", "ends_at", "note")

    def __str__(self) -> str:
        return f"联勤值班 {self.pk}"


class DutyFeed(models.Model):
    """A person's own link to a community's duty calendar. Whoever has it reads the calendar without signing in, as long as
    its person may and has not taken it back."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="社区")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="人员")
    token = models.CharField("链接码", max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "值班日历链接"
        verbose_name_plural = "值班日历链接"
        constraints = [
            models.UniqueConstraint(fields=["grid", "person"], condition=Q(revoked_at=None), name="duty_feed_once")
        ]

    class PersonalData:
        personal = ("person", "token")
        plain = ("id", "grid", "made_at", "revoked_at")

    def __str__(self) -> str:
        return f"值班日历链接 {self.pk}"


class SafetyNotice(models.Model):
    """安全提示: what the police tell everybody who lives in an area."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="safety_notices", verbose_name="范围")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="发布岗位")
    title = models.CharField("标题", max_length=60)
    words = models.TextField("内容", max_length=1000)
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = "安全提示"
        verbose_name_plural = "安全提示"
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="safety_notice_until_after_from")
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "grid", "post", "title", "words", "from_at", "until_at", "withdrawn_at")

    def __str__(self) -> str:
        return self.title
