"""A copy of all that is held about a person, asked for by that person (个人信息保护法 45). Made by a task, kept a week."""

import secrets

from django.conf import settings
from django.db import models


def hidden_path(_: models.Model, filename: str) -> str:
    return f"copies/{secrets.token_urlsafe(24)}.zip"


class DataCopy(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_copies", verbose_name="人员"
    )
    file = models.FileField("文件", upload_to=hidden_path, blank=True)
    asked_at = models.DateTimeField("申请时间")
    ready_at = models.DateTimeField("备好时间", null=True)

    class Meta:
        verbose_name = "个人信息副本"
        verbose_name_plural = "个人信息副本"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(ready_at=None), name="copy_asked_once"),
        ]

    class PersonalData:
        personal = ("person", "file")
        plain = ("id", "asked_at", "ready_at")

    def __str__(self) -> str:
        return f"副本 {self.pk}"
