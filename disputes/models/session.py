"""A time at which people sit down together, at a tea table or online."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from disputes.models.dispute import Dispute
from disputes.models.party import Party


class Session(models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", "已约定"
        HELD = "held", "已进行"
        CANCELLED = "cancelled", "已取消"

    class Result(models.TextChoices):
        AGREED = "agreed", "达成一致"
        AGAIN = "again", "还没有达成一致，另约时间再谈"
        APART = "apart", "没有达成一致"
        UNKNOWN = "unknown", "原记录没有写明结果"
        """Only of what is imported."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="sessions", verbose_name="纠纷")
    number = models.PositiveSmallIntegerField("第几次")
    starts_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=100, blank=True, help_text="例如：宜和社区议事亭")
    is_online = models.BooleanField("线上进行", default=False)
    is_tea_table = models.BooleanField("一杯茶", default=False, help_text="坐下来喝杯茶慢慢谈")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    present = models.ManyToManyField(Party, blank=True, related_name="+", verbose_name="到场当事人")
    others_present = EncryptedTextField("其他到场人", blank=True)
    record = EncryptedTextField("调解记录", blank=True)
    result = models.CharField("调解结果", max_length=10, choices=Result, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间", null=True)

    class Meta:
        verbose_name = "调解会"
        verbose_name_plural = "调解会"
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="session_number_once"),
            models.UniqueConstraint(fields=["dispute"], condition=Q(state="planned"), name="one_session_planned"),
            models.CheckConstraint(condition=~Q(place="", is_online=False), name="session_has_a_place"),
            models.CheckConstraint(
                condition=(
                    Q(state="held", recorded_at__isnull=False, recorded_by__isnull=False)
                    & Q(record__isblank=False)
                    & ~Q(result="")
                )
                | (~Q(state="held") & Q(recorded_at=None, recorded_by=None, record__isblank=True, result="")),
                name="held_session_has_a_record",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at=None) | Q(recorded_at__gte=models.F("starts_at")),
                name="session_held_after_it_began",
            ),
        ]

    class PersonalData:
        personal = ("others_present", "record", "recorded_by")
        plain = (
            "id",
            "dispute",
            "number",
            "starts_at",
            "place",
            "is_online",
            "is_tea_table",
            "state",
            "result",
            "recorded_at",
        )

    def __str__(self) -> str:
        return f"调解会 {self.pk}"

    @property
    def where(self) -> str:
        return self.place or "线上"
