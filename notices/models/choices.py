"""What a person has chosen about the ways on which they are told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Choices(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices", verbose_name="本人"
    )
    off = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="不用的渠道")
    digest_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        verbose_name="汇总时间",
        help_text="到这些整点合成一条；空的是随到随发",
    )

    class Meta:
        verbose_name = "消息设置"
        verbose_name_plural = "消息设置"

    class PersonalData:
        personal = ("person", "off", "digest_hours")
        plain = ("id",)

    def __str__(self) -> str:
        return f"消息设置 {self.pk}"


class Subscription(models.Model):
    """How often a person has agreed to be told by a template of the mini-program. One yes is one message."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions", verbose_name="本人"
    )
    template_id = models.CharField("模板编号", max_length=100)
    left = models.PositiveIntegerField("剩余次数", default=0)

    class Meta:
        verbose_name = "微信订阅"
        verbose_name_plural = "微信订阅"
        constraints = [models.UniqueConstraint(fields=["person", "template_id"], name="subscription_once")]

    class PersonalData:
        personal = ("person", "left")
        plain = ("id", "template_id")

    def __str__(self) -> str:
        return f"{self.template_id} {self.left}"
