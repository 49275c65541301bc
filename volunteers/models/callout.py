"""应急动员: plans made in quiet times, and call-outs: who was called, what they answered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Grid
from volunteers.models.team import Team


class Hazard(models.TextChoices):
    FLOOD = "flood", "洪涝"
    TYPHOON = "typhoon", "台风"
    EPIDEMIC = "epidemic", "疫情"
    FIRE = "fire", "火灾"


class Plan(models.Model):
    name = models.CharField("名称", max_length=60, unique=True)
    hazard = models.CharField("灾种", max_length=10, choices=Hazard)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="call_out_plans", verbose_name="管辖网格")
    grids = models.ManyToManyField(Grid, related_name="+", verbose_name="涉及网格", help_text="含下级")
    teams = models.ManyToManyField(Team, related_name="+", verbose_name="动员队伍")
    words = models.CharField("通知内容", max_length=200)
    climb_minutes = models.PositiveSmallIntegerField("多久未应告知队长（分钟）", default=20, help_text="本平台建议值")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "动员预案"
        verbose_name_plural = "动员预案"

    class PersonalData:
        personal = ()
        plain = (
            "id",
            "name",
            "hazard",
            "grid",
            "words",
            "climb_minutes",
            "is_active",
        )

    def __str__(self) -> str:
        return self.name


class PlanTask(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="预案")
    title = models.CharField("任务", max_length=60, help_text="例如“转移低洼处群众”“巡查河道”“发放物资”")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="地点")
    wanted = models.PositiveSmallIntegerField("需要几人", default=2)
    hours = models.PositiveSmallIntegerField("预计几小时", default=4)

    class Meta:
        verbose_name = "预案任务"
        verbose_name_plural = "预案任务"
        constraints = [models.CheckConstraint(condition=Q(wanted__gt=0, hours__gt=0), name="plan_task_positive")]

    class PersonalData:
        personal = ()
        plain = ("id", "plan", "title", "grid", "wanted", "hours")

    def __str__(self) -> str:
        return f"{self.title}（{self.pk}）"


class CallOut(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="call_outs", verbose_name="预案")
    words = models.CharField("通知内容", max_length=200)
    is_drill = models.BooleanField("演练", default=False)
    called_at = models.DateTimeField("发出时间")
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    climb_at = models.DateTimeField("未应上报时间")
    climbed_at = models.DateTimeField("已告知队长", null=True)
    ended_at = models.DateTimeField("解除时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除人"
    )
    report = models.TextField("总结", blank=True)

    class Meta:
        verbose_name = "应急动员"
        verbose_name_plural = "应急动员"
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(ended_at=None), name="call_out_one_running_a_plan"),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "key", "plan", "words", "is_drill", "called_at", "called_by", "climb_at", "climbed_at", "ended_at",
            "ended_by", "report",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"应急动员 {self.pk}"

    @property
    def label(self) -> str:
        """What every message and page of it begins with, so that a drill is never taken for the real thing."""
        return "【演练】" if self.is_drill else "【应急动员】"


class Call(models.Model):
    """One member called; the last answer counts."""

    class Answer(models.TextChoices):
        NONE = "", "未应"
        YES = "yes", "能到"
        NO = "no", "不能"
        HERE = "here", "已到"

    call_out = models.ForeignKey(CallOut, models.CASCADE, related_name="calls", verbose_name="动员")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calls", verbose_name="队员")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name="队伍")
    answer = models.CharField("答复", max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "动员通知"
        verbose_name_plural = "动员通知"
        constraints = [models.UniqueConstraint(fields=["call_out", "person"], name="call_once_a_person")]

    class PersonalData:
        personal = ("person", "answer")
        plain = ("id", "call_out", "team", "answered_at")

    def __str__(self) -> str:
        return f"动员通知 {self.pk}"
