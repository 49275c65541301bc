"""What a request has beyond a case: the resident's own words, and how they reached us."""

from django.db import models

from accounts.personal_data import EncryptedTextField
from cases.models import Case


class Source(models.TextChoices):
    WEB = "web", "网页"
    STAFF = "staff", "代为登记"
    IMPORT = "import", "批量导入"


OTHER_SYSTEM = "Open311: "
"""What the source begins with of a request that another system filed; its name follows."""


class Request(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="request", verbose_name="事项")
    words = models.TextField("居民原话")
    address_note = EncryptedTextField("门牌或具体位置", blank=True)
    source = models.CharField("来源", max_length=60, help_text="代码之一，或转来诉求的外部系统")
    has_place = models.BooleanField("地点已知", default=True)
    submit_key = models.CharField(
        "提交键", max_length=100, unique=True, help_text="同一张表单提交两次是一件；导入时为来源与原编号"
    )

    class Meta:
        verbose_name = "诉求"
        verbose_name_plural = "诉求"

    class PersonalData:
        personal = ("words", "address_note")
        plain = ("case", "source", "has_place", "submit_key")

    def __str__(self) -> str:
        return f"诉求 {self.pk}"

    @property
    def other_system(self) -> str:
        """Name of the system that filed it; "" where it came to us by itself."""
        return self.source.removeprefix(OTHER_SYSTEM) if self.source.startswith(OTHER_SYSTEM) else ""
