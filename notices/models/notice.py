"""Notice = one message to one person: what happened, as facts. The row is the promise; delivery only works it off, by
the channels that the person has by then."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from notices import texts
from notices.querysets import NoticeQuerySet


class Notice(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人")
    kind = models.CharField("种类", max_length=60)
    facts = models.JSONField("内容", null=True, help_text="按种类的文字说出来；空的是已经删除")
    cause = models.CharField("起因", max_length=80, help_text="说的是哪件事，如 event:123")
    path = models.CharField("打开", max_length=200, blank=True, help_text="点开通知后的站内地址")
    dedupe_key = models.CharField("去重键", max_length=150, unique=True)
    digest = models.CharField("合并键", max_length=80, blank=True, help_text="送出前，同一收件人同一键的通知合成一条")
    count = models.PositiveIntegerField("合并条数", default=1)
    is_urgent = models.BooleanField("紧急", default=False, help_text="夜里也送，不并入汇总")
    told_at = models.DateTimeField("通知时间")
    due_at = models.DateTimeField("应送时间")
    held_until = models.DateTimeField("等到", null=True, help_text="站内已可读；站外等免打扰过去或等汇总")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    sent_over = ArrayField(models.CharField(max_length=20), verbose_name="已送渠道", default=list)
    sent_at = models.DateTimeField("送达时间", null=True)
    failed = models.CharField("失败原因", max_length=200, blank=True)
    read_at = models.DateTimeField("已读时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="notice_unsent"),
            models.Index(fields=["person", "-told_at"], name="notice_by_person"),
            models.Index(fields=["path"], name="notice_by_path"),
            models.Index(
                fields=["person", "digest"],
                condition=models.Q(sent_at=None) & ~models.Q(digest=""),
                name="notice_to_gather",
            ),
        ]

    class PersonalData:
        personal = ("person", "facts")
        plain = (
            "id",
            "kind",
            "cause",
            "path",
            "dedupe_key",
            "digest",
            "count",
            "is_urgent",
            "told_at",
            "due_at",
            "held_until",
            "leased_until",
            "tries",
            "sent_over",
            "sent_at",
            "failed",
            "read_at",
        )

    def __str__(self) -> str:
        return f"通知 {self.pk}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def words(self) -> str:
        """As the site says it."""
        return texts.sentence(self.kind, self.facts, count=self.count)
