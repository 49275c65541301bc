"""A room kept for somebody from one moment to another. Two for one room never overlap: the database sees to it."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from grids.models import Room
from meetings.models.querysets import BookingQuerySet
from web.moments import spoken_period


class Booking(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings", verbose_name="房间")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="room_bookings", verbose_name="预约人"
    )
    purpose = models.CharField("用来做什么", max_length=80)
    group = models.CharField("替谁约", max_length=30, blank=True, help_text="哪个队伍或单位；空为自己用")
    people_count = models.PositiveSmallIntegerField("几个人")
    from_at = models.DateTimeField("开始")
    until_at = models.DateTimeField("结束")
    booked_at = models.DateTimeField("预约时间")
    cancelled_at = models.DateTimeField("取消时间", null=True)
    reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "房间预约"
        verbose_name_plural = "房间预约"
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="booking_until_after_from"),
            # The room as a range of one, so that no extension is needed for the equality.
            ExclusionConstraint(
                name="bookings_of_a_room_apart",
                expressions=[
                    (Func("room_id", "room_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("from_at", "until_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]
        indexes = [models.Index(fields=["room", "from_at"], name="booking_of_room")]

    class PersonalData:
        personal = ("person", "purpose", "group")
        plain = ("id", "key", "room", "people_count", "from_at", "until_at", "booked_at", "cancelled_at", "reason")

    def __str__(self) -> str:
        return f"房间预约 {self.pk}"

    @property
    def when(self) -> str:
        """ "11月26日 周四 09:00–10:00"."""
        return spoken_period(self.from_at, self.until_at)
