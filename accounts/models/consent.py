"""What a person agreed to: for which purpose, in which wording, from when to when (个人信息保护法 14–17, 29, 31)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField

PRIVACY_NOTICE_VERSION = "2026-12-5"
"""Of templates/accounts/privacy.html: a new wording is a new version, and everybody is asked again."""


class Purpose(models.TextChoices):
    NOTICE = "notice", "个人信息处理告知"
    LOCATION = "location", "使用位置"
    SENSITIVE = "sensitive", "处理敏感信息"
    GUARDIAN = "guardian", "监护人同意"
    VOLUNTEER = "volunteer", "做志愿者"


class Consent(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name="人员")
    purpose = models.CharField("事项", max_length=20, choices=Purpose, default=Purpose.NOTICE)
    notice_version = models.CharField("告知书版本", max_length=20)
    agreed_at = models.DateTimeField("同意时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    guardian_name = EncryptedTextField("监护人姓名", blank=True)
    guardian_phone = EncryptedTextField("监护人手机号", blank=True)

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "notice_version"],
                condition=Q(withdrawn_at=None),
                name="consent_once_a_version",
            )
        ]

    class PersonalData:
        personal = ("person", "guardian_name", "guardian_phone")
        plain = ("id", "purpose", "notice_version", "agreed_at", "withdrawn_at")

    def __str__(self) -> str:
        return f"人员 {self.person_id} 同意 {self.notice_version}"
