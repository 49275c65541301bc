"""What a person agreed to: which wording, when (个人信息保护法 14, 17)."""

from django.conf import settings
from django.db import models


class Consent(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name="人员")
    notice_version = models.CharField("告知书版本", max_length=20)
    agreed_at = models.DateTimeField("同意时间")

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"
        constraints = [models.UniqueConstraint(fields=["person", "notice_version"], name="consent_once_a_version")]

    class PersonalData:
        personal = ("person",)
        plain = ("id", "notice_version", "agreed_at")

    def __str__(self) -> str:
        return f"人员 {self.person_id} 同意 {self.notice_version}"
