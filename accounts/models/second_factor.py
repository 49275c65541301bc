"""The second factor of those who work at a desk (等保三级: two factors, one of them by cryptography): a time-based code
(RFC 6238) of an app on their phone, and recovery codes for when the phone is gone."""

from django.conf import settings
from django.db import models

from accounts.personal_data import EncryptedTextField


class SecondFactor(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="second_factor",
        verbose_name="人员",
    )
    secret = EncryptedTextField("密钥")
    set_at = models.DateTimeField("设置时间")
    last_step = models.BigIntegerField("用过的时间步", default=0, help_text="一个动态码只能用一次")
    wrong_tries = models.PositiveSmallIntegerField("连续输错", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "动态码"
        verbose_name_plural = "动态码"

    class PersonalData:
        personal = ("person", "secret")
        plain = ("set_at", "last_step", "wrong_tries", "locked_until")

    def __str__(self) -> str:
        return f"动态码 {self.pk}"


class RecoveryCode(models.Model):
    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", verbose_name="动态码")
    code_digest = models.CharField("摘要", max_length=64)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"

    class PersonalData:
        personal = ("code_digest",)
        plain = ("id", "factor", "used_at")

    def __str__(self) -> str:
        return f"恢复码 {self.pk}"
