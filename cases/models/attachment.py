"""A photo on a case: cleaned by photos/cleaning.py, served only through a view that asks who may see the case."""

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.models.event import CaseEvent
from cases.models.upload import Upload
from photos.storing import private_path


class KeptPhoto(models.Model):
    """A photo as rows keep it: clean, or, while there is an upload, without files, waiting for a worker or refused by it
    (cases/attachments/large.py). Whoever deletes one calls `cases.attachments.photos.forget`."""

    file = models.FileField("照片", upload_to=private_path, blank=True)
    thumbnail = models.FileField("缩略图", upload_to=private_path, blank=True)
    upload = models.OneToOneField(
        Upload, models.PROTECT, null=True, blank=True, related_name="%(class)s", verbose_name="大照片原件"
    )
    sha256 = models.CharField("校验值", max_length=64)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(file="", upload=None), name="%(class)s_is_clean_or_has_an_upload"
            )
        ]

    @property
    def note(self) -> str:
        """Why there is nothing to see yet, or why there never will be. Loads the upload."""
        return self.upload.note if self.upload else ""


class Attachment(KeptPhoto):
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", verbose_name="事项")
    event = models.ForeignKey(CaseEvent, models.CASCADE, related_name="attachments", verbose_name="经过")
    token = models.CharField("标识", max_length=32, unique=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间")

    class Meta(KeptPhoto.Meta):
        verbose_name = "照片"
        verbose_name_plural = "照片"
        constraints = [
            *KeptPhoto.Meta.constraints,
            models.UniqueConstraint(fields=["event", "sha256"], name="photo_once_an_event"),
        ]

    class PersonalData:
        personal = ("file", "thumbnail", "upload", "added_by")
        plain = ("id", "case", "event", "token", "sha256", "width", "height", "added_at")

    def __str__(self) -> str:
        return f"照片 {self.pk}"
