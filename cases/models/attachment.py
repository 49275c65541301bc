"""A photo on a case: cleaned by cases/photos.py, served only through a view that asks who may see the case."""

import secrets

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.models.event import CaseEvent

PHOTOS = "photos"
"""Folder of all photos; what no row names is removed from it (cases/lost_files.py)."""


def private_path(_: models.Model, filename: str) -> str:
    """A name nobody can guess; two folders deep so that no folder grows too large."""
    token = secrets.token_urlsafe(18)
    return f"{PHOTOS}/{token[:2]}/{token}{filename[filename.rfind('.') :]}"


class Attachment(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", verbose_name="事项")
    event = models.ForeignKey(CaseEvent, models.CASCADE, related_name="attachments", verbose_name="经过")
    token = models.CharField("标识", max_length=32, unique=True)
    file = models.FileField("照片", upload_to=private_path)
    thumbnail = models.FileField("缩略图", upload_to=private_path)
    sha256 = models.CharField("校验值", max_length=64)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "照片"
        verbose_name_plural = "照片"
        constraints = [models.UniqueConstraint(fields=["event", "sha256"], name="photo_once_an_event")]

    class PersonalData:
        personal = ("file", "thumbnail", "added_by")
        plain = ("id", "case", "event", "token", "sha256", "width", "height", "added_at")

    def __str__(self) -> str:
        return f"照片 {self.pk}"
