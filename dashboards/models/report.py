"""Reports that were delivered, kept as they were, and who wants to be sent them.

A report that was delivered does not change when its figures do: late corrections stand in the next one, and on the page of
the figures themselves."""

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.personal_data import EncryptedTextField
from dashboards.figures.periods import WORDS, Period
from dashboards.models.querysets import ReportQuerySet
from grids.models import Grid

CODES = ("day", "week", "month", "quarter")
KINDS = [(code, f"{WORDS[code]}报") for code in CODES]


class Report(models.Model):
    node = models.ForeignKey(
        Grid, models.PROTECT, null=True, related_name="+", verbose_name="网格", help_text="空为全县"
    )
    code = models.CharField("哪种", max_length=10, choices=KINDS)
    first = models.DateField("期初")
    content = models.JSONField("内容")
    place = models.CharField("哪里", max_length=60, help_text="生成时的名称")
    made_at = models.DateTimeField("生成时间")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "数据报告"
        verbose_name_plural = "数据报告"
        constraints = [
            models.UniqueConstraint(fields=["node", "code", "first"], nulls_distinct=False, name="report_once"),
        ]
        indexes = [models.Index(fields=["made_at"], name="report_by_time")]

    class PersonalData:
        personal = ()
        plain = ("id", "node", "code", "first", "content", "place", "made_at")

    def __str__(self) -> str:
        return f"{self.place}{self.period.words}{self.get_code_display()}"

    @property
    def period(self) -> Period:
        return Period.of(self.code, self.first)

    def get_absolute_url(self) -> str:
        return reverse("dashboards:report-kept", args=[self.pk])


class Subscription(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_subscriptions", verbose_name="订阅人"
    )
    node = models.ForeignKey(
        Grid, models.CASCADE, null=True, related_name="+", verbose_name="网格", help_text="空为全县"
    )
    code = models.CharField("哪种", max_length=10, choices=KINDS)
    mail = EncryptedTextField("邮箱", blank=True, help_text="空为只发站内消息")
    mail_confirmed_at = models.DateTimeField("邮箱确认时间", null=True)
    from_date = models.DateField("起", help_text="从这天以后结束的一期开始发")
    sent_first = models.DateField("已发到哪期", null=True, help_text="最近发过的一期的期初")
    try_at = models.DateTimeField("何时再试", null=True, help_text="上次没有做成的，到那时再试")

    class Meta:
        verbose_name = "报告订阅"
        verbose_name_plural = "报告订阅"
        constraints = [
            models.UniqueConstraint(fields=["person", "node", "code"], nulls_distinct=False, name="subscribed_once"),
        ]

    class PersonalData:
        personal = ("person", "mail")
        plain = ("id", "node", "code", "mail_confirmed_at", "from_date", "sent_first", "try_at")

    def __str__(self) -> str:
        return f"报告订阅 {self.pk}"

    @property
    def place_name(self) -> str:
        return self.node.name if self.node else "政和县"

    def is_due(self, last: Period) -> bool:
        """Whether the last period that is over has not been sent, and ended while this person wanted it."""
        is_sent: bool = self.sent_first is not None and self.sent_first >= last.first
        begins: date = self.from_date
        return not is_sent and last.last >= begins
