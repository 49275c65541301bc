"""A one-time code on its way to a phone. Only its hash is kept."""

from django.db import models


class SignInCode(models.Model):
    phone_index = models.CharField("手机号索引", max_length=64)
    address = models.GenericIPAddressField("来源地址", null=True)
    code_hash = models.CharField("验证码摘要", max_length=128)
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

    class PersonalData:
        personal = ("phone_index", "address", "code_hash")
        plain = ("id", "sent_at", "expires_at", "wrong_tries", "used_at")

    def __str__(self) -> str:
        return f"验证码 {self.pk}"
