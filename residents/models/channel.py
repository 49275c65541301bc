"""What this portal does not dispatch, and where it belongs: the six kinds of 北京市接诉即办工作条例 11 and local ones."""

from django.db import models


class Channel(models.Model):
    name = models.CharField("情形", max_length=60, unique=True)
    advice = models.CharField("告知居民", max_length=300, help_text="说清该找谁、怎么找，例如“请立即拨打 110”")
    phone = models.CharField("电话", max_length=20, blank=True, help_text="填写后页面上可一键拨打")
    keywords = models.CharField("关键词", max_length=300, blank=True, help_text="用空格分开；居民的话里出现时当场提示")
    is_emergency = models.BooleanField("人身危险", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "不派单情形"
        verbose_name_plural = "不派单情形"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "advice", "phone", "keywords", "is_emergency", "order", "is_active")

    def __str__(self) -> str:
        return self.name
