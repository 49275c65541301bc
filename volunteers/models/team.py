"""Teams and who is in them, from–until. Joining and leaving are the volunteer's own acts; history is kept."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grids.models import Grid, Unit
from volunteers.models.querysets import TeamMemberQuerySet, TeamQuerySet


class Team(models.Model):
    class Kind(models.TextChoices):
        STEWARD = "steward", "小区管家队"
        SOCIETY = "society", "社会组织队"
        SUPPORT = "support", "支援队"

    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name="所属单位")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="teams", verbose_name="服务范围")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="led_teams", verbose_name="队长"
    )
    founded_at = models.DateTimeField("成立时间")
    ended_at = models.DateTimeField("解散时间", null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = "队伍"
        verbose_name_plural = "队伍"

    class PersonalData:
        personal = ("leader",)
        plain = (
            "id",
            "name",
            "kind",
            "unit",
            "grid",
            "founded_at",
            "ended_at",
        )

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="members", verbose_name="队伍")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="team_memberships", verbose_name="队员"
    )
    from_at = models.DateTimeField("加入时间")
    until_at = models.DateTimeField("退出时间", null=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "队员"
        verbose_name_plural = "队员"
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], condition=Q(until_at=None), name="team_member_once"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="team_member_until_after_from"
            ),
        ]

    class PersonalData:
        personal = ("person",)
        plain = ("id", "team", "from_at", "until_at")

    def __str__(self) -> str:
        return f"队员 {self.pk}"
