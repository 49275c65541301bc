"""联席会议: a community (or the street) meets with the units that reported to it, those in post there and residents. What is
resolved is a task of the engine each, with a holder and a limit, and comes up again at the next conference until it is
closed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Case
from grids.models import Grid, Place, Post, Unit
from meetings.models.booking import Booking
from meetings.models.querysets import ConferenceQuerySet
from web.moments import spoken_period


class Conference(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("会议", max_length=60)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="conferences", verbose_name="哪个社区或街道")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="conferences", verbose_name="在哪个阵地"
    )
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="conference", verbose_name="用的房间"
    )
    where = models.CharField("具体地点", max_length=60, blank=True)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hosted_conferences", verbose_name="主持人"
    )
    from_at = models.DateTimeField("开始")
    until_at = models.DateTimeField("结束")
    called_at = models.DateTimeField("发起时间")
    attendance_at = models.DateTimeField("签到登记时间", null=True)
    minutes = models.TextField("会议记录", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    closed_at = models.DateTimeField("纪要发布时间", null=True)
    cancelled_at = models.DateTimeField("取消时间", null=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会议"
        verbose_name_plural = "联席会议"
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="conference_until_after_from"),
            models.CheckConstraint(
                condition=Q(closed_at=None, issued_by=None)
                | Q(
                    closed_at__isnull=False,
                    cancelled_at=None,
                    attendance_at__isnull=False,
                    recorded_by__isnull=False,
                    issued_by__isnull=False,
                ),
                name="closed_conference_was_held",
            ),
        ]
        indexes = [models.Index(fields=["grid", "-from_at"], name="conference_of_grid")]

    class PersonalData:
        personal = ("host", "recorded_by", "issued_by")
        plain = (
            "id", "key", "title", "grid", "place", "booking", "where", "from_at", "until_at", "called_at",
            "attendance_at", "minutes", "closed_at", "cancelled_at", "reason", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（{self.pk}）"

    def get_absolute_url(self) -> str:
        """The page of whoever is invited."""
        return reverse("meetings:conference", args=[self.key])

    @property
    def when(self) -> str:
        """ "11月26日 周四 09:00–10:00"."""
        return spoken_period(self.from_at, self.until_at)

    @property
    def where_words(self) -> str:
        """Loads the place and the room."""
        room = self.booking.room.name if self.booking else ""
        return " ".join(part for part in (self.place.name if self.place else "", room, self.where) if part)

    @property
    def is_over(self) -> bool:
        """Nothing about it changes any more."""
        return self.closed_at is not None or self.cancelled_at is not None


class AgendaItem(models.Model):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="agenda", verbose_name="联席会议")
    number = models.PositiveSmallIntegerField("序号")
    words = models.CharField("议题", max_length=200)

    class Meta:
        verbose_name = "会议议题"
        verbose_name_plural = "会议议题"
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="agenda_number_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "conference", "number", "words")

    def __str__(self) -> str:
        return f"会议议题 {self.pk}"


class Invitation(models.Model):
    """A unit, through whoever represents it (or nobody yet), or a person: in post there, or for the residents."""

    class As(models.TextChoices):
        UNIT = "unit", "共建单位"
        POST = "post", "岗位人员"
        RESIDENT = "resident", "居民代表"

    class Answer(models.TextChoices):
        YES = "yes", "参加"
        NO = "no", "来不了"
        SUBSTITUTE = "substitute", "请人代为参加"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="invitations", verbose_name="联席会议")
    invited_as = models.CharField("身份", max_length=10, choices=As)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name="单位"
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name="岗位"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conference_invitations",
        verbose_name="谁来",
    )
    invited_at = models.DateTimeField("邀请时间")
    answer = models.CharField("答复", max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    substitute = models.CharField("谁代为参加", max_length=20, blank=True)
    attended = models.BooleanField("到会", null=True)

    class Meta:
        verbose_name = "会议邀请"
        verbose_name_plural = "会议邀请"
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "unit"], condition=Q(unit__isnull=False), name="unit_invited_once"
            ),
            models.UniqueConstraint(
                fields=["conference", "person"], condition=Q(person__isnull=False), name="person_invited_once"
            ),
            models.CheckConstraint(
                condition=Q(invited_as="unit", unit__isnull=False, post=None)
                | Q(invited_as="post", unit=None, post__isnull=False, person__isnull=False)
                | Q(invited_as="resident", unit=None, post=None, person__isnull=False),
                name="invited_as_what_they_are",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="answer_has_its_time",
            ),
        ]

    class PersonalData:
        personal = ("person", "answer", "answered_at", "substitute", "attended")
        plain = ("id", "conference", "invited_as", "unit", "post", "invited_at")

    def __str__(self) -> str:
        return f"会议邀请 {self.pk}"

    @property
    def who(self) -> str:
        """ "县水利局 王某", "宜和社区民警 李某", "居民代表 张某"; a unit that named nobody is itself. Loads unit, person, post and
        its grid."""
        title = self.post.title if self.post else self.As.RESIDENT.label
        return f"{self.unit.name if self.unit else title} {self.person.name if self.person else ''}".strip()

    @property
    def attended_words(self) -> str:
        if self.attended is None:
            return ""
        if not self.attended:
            return "缺席"
        return f"到会（由{self.substitute}代为参加）" if self.substitute else "到会"


class Resolution(models.Model):
    """What was resolved, and the task that it is. Who has it in hand and by when stands on the case."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="resolutions", verbose_name="联席会议")
    number = models.PositiveSmallIntegerField("序号")
    words = models.CharField("决议", max_length=200)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="resolutions", verbose_name="责任单位"
    )
    case = models.OneToOneField(Case, models.PROTECT, related_name="resolution", verbose_name="交办事项")
    made_at = models.DateTimeField("形成时间")

    class Meta:
        verbose_name = "会议决议"
        verbose_name_plural = "会议决议"
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="resolution_number_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "conference", "number", "words", "unit", "case", "made_at")

    def __str__(self) -> str:
        return f"会议决议 {self.pk}"


class Review(models.Model):
    """What was said of a resolution at a later conference, and what was done with its task there."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="reviews", verbose_name="会议决议")
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="reviews", verbose_name="在哪次会上")
    words = models.CharField("怎么说的", max_length=300)
    verb = models.CharField("当场做了什么", max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "决议回顾"
        verbose_name_plural = "决议回顾"
        constraints = [models.UniqueConstraint(fields=["resolution", "conference"], name="reviewed_once_a_conference")]

    class PersonalData:
        personal = ("by",)
        plain = ("id", "resolution", "conference", "words", "verb", "at")

    def __str__(self) -> str:
        return f"决议回顾 {self.pk}"

    @property
    def verb_label(self) -> str:
        """Loads the resolution and its case."""
        arrow = self.resolution.case.workflow.arrow(self.verb) if self.verb else None
        return arrow.label if arrow else ""
