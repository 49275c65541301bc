"""What a call of the API was answered, kept for whoever asks the same again (accounts/api/idempotency.py)."""

from django.conf import settings
from django.db import models

from accounts.personal_data import EncryptedTextField


class KeptAnswer(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="本人")
    key = models.CharField("调用方的键", max_length=200)
    digest = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", default=0)
    body = EncryptedTextField("回答", blank=True)
    kept_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "接口回答"
        verbose_name_plural = "接口回答"
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_time")]

    class PersonalData:
        personal = ("person", "body")
        plain = ("id", "key", "digest", "status", "kept_at")

    def __str__(self) -> str:
        return f"接口回答 {self.pk}"
