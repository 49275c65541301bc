"""Who saw and did what to whom (个人信息保护法 51, 等保三级 安全审计). Append-only by a database trigger, each line sealed over
the one before (accounts/audit.py). Lines hold numbers, not names, and no foreign keys: history neither blocks an
erasure nor keeps the erased person."""

from django.db import models

from accounts.personal_data import EncryptedTextField


class Act(models.TextChoices):
    SIGN_IN = "sign_in", "登录"
    SIGN_IN_FAILED = "sign_in_failed", "登录失败"
    SIGN_IN_CODE = "sign_in_code", "发登录码"
    SIGN_OUT = "sign_out", "退出"
    PASSWORD = "password", "设置密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    SECOND_FACTOR = "second_factor", "设置动态码"
    REVEAL = "reveal", "查看完整信息"
    EXPORT = "export", "导出"
    IMPORT = "import", "导入"
    APPOINT = "appoint", "任命"
    VACATE = "vacate", "结束任职"
    SETTING = "setting", "修改设置"
    CONSENT = "consent", "同意或撤回"
    CORRECT = "correct", "更正个人信息"
    OWN_DATA = "own_data", "本人导出"
    ERASE = "erase", "注销"
    RETENTION = "retention", "到期清理"


class AuditLine(models.Model):
    number = models.BigIntegerField("序号", null=True, unique=True)
    """Its place in the chain; none while it waits to be sealed."""
    at = models.DateTimeField("时间", db_index=True)
    act = models.CharField("事件", max_length=20, choices=Act, db_index=True)
    by = models.BigIntegerField("操作人编号", null=True, db_index=True)
    about = models.BigIntegerField("对象人编号", null=True, db_index=True)
    thing = models.CharField("对象", max_length=100, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    is_success = models.BooleanField("成功", default=True)
    words_digest = models.CharField("说明摘要", max_length=64, blank=True)
    mark = models.CharField("本行签", max_length=64)
    """Keyed hash of the line's own fields, from the first moment."""
    seal = models.CharField("封签", max_length=64, blank=True)
    """Keyed hash of number, mark and the seal before it, given right after the commit."""

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes = [models.Index(fields=["id"], condition=models.Q(number=None), name="audit_to_seal")]

    class PersonalData:
        personal = ("by", "about", "address")
        plain = ("id", "number", "at", "act", "thing", "is_success", "words_digest", "mark", "seal")

    def __str__(self) -> str:
        return f"审计 {self.number or '待封签'}"


class AuditWords(models.Model):
    """What was said with a line: a reason, old and new values. Stands apart so that it can be blanked (erasure); its
    digest in the sealed line still proves that it was not reworded."""

    line = models.OneToOneField(AuditLine, models.DO_NOTHING, primary_key=True, related_name="spoken")
    words = EncryptedTextField("说明", blank=True)

    class Meta:
        verbose_name = "审计说明"
        verbose_name_plural = "审计说明"

    class PersonalData:
        personal = ("words",)
        plain = ("line",)

    def __str__(self) -> str:
        return f"审计说明 {self.pk}"
