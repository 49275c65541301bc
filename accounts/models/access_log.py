"""Who looked at whose personal data in full, when and why (个人信息保护法 51). Rows outlive the people: no foreign keys."""

from django.db import models


class AccessLog(models.Model):
    by_id_was = models.BigIntegerField("查看人编号")
    by_name_was = models.CharField("查看人", max_length=50)
    about_id_was = models.BigIntegerField("被查看人编号")
    what = models.CharField("查看内容", max_length=30)
    reason = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        verbose_name = "查看记录"
        verbose_name_plural = "查看记录"

    class PersonalData:
        personal = ("by_name_was",)
        plain = ("id", "by_id_was", "about_id_was", "what", "reason", "at")

    def __str__(self) -> str:
        return f"{self.by_name_was} 查看人员 {self.about_id_was} 的{self.what}（{self.pk}）"
