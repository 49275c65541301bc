"""Certificates of hours as they were issued, and who issues them where (民政部令 67: 谁记录、谁证明)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Grid
from papers.files import paper_path, unsealed


class CertificateOffice(models.Model):
    """Who certifies the hours of a place and of all below it, with the names and the number that a certificate states."""

    grid = models.OneToOneField(Grid, models.PROTECT, related_name="+", verbose_name="管辖网格", help_text="含下级")
    name = models.CharField("出具单位", max_length=60, help_text="公章上的全称")
    head = models.CharField("负责人", max_length=20)
    clerk = models.CharField("经办人", max_length=20)
    contact = models.CharField("联系方式", max_length=40, help_text="单位的电话，不填个人手机")

    class Meta:
        verbose_name = "证明出具单位"
        verbose_name_plural = "证明出具单位"

    class PersonalData:
        personal = ("head", "clerk")
        plain = (
            "id",
            "grid",
            "name",
            "contact",
        )

    def __str__(self) -> str:
        return f"证明出具单位 {self.pk}"


class Certificate(models.Model):
    """What it says is fixed (a database trigger, migration 0005); only its file can go, with its owner. That it was issued
    can be verified for ever."""

    code = models.CharField("证明编号", max_length=20, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hours_certificates", verbose_name="志愿者"
    )
    hours = models.PositiveIntegerField("小时")
    content = models.TextField("服务内容", blank=True)
    from_date = models.DateField("起")
    until_date = models.DateField("止")
    issued_at = models.DateTimeField("出具时间")
    issuer = models.CharField("出具单位", max_length=60, blank=True)
    sha256 = models.CharField("校验值", max_length=64, blank=True, help_text="只有早期没有文件的证明为空")
    number_agreed_at = models.DateTimeField("证件号码单独同意", null=True)
    file = models.FileField("文件", upload_to=paper_path, blank=True)

    class Meta:
        verbose_name = "服务证明"
        verbose_name_plural = "服务证明"
        constraints = [
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=""), name="certificate_has_a_checksum"),
        ]

    class PersonalData:
        personal = ("person", "hours", "content", "number_agreed_at", "file")
        plain = ("id", "code", "from_date", "until_date", "issued_at", "issuer", "sha256")

    def __str__(self) -> str:
        return self.code

    @property
    def pdf(self) -> bytes:
        return unsealed(self.file)
