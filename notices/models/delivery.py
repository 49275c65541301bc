"""Delivery = one message on one way out of the house."""

from django.db import models

from notices.models.notice import Notice
from notices.querysets import DeliveryQuerySet
from notices.texts import LABELS


class Delivery(models.Model):
    class State(models.TextChoices):
        SENT = "sent", "已发出"
        ARRIVED = "arrived", "已送达"
        REFUSED = "refused", "对方不收"
        DOWN = "down", "渠道不通"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="通知")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State)
    tries = models.PositiveSmallIntegerField("尝试次数", default=1)
    error = models.CharField("原因", max_length=200, blank=True)
    cost = models.PositiveIntegerField("费用（厘）", default=0, help_text="按短信条数和 SMS_PRICE 估算")
    message_id = models.CharField("对方编号", max_length=100, blank=True)
    at = models.DateTimeField("时间")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="delivery_newest"),
            models.Index(fields=["message_id"], condition=~models.Q(message_id=""), name="delivery_by_message"),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "notice", "channel", "state", "tries", "error", "cost", "message_id", "at")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"

    @property
    def label(self) -> str:
        return LABELS.get(self.channel, self.channel)

    @property
    def yuan(self) -> str:
        return f"{self.cost / 1000:.3f}" if self.cost else ""
