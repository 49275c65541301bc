"""一杯茶, 大事泡茶化解: a talk over tea at an 议事点, written down in two minutes. What was agreed is a task each."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.personal_data import EncryptedTextField
from cases.models import Case
from grids.models import Grid, Place
from meetings.models.topic import Topic
from web.moments import spoken


class TeaTalk(models.Model):
    class Outcome(models.TextChoices):
        AGREED = "agreed", "达成一致"
        CONTINUED = "continued", "下次继续协商"
        HANDED_UP = "handed_up", "上报上级协助办理"
        TOPIC = "topic", "需共同协商，转为议题"

    key = models.UUIDField("编号", unique=True, editable=False, default=uuid.uuid4)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="tea_talks", verbose_name="哪里的事")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="tea_talks", verbose_name="在哪个议事点"
    )
    where = models.CharField("具体地点", max_length=60, blank=True)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="tea_talks", verbose_name="谈的哪个议题"
    )
    held_at = models.DateTimeField("什么时候谈的")
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hosted_tea_talks", verbose_name="主持人"
    )
    people_count = models.PositiveSmallIntegerField("来了几人")
    present = EncryptedTextField("谁在场", blank=True)
    subject = models.CharField("什么事", max_length=60)
    discussion = EncryptedTextField("怎么谈的", blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    handed_up = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="handed_up_from", verbose_name="上报的事项"
    )
    is_public = models.BooleanField("在议事点页面公开", default=True)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")

    class Meta:
        verbose_name = "一杯茶记录"
        verbose_name_plural = "一杯茶记录"
        constraints = [
            models.CheckConstraint(condition=Q(people_count__gte=2), name="tea_talk_takes_two"),
            models.CheckConstraint(condition=Q(place__isnull=False) | ~Q(where=""), name="tea_talk_is_somewhere"),
            models.CheckConstraint(
                condition=Q(outcome="handed_up", handed_up__isnull=False) | ~Q(outcome="handed_up") & Q(handed_up=None),
                name="handed_up_has_its_case",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-held_at"], name="tea_talk_at_place"),
            models.Index(fields=["grid", "-held_at"], name="tea_talk_of_grid"),
        ]

    class PersonalData:
        personal = ("host", "present", "discussion", "recorded_by")
        plain = (
            "id", "key", "grid", "place", "where", "topic", "held_at", "people_count", "subject", "outcome", "handed_up",
            "is_public", "recorded_at", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"一杯茶记录 {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:tea-talk", args=[self.key])

    @property
    def when(self) -> str:
        return spoken(self.held_at)

    @property
    def where_words(self) -> str:
        """Loads the place."""
        return " ".join(part for part in (self.place.name if self.place else "", self.where) if part)


class Agreed(models.Model):
    """One thing that was agreed, and the task that it is."""

    talk = models.ForeignKey(TeaTalk, models.CASCADE, related_name="agreed", verbose_name="一杯茶记录")
    number = models.PositiveSmallIntegerField("序号")
    what = models.CharField("商定做什么", max_length=80)
    case = models.OneToOneField(Case, models.PROTECT, related_name="agreed_over_tea", verbose_name="交办事项")

    class Meta:
        verbose_name = "一杯茶商定的事"
        verbose_name_plural = "一杯茶商定的事"
        constraints = [models.UniqueConstraint(fields=["talk", "number"], name="agreed_number_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "talk", "number", "what", "case")

    def __str__(self) -> str:
        return f"一杯茶商定的事 {self.pk}"
