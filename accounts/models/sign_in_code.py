"""A one-time code on its way to a person. Only a keyed digest of it is kept."""

from django.db import models
from django.db.models import Q


class Way(models.TextChoices):
    SMS = "sms", "短信"
    DEVICE = "device", "已登录的设备"
    DESK = "desk", "社区窗口"


class SignInCode(models.Model):
    phone_index = models.CharField("手机号索引", max_length=64)
    way = models.CharField("方式", max_length=10, choices=Way, default=Way.SMS)
    asker = models.CharField("索要者摘要", max_length=64, blank=True, help_text="哪个浏览器、为做什么要的")
    is_known = models.BooleanField("本人用过的浏览器", default=False)
    address = models.GenericIPAddressField("来源地址", null=True)
    code_hash = models.CharField("验证码摘要", max_length=64)
    sent_at = models.DateTimeField("发送时间")
    expires_at = models.DateTimeField("失效时间")
    wrong_tries = models.PositiveSmallIntegerField("输错次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "登录验证码"
        verbose_name_plural = "登录验证码"
        indexes = [
            models.Index(fields=["phone_index", "-sent_at"], name="code_by_phone"),
            models.Index(fields=["address", "-sent_at"], name="code_by_address"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(way="sms") | ~Q(asker=""), name="code_by_sms_is_bound"),
        ]

    class PersonalData:
        personal = ("phone_index", "asker", "address", "code_hash")
        plain = ("id", "way", "is_known", "sent_at", "expires_at", "wrong_tries", "used_at")

    def __str__(self) -> str:
        return f"验证码 {self.pk}"
