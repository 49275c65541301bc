"""A request being written: what was typed and the good photos survive an error, a lost network, a phone put away."""

import uuid

from django.conf import settings
from django.db import models

from accounts.personal_data import EncryptedTextField
from cases.models import KeptPhoto
from grids.models import Building, Grid


class Draft(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name="居民")
    grid = models.ForeignKey(Grid, models.CASCADE, related_name="+", verbose_name="地点")
    building = models.ForeignKey(
        Building, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    address_note = EncryptedTextField("门牌或具体位置", blank=True)
    words = models.TextField("原话", blank=True)
    is_anonymous = models.BooleanField("对办理人匿名", default=False)
    about = models.CharField("反映哪类工作人员", max_length=30, blank=True)
    begun_at = models.DateTimeField("开始时间")

    class Meta:
        verbose_name = "诉求草稿"
        verbose_name_plural = "诉求草稿"

    class PersonalData:
        personal = ("person", "address_note", "words")
        plain = ("key", "grid", "building", "is_anonymous", "about", "begun_at")

    def __str__(self) -> str:
        return f"草稿 {self.key}"

    @property
    def place(self) -> str:
        """ "宜和佳苑 3幢1单元". Loads grid and building."""
        return f"{self.building.estate.name} {self.building.label}" if self.building else self.grid.name


class DraftPhoto(KeptPhoto):
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="photos", verbose_name="草稿")

    class Meta(KeptPhoto.Meta):
        verbose_name = "草稿照片"
        verbose_name_plural = "草稿照片"
        constraints = [
            *KeptPhoto.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "sha256"], name="draft_photo_once"),
        ]

    class PersonalData:
        personal = ("file", "thumbnail", "upload")
        plain = ("id", "draft", "sha256", "width", "height")

    def __str__(self) -> str:
        return f"草稿照片 {self.pk}"
