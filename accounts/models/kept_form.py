"""What somebody had written when the portal could not take it: the session was over, the page too old, a fault. It waits
a day, sealed, for the same person on the same browser (accounts/unsent/forms.py)."""

import json
import secrets
import uuid

from django.conf import settings
from django.db import models

from accounts.personal_data import EncryptedTextField
from web.refill import words_of

FOLDER = "kept"


def hidden_path(_: models.Model, filename: str) -> str:
    return f"{FOLDER}/{secrets.token_urlsafe(24)}"


class KeptForm(models.Model):
    key = models.UUIDField("键", default=uuid.uuid4, unique=True, help_text="放回表单时由页面带着")
    browser = models.CharField("浏览器摘要", max_length=64, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="kept_forms",
        verbose_name="谁写的",
        help_text="空着：不知道是谁",
    )
    action = EncryptedTextField("送往")
    page = EncryptedTextField("在哪一页写的")
    fields = EncryptedTextField("内容", help_text="JSON：字段名 → 值")
    size = models.PositiveBigIntegerField("字节数", help_text="连同文件")
    has_lost_files = models.BooleanField("文件没能留下", default=False)
    kept_at = models.DateTimeField("留下的时间", db_index=True)

    class Meta:
        verbose_name = "没有送出的内容"
        verbose_name_plural = "没有送出的内容"

    class PersonalData:
        personal = ("browser", "person", "action", "page", "fields")
        plain = ("id", "key", "size", "has_lost_files", "kept_at")

    def __str__(self) -> str:
        return f"没有送出的内容 {self.pk}"

    @property
    def values(self) -> dict[str, list[str]]:
        """Field → what was sent under it."""
        values: dict[str, list[str]] = json.loads(self.fields)
        return values

    @property
    def words(self) -> list[str]:
        return words_of(self.values)


class KeptFile(models.Model):
    """A file that had arrived with it, sealed on the disk."""

    form = models.ForeignKey(KeptForm, models.CASCADE, related_name="files", verbose_name="随哪一份")
    field = models.CharField("字段", max_length=100)
    name = EncryptedTextField("文件名")
    content_type = models.CharField("类型", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("字节数")
    file = models.FileField("文件", upload_to=hidden_path)

    class Meta:
        verbose_name = "没有送出的文件"
        verbose_name_plural = "没有送出的文件"

    class PersonalData:
        personal = ("name", "file")
        plain = ("id", "form", "field", "content_type", "size")

    def __str__(self) -> str:
        return f"没有送出的文件 {self.pk}"
