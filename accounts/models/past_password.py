"""Passwords a person had: the last few must not come back (等保三级). Only their hashes."""

from django.conf import settings
from django.db import models


class PastPassword(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="past_passwords", verbose_name="人员"
    )
    encoded = models.CharField("摘要", max_length=128)
    set_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"

    class PersonalData:
        personal = ("person", "encoded")
        plain = ("id", "set_at")

    def __str__(self) -> str:
        return f"用过的密码 {self.pk}"
