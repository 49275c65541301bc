"""A device somebody is signed in on: they see their own and can sign it out."""

from django.conf import settings
from django.db import models


class Device(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices", verbose_name="人员")
    session_key = models.CharField("会话", max_length=40, unique=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    signed_in_at = models.DateTimeField("登录时间")

    class Meta:
        verbose_name = "登录设备"
        verbose_name_plural = "登录设备"

    class PersonalData:
        personal = ("person", "session_key", "address", "agent")
        plain = ("id", "signed_in_at")

    def __str__(self) -> str:
        return f"登录设备 {self.pk}"
