"""What the parties agreed to, who assented to it, how it is kept, and the court's confirmation."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from disputes.models.dispute import Dispute
from disputes.models.party import Party

USER = settings.AUTH_USER_MODEL


class Form(models.TextChoices):
    ORAL = "oral", "口头协议"
    WRITTEN = "written", "书面协议"


class Agreement(models.Model):
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="agreements", verbose_name="纠纷")
    form = models.CharField("形式", max_length=10, choices=Form)
    facts = EncryptedTextField("主要事实和争议事项")
    responsibilities = EncryptedTextField("各方责任")
    settles_status = models.BooleanField(
        "涉及身份关系", null=True, blank=True, help_text="确认或解除婚姻、收养、亲子等身份关系；没有问过的为空"
    )
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="拟定人")
    drafted_at = models.DateTimeField("拟定时间")
    withdrawn_at = models.DateTimeField("作废时间", null=True, blank=True, help_text="有一方不同意，重新商谈")
    effective_at = models.DateTimeField("生效时间", null=True, blank=True)
    confirm_by_at = models.DateTimeField("司法确认期限", null=True, blank=True)
    confirm_reminded_at = models.DateTimeField("已提醒", null=True, blank=True)
    confirm_asked_at = models.DateTimeField("申请司法确认时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("司法确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "调解协议"
        verbose_name_plural = "调解协议"
        constraints = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(withdrawn_at=None), name="one_agreement_stands"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(effective_at=None), name="effective_agreement_stays"
            ),
            models.CheckConstraint(
                condition=Q(effective_at=None, confirm_by_at=None)
                | Q(effective_at__isnull=False, confirm_by_at__isnull=False),
                name="effective_agreement_counts_confirmation",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirm_asked_at__isnull=False), name="confirmed_after_asked"
            ),
            models.CheckConstraint(
                condition=Q(confirm_asked_at=None) | Q(confirm_asked_at__lte=models.F("confirm_by_at")),
                name="confirmation_asked_in_time",
            ),
            models.CheckConstraint(
                condition=Q(confirm_asked_at=None)
                | Q(form=Form.WRITTEN, settles_status=False, settles_status__isnull=False),
                name="confirmation_of_what_courts_confirm",
            ),
        ]

    class PersonalData:
        personal = ("facts", "responsibilities", "drafted_by")
        plain = (
            "id", "dispute", "form", "settles_status", "drafted_at", "withdrawn_at", "effective_at", "confirm_by_at",
            "confirm_reminded_at", "confirm_asked_at", "confirmed_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"调解协议 {self.pk}"


class Clause(models.Model):
    """One thing that is to be done: what, how, by when (人民调解法 29)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses", verbose_name="协议")
    number = models.PositiveSmallIntegerField("第几条")
    what = EncryptedTextField("协议内容")
    how = EncryptedTextField("履行方式")
    deadline = models.DateField("履行期限")

    class Meta:
        verbose_name = "协议条款"
        verbose_name_plural = "协议条款"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="clause_number_once"),
            models.CheckConstraint(
                condition=Q(what__isblank=False, how__isblank=False), name="clause_says_what_and_how"
            ),
        ]

    class PersonalData:
        personal = ("what", "how")
        plain = ("id", "agreement", "number", "deadline")

    def __str__(self) -> str:
        return f"条款 {self.pk}"


class Assent(models.Model):
    """A party's yes to this very agreement; papers hang their signatures on it."""

    class How(models.TextChoices):
        ONLINE = "online", "本人在线确认"
        SPOKEN = "spoken", "当面口头确认"
        PAPER = "paper", "纸面签字"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="assents", verbose_name="协议")
    party = models.ForeignKey(Party, models.PROTECT, related_name="assents", verbose_name="当事人")
    how = models.CharField("方式", max_length=10, choices=How)
    at = models.DateTimeField("时间")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="记录人")

    class Meta:
        verbose_name = "协议确认"
        verbose_name_plural = "协议确认"
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="assent_once_a_party")]

    class PersonalData:
        personal = ("party", "recorded_by")
        plain = ("id", "agreement", "how", "at")

    def __str__(self) -> str:
        return f"协议确认 {self.pk}"


class Performance(models.Model):
    """Whether a clause was kept; the last word counts."""

    class Degree(models.TextChoices):
        DONE = "done", "已履行"
        PARTLY = "partly", "部分履行"
        NOT_DONE = "not_done", "未履行"

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="performances", verbose_name="条款")
    degree = models.CharField("履行情况", max_length=10, choices=Degree)
    at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="记录人")

    class Meta:
        verbose_name = "履行记录"
        verbose_name_plural = "履行记录"

    class PersonalData:
        personal = ("recorded_by",)
        plain = ("id", "clause", "degree", "at")

    def __str__(self) -> str:
        return f"履行记录 {self.pk}"


class PerformanceSaid(models.Model):
    """What a party says of a clause. It counts in no figure: who mediates asks both and writes down what is so."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="performances_said", verbose_name="条款")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="当事人")
    degree = models.CharField("履行情况", max_length=10, choices=Performance.Degree)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "当事人反映的履行情况"
        verbose_name_plural = "当事人反映的履行情况"

    class PersonalData:
        personal = ("party",)
        plain = ("id", "clause", "degree", "at")

    def __str__(self) -> str:
        return f"反映的履行情况 {self.pk}"


class Visit(models.Model):
    """回访: asking again afterwards (人民调解法 31)."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="visits", verbose_name="纠纷")
    words = EncryptedTextField("回访情况")
    visited_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="回访人")
    visited_at = models.DateTimeField("回访时间")

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"

    class PersonalData:
        personal = ("words", "visited_by")
        plain = ("id", "dispute", "visited_at")

    def __str__(self) -> str:
        return f"回访 {self.pk}"
