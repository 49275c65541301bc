"""A ticket from an app into a page (accounts/sign_in/tickets.py)."""

from django.conf import settings
from django.db import models


class Ticket(models.Model):
    digest = models.CharField("票的摘要", max_length=64, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="本人")
    session_key = models.CharField("应用的会话", max_length=40)
    path = models.CharField("打开", max_length=300)
    good_until = models.DateTimeField("有效期至")

    class Meta:
        verbose_name = "换页票"
        verbose_name_plural = "换页票"

    class PersonalData:
        personal = ("person", "session_key", "digest")
        plain = ("id", "path", "good_until")

    def __str__(self) -> str:
        return f"换页票 {self.pk}"
