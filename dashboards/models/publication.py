"""Open data as it is published: made at night, read by everybody, the same for a whole day, so that nobody reads a single
case off the difference of two minutes."""

from django.db import models


class Publication(models.Model):
    dataset = models.CharField("数据集", max_length=20, primary_key=True)
    content = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    made_at = models.DateTimeField("生成时间", help_text="内容没有变，时间也不变")

    class Meta:
        verbose_name = "开放数据"
        verbose_name_plural = "开放数据"

    class PersonalData:
        personal = ()
        plain = ("dataset", "content", "digest", "made_at")

    def __str__(self) -> str:
        return self.dataset
