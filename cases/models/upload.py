"""A large picture as it was sent, until a worker has made a clean photo of it. It may hold positions: no view serves it."""

from django.db import models
from django.db.models import Q

from photos.storing import private_path


class Upload(models.Model):
    """The row is the promise; cases/attachments/large.py works it off. The photo that waits for it points here."""

    file = models.FileField("原件", upload_to=private_path, blank=True)
    name = models.CharField("文件名", max_length=40)
    due_at = models.DateTimeField("应处理时间")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    refused = models.CharField("没有收下的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "大照片原件"
        verbose_name_plural = "大照片原件"
        indexes = [models.Index(fields=["due_at"], condition=Q(refused=""), name="upload_waits")]
        constraints = [models.CheckConstraint(condition=Q(file="") ^ Q(refused=""), name="upload_waits_or_was_refused")]

    class PersonalData:
        personal = ("file", "name", "refused")
        plain = ("id", "due_at", "leased_until", "tries")

    def __str__(self) -> str:
        return f"大照片原件 {self.pk}"

    @property
    def note(self) -> str:
        return self.refused or f"照片“{self.name}”正在处理，过一会儿再打开看。"
