"""Papers that left the house, what was signed with, and what people brought: content lies sealed in private storage and is
served by views that ask who may see it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from disputes.models.agreement import Assent
from disputes.models.dispute import Dispute
from papers.files import new_token, paper_path, unsealed

USER = settings.AUTH_USER_MODEL


class Signature(models.Model):
    """A party's hand under one version of an agreement's text (人民调解法 29): drawn on a phone, or a scan of the paper."""

    class How(models.TextChoices):
        DRAWN = "drawn", "手写签名"
        SCAN = "scan", "纸面签名扫描件"

    assent = models.OneToOneField(Assent, models.CASCADE, primary_key=True, related_name="signature")
    how = models.CharField("方式", max_length=10, choices=How)
    text_sha256 = models.CharField("文本校验值", max_length=64, help_text="签名时协议文本的校验值，文本改动后签名失效")
    file = models.FileField("签名", upload_to=paper_path)

    class Meta:
        verbose_name = "签名"
        verbose_name_plural = "签名"

    class PersonalData:
        personal = ("file",)
        plain = ("assent", "how", "text_sha256")

    def __str__(self) -> str:
        return f"签名 {self.pk}"

    @property
    def picture(self) -> bytes:
        return unsealed(self.file)


class IssuedPaper(models.Model):
    """One paper as it was handed out. A database trigger refuses to change it (migration 0002): only its file can go, when
    it is kept no longer; that it was issued can still be verified then."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="papers", verbose_name="纠纷")
    code = models.CharField("文书", max_length=40)
    title = models.CharField("名称", max_length=40)
    number = models.CharField("文书编号", max_length=20, unique=True)
    sha256 = models.CharField("校验值", max_length=64)
    committee = models.CharField("签发单位", max_length=100)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="签发人")
    file = models.FileField("文件", upload_to=paper_path, blank=True)

    class Meta:
        verbose_name = "已签发文书"
        verbose_name_plural = "已签发文书"
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="issued_paper_has_a_checksum")]

    class PersonalData:
        personal = ("issued_by", "file")
        plain = ("id", "dispute", "code", "title", "number", "sha256", "committee", "issued_at")

    def __str__(self) -> str:
        return self.number

    @property
    def content(self) -> bytes:
        return unsealed(self.file)


class Exhibit(models.Model):
    """A scan or photo that belongs into the file: identity, mandate, evidence, receipt, the court's papers."""

    class Entry(models.TextChoices):
        IDENTITY = "identity", "当事人身份证明"
        MANDATE = "mandate", "授权委托书"
        EVIDENCE = "evidence", "证据材料"
        RECEIPT = "receipt", "履行凭证"
        COURT = "court", "司法确认有关材料"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="exhibits", verbose_name="纠纷")
    entry = models.CharField("归入", max_length=10, choices=Entry)
    token = models.CharField("标识", max_length=32, unique=True, default=new_token)
    sha256 = models.CharField("校验值", max_length=64)
    file = models.FileField("扫描件或照片", upload_to=paper_path)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "卷宗材料"
        verbose_name_plural = "卷宗材料"
        constraints = [models.UniqueConstraint(fields=["dispute", "entry", "sha256"], name="exhibit_once")]

    class PersonalData:
        personal = ("file", "added_by")
        plain = ("id", "dispute", "entry", "token", "sha256", "added_at")

    def __str__(self) -> str:
        return f"卷宗材料 {self.pk}"

    @property
    def picture(self) -> bytes:
        return unsealed(self.file)
