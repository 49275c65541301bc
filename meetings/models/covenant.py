"""小区公约, 居民公约: rules that neighbours give themselves, in versions of numbered clauses."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from grids.models import Grid
from meetings.models.topic import Topic
from moderation.models import Clearance


class Covenant(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    grid = models.OneToOneField(Grid, models.PROTECT, related_name="covenant", verbose_name="社区或小区")
    title = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = "公约"
        verbose_name_plural = "公约"

    class PersonalData:
        personal = ()
        plain = ("id", "key", "grid", "title")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:covenant", args=[self.key])


class Version(models.Model):
    """Drafted on a topic, in force from the vote that adopted it until the next one is."""

    covenant = models.ForeignKey(Covenant, models.PROTECT, related_name="versions", verbose_name="公约")
    number = models.PositiveSmallIntegerField("第几版")
    topic = models.OneToOneField(Topic, models.PROTECT, related_name="covenant_version", verbose_name="议题")
    drafted_at = models.DateTimeField("起草时间")
    from_at = models.DateTimeField("施行时间", null=True)
    until_at = models.DateTimeField("废止时间", null=True)

    class Meta:
        verbose_name = "公约版本"
        verbose_name_plural = "公约版本"
        constraints = [
            models.UniqueConstraint(fields=["covenant", "number"], name="covenant_version_once"),
            models.UniqueConstraint(
                fields=["covenant"], condition=Q(from_at__isnull=False, until_at=None), name="one_covenant_in_force"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "covenant", "number", "topic", "drafted_at", "from_at", "until_at")

    def __str__(self) -> str:
        return f"第 {self.number} 版"

    @property
    def is_in_force(self) -> bool:
        return self.from_at is not None and self.until_at is None


class Clause(models.Model):
    version = models.ForeignKey(Version, models.CASCADE, related_name="clauses", verbose_name="版本")
    number = models.PositiveSmallIntegerField("第几条")
    words = models.TextField("内容")

    class Meta:
        verbose_name = "公约条款"
        verbose_name_plural = "公约条款"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="covenant_clause_number_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "version", "number", "words")

    def __str__(self) -> str:
        return f"第 {self.number} 条"


class Comment(models.Model):
    """What somebody says to a topic, or to one clause of a draft. Withheld with a reason, never deleted by others."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="comments", verbose_name="议题")
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, related_name="comments", verbose_name="条款"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="topic_comments", verbose_name="谁说的"
    )
    words = models.TextField("说了什么")
    at = models.DateTimeField("时间")
    clearance = models.OneToOneField(Clearance, models.PROTECT, related_name="comment", verbose_name="公开前核对")

    class Meta:
        verbose_name = "议题的意见"
        verbose_name_plural = "议题的意见"
        indexes = [models.Index(fields=["topic", "at"], name="comment_of_topic")]

    class PersonalData:
        personal = ("person", "words", "at")
        plain = ("id", "topic", "clause", "clearance")

    def __str__(self) -> str:
        return f"议题的意见 {self.pk}"
