"""议题: what neighbours want to settle together, from a proposal to what came of it. What a topic has beyond a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models import Case
from grids.models import Level
from meetings.votes.quorum import Body
from moderation.models import Clearance


class Matter(models.Model):
    """事项: what may be decided, and by whom. Staff edit the list; the law's own are there from the start."""

    name = models.CharField("事项", max_length=40, unique=True)
    body = models.CharField("由谁决定", max_length=10, choices=[(body.value, body.label) for body in Body])
    is_special = models.BooleanField("特别事项", default=False, help_text="业主要按更高比例同意的，比例见“表决规则”")
    is_covenant = models.BooleanField("订立公约", default=False)
    law = models.CharField("依据", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "议事事项"
        verbose_name_plural = "议事事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_special=False) | Q(body="owners"), name="special_matter_is_the_owners"
            )
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "name", "body", "is_special", "is_covenant", "law", "order", "is_active")

    def __str__(self) -> str:
        return self.name

    def refusal(self, level: int) -> str:
        """Why this is not decided at a node of that level; "" when it is.

        Owners decide for their 小区, the residents' meeting for its community."""
        if self.body == Body.OWNERS and level != Level.ESTATE:
            return f"“{self.name}”由业主共同决定，要在小区提出；这里不是小区。"
        if self.body == Body.RESIDENTS and level != Level.COMMUNITY:
            return f"“{self.name}”由居民会议决定，要在社区提出；这里不是社区。"
        return ""


class Topic(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="topic", verbose_name="事项")
    words = models.TextField("为什么提、想怎么办")
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="哪一类事项"
    )
    agreed = models.TextField("形成的决定", blank=True)
    cosign_needed = models.PositiveSmallIntegerField("要几人联署")
    submit_key = models.CharField("防重复提交", max_length=80, unique=True)
    clearance = models.OneToOneField(
        Clearance, models.PROTECT, related_name="topic", verbose_name="公开前核对", help_text="标题和内容核对后公开"
    )

    class Meta:
        verbose_name = "议题"
        verbose_name_plural = "议题"

    class PersonalData:
        personal = ("submit_key", "words")
        plain = ("case", "matter", "agreed", "cosign_needed", "clearance")

    def __str__(self) -> str:
        return f"议题 {self.pk}"

    def get_absolute_url(self) -> str:
        """Loads the case."""
        return reverse("meetings:topic", args=[self.case.number])

    @property
    def public_title(self) -> str:
        """As everybody may read it. Loads the case and the clearance."""
        return self.case.title if self.clearance.is_public else f"{self.case.place}的议题"


class Cosign(models.Model):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="cosigns", verbose_name="议题")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="topic_cosigns",
        verbose_name="联署人",
        help_text="注销以后为空，联署仍计数",
    )
    is_counted = models.BooleanField("计入", help_text="联署那天户册上住在这里或在这里有房")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "联署"
        verbose_name_plural = "联署"
        constraints = [models.UniqueConstraint(fields=["topic", "person"], name="cosigned_once")]

    class PersonalData:
        personal = ("person", "is_counted", "at")
        plain = ("id", "topic")

    def __str__(self) -> str:
        return f"联署 {self.pk}"


class TopicTask(models.Model):
    """What follows from a topic: a case with a holder and a limit."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="tasks", verbose_name="议题")
    case = models.OneToOneField(Case, models.PROTECT, related_name="from_topic", verbose_name="交办事项")

    class Meta:
        verbose_name = "议题的落实事项"
        verbose_name_plural = "议题的落实事项"

    class PersonalData:
        personal = ()
        plain = ("id", "topic", "case")

    def __str__(self) -> str:
        return f"议题的落实事项 {self.pk}"
