"""A resident's conversation with an expert: a case (kind `consultation`), its bookings, what the two say to each other.

Nobody but the two reads the words: they stand encrypted, in tables of their own, and no story of a case repeats them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from cases.models import Case
from disputes.models.dispute import DisputeType
from disputes.models.expert import Expert, ExpertField, Slot
from disputes.models.expert_querysets import FREED
from photos.storing import private_path

USER = settings.AUTH_USER_MODEL


class Result(models.TextChoices):
    """How it ended: `Case.outcome` of a consultation."""

    HELD = "held", "已问诊"
    MISSED = "missed", "未到"
    CANCELLED = "cancelled", "已取消"
    UNSERVED = "unserved", "未能安排"


class Consultation(models.Model):
    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="consultation", verbose_name="事项"
    )
    field = models.ForeignKey(ExpertField, models.PROTECT, related_name="+", verbose_name="领域")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="consultations", verbose_name="专家")
    matter = EncryptedTextField("想问什么", blank=True)
    submit_key = models.CharField("提交键", max_length=100, unique=True, help_text="同一张表单提交两次是一件")
    score = models.PositiveSmallIntegerField("满意度", null=True, blank=True)
    advice = EncryptedTextField("对专家说的话", blank=True)
    rated_at = models.DateTimeField("评价时间", null=True, blank=True)

    class Meta:
        verbose_name = "问诊"
        verbose_name_plural = "问诊"
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None, rated_at=None) | Q(score__range=(1, 5), rated_at__isnull=False),
                name="consultation_score_has_a_time",
            )
        ]

    class PersonalData:
        personal = ("matter", "advice")
        plain = ("case", "field", "expert", "submit_key", "score", "rated_at")

    def __str__(self) -> str:
        return f"问诊 {self.pk}"


class Booking(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "待接单"
        ACCEPTED = "accepted", "已约定"
        DECLINED = "declined", "未接单"
        PASSED_ON = "passed_on", "已转下一位"
        CANCELLED = "cancelled", "已取消"
        HELD = "held", "已问诊"
        MISSED = "missed", "未到"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="bookings", verbose_name="问诊")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings", verbose_name="时段")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    booked_at = models.DateTimeField("预约时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "预约"
        verbose_name_plural = "预约"
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=~Q(state__in=FREED), name="one_booking_a_slot"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state__in=("waiting", "accepted")), name="one_live_booking"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "consultation", "slot", "state", "booked_at", "answered_at")

    def __str__(self) -> str:
        return f"预约 {self.pk}"


class Message(models.Model):
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="messages", verbose_name="问诊")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="谁说的")
    words = EncryptedTextField("内容", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "问诊留言"
        verbose_name_plural = "问诊留言"

    class PersonalData:
        personal = ("by", "words")
        plain = ("id", "consultation", "at")

    def __str__(self) -> str:
        return f"问诊留言 {self.pk}"


class MessageFile(models.Model):
    """A picture (with a thumbnail) or a PDF, served only to the two."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files", verbose_name="留言")
    token = models.CharField("标识", max_length=32, unique=True)
    file = models.FileField("文件", upload_to=private_path)
    thumbnail = models.FileField("缩略图", upload_to=private_path, blank=True)
    name = EncryptedTextField("文件名", blank=True)

    class Meta:
        verbose_name = "问诊附件"
        verbose_name_plural = "问诊附件"

    class PersonalData:
        personal = ("file", "thumbnail", "name")
        plain = ("id", "message", "token")

    def __str__(self) -> str:
        return f"问诊附件 {self.pk}"


class Proposal(models.Model):
    """The expert thinks mediation would help; the resident decides, and says what of it the mediators may know."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="proposals", verbose_name="问诊")
    type = models.ForeignKey(DisputeType, models.PROTECT, related_name="+", verbose_name="纠纷类别")
    proposed_at = models.DateTimeField("提出时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    dispute = models.OneToOneField(
        Case, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="转成的纠纷"
    )

    class Meta:
        verbose_name = "转调解建议"
        verbose_name_plural = "转调解建议"
        constraints = [
            models.UniqueConstraint(fields=["consultation"], condition=Q(answered_at=None), name="one_proposal_waits"),
            models.CheckConstraint(
                condition=Q(dispute=None) | Q(answered_at__isnull=False), name="proposal_answered_before_dispute"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "consultation", "type", "proposed_at", "answered_at", "dispute")

    def __str__(self) -> str:
        return f"转调解建议 {self.pk}"
