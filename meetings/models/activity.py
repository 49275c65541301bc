"""活动: 家服务 and 家风, with an organiser who answers for it, seats, a waiting list in order, and check-in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from grids.models import Grid, Place
from meetings.models.booking import Booking
from meetings.models.querysets import ActivityQuerySet
from web.moments import spoken_period


class ActivityKind(models.Model):
    class Family(models.TextChoices):
        SERVICE = "service", "家服务"
        VIRTUE = "virtue", "家风"

    name = models.CharField("类型", max_length=20, unique=True)
    family = models.CharField("属于", max_length=10, choices=Family)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "活动类型"
        verbose_name_plural = "活动类型"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "family", "order", "is_active")

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("活动", max_length=60)
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="activities", verbose_name="类型")
    words = models.TextField("说明", blank=True)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="activities", verbose_name="所在社区或小区")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="在哪个阵地"
    )
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="activity", verbose_name="用的房间"
    )
    where = models.CharField("具体地点", max_length=60, blank=True)
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="organised_activities", verbose_name="组织人"
    )
    from_at = models.DateTimeField("开始")
    until_at = models.DateTimeField("结束")
    seats = models.PositiveSmallIntegerField("名额")
    check_in_code = models.CharField("签到码", max_length=6)
    last_number = models.PositiveIntegerField("报名序号", default=0)
    attended = models.PositiveIntegerField("到场人次", default=0)
    made_at = models.DateTimeField("发布时间")
    cancelled_at = models.DateTimeField("取消时间", null=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="activity_until_after_from"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="activity_has_seats"),
        ]
        indexes = [
            models.Index(fields=["from_at"], condition=Q(cancelled_at=None), name="activity_by_time"),
            models.Index(fields=["place", "from_at"], name="activity_at_place"),
        ]

    class PersonalData:
        personal = ("organiser",)
        plain = (
            "id", "key", "title", "kind", "words", "grid", "place", "booking", "where", "from_at", "until_at",
            "seats", "check_in_code", "last_number", "attended", "made_at", "cancelled_at", "reason", 
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（{self.pk}）"

    def get_absolute_url(self) -> str:
        return reverse("meetings:activity", args=[self.key])

    @property
    def when(self) -> str:
        """ "11月26日 周四 09:00–10:00"."""
        return spoken_period(self.from_at, self.until_at)

    @property
    def where_words(self) -> str:
        """Loads the place."""
        return " ".join(part for part in (self.place.name if self.place else "", self.where) if part)


class SignUp(models.Model):
    """One person's seat, or place in the line. Whoever left and comes again stands at the end."""

    class State(models.TextChoices):
        SEATED = "seated", "已报名"
        WAITING = "waiting", "候补"
        LEFT = "left", "已取消"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sign_ups", verbose_name="活动")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activity_sign_ups", verbose_name="报名人"
    )
    number = models.PositiveIntegerField("序号", help_text="按报名先后，候补按它递补")
    state = models.CharField("状态", max_length=10, choices=State)
    signed_at = models.DateTimeField("报名时间")
    moved_up_at = models.DateTimeField("递补时间", null=True)
    left_at = models.DateTimeField("取消时间", null=True)
    checked_in_at = models.DateTimeField("签到时间", null=True)

    class Meta:
        verbose_name = "活动报名"
        verbose_name_plural = "活动报名"
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="sign_up_number_once"),
            models.UniqueConstraint(fields=["activity", "person"], condition=~Q(state="left"), name="signed_up_once"),
            models.CheckConstraint(
                condition=Q(state="left", left_at__isnull=False) | ~Q(state="left") & Q(left_at=None),
                name="sign_up_left_at",
            ),
            models.CheckConstraint(condition=Q(checked_in_at=None) | Q(state="seated"), name="checked_in_has_a_seat"),
        ]
        indexes = [models.Index(fields=["activity", "state", "number"], name="sign_up_line")]

    class PersonalData:
        personal = ("person", "state", "signed_at", "moved_up_at", "left_at", "checked_in_at")
        plain = ("id", "activity", "number")

    def __str__(self) -> str:
        return f"活动报名 {self.pk}"
