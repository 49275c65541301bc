"""Who disputes with whom, what each side wants, and what stays between one side and the mediators."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.ages import birth_date_in, is_minor, is_minor_by_year
from accounts.personal_data import EncryptedTextField, mask_name
from disputes.models.dispute import Dispute

USER = settings.AUTH_USER_MODEL


class Side(models.TextChoices):
    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "被申请人"
    THIRD = "third", "第三人"


class Will(models.TextChoices):
    """Mediation is voluntary (人民调解法 3, 17): what this party said to it."""

    ASKS = "asks", "申请调解"
    AGREES = "agrees", "同意调解"
    REFUSES = "refuses", "不同意调解"


WILLING = (Will.ASKS, Will.AGREES)


class Gender(models.TextChoices):
    """GB/T 2261.1."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class IdConsent(models.TextChoices):
    """How this party agreed, apart from all else, that their number is used (个人信息保护法 29)."""

    ONLINE = "online", "本人在线同意"
    PAPER = "paper", "纸面同意，原件存卷"


class Party(models.Model):
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties", verbose_name="纠纷")
    side = models.CharField("一方", max_length=20, choices=Side)
    person = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="平台账号")
    name = models.CharField("姓名", max_length=80, blank=True)
    phone = EncryptedTextField("手机号", blank=True)
    phone_index = models.CharField("手机号索引", max_length=64, blank=True, editable=False)
    organisation = models.CharField("单位名称", max_length=100, blank=True)
    representative = models.CharField("法定代表人或负责人", max_length=80, blank=True)
    agent = models.CharField("委托代理人", max_length=80, blank=True)
    agent_phone = EncryptedTextField("代理人电话", blank=True)
    id_number = EncryptedTextField("身份证号", blank=True)
    id_consent = models.CharField(
        "身份证号单独同意", max_length=10, choices=IdConsent, blank=True, help_text="个人信息保护法第二十九条"
    )
    id_consent_at = models.DateTimeField("单独同意时间", null=True, blank=True)
    gender = models.CharField("性别", max_length=1, choices=Gender, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    occupation = models.CharField("职业或职务", max_length=40, blank=True)
    address = EncryptedTextField("住址", blank=True)
    is_said_minor = models.BooleanField(
        "未成年人", default=False, help_text="不知道出生日期时以此为准；知道的，以出生日期为准"
    )
    guardian = models.CharField("监护人", max_length=80, blank=True)
    language = models.CharField("需要翻译的语言", max_length=20, blank=True, help_text="例如：政和话、手语")
    will = models.CharField("意愿", max_length=10, choices=Will, blank=True)
    will_at = models.DateTimeField("表明意愿时间", null=True, blank=True)
    extension_agreed_at = models.DateTimeField("同意延期时间", null=True, blank=True)
    score = models.PositiveSmallIntegerField("满意度", null=True, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True, blank=True)

    class Meta:
        verbose_name = "当事人"
        verbose_name_plural = "当事人"
        constraints = [
            models.UniqueConstraint(fields=["dispute", "person"], name="party_once_a_person"),
            models.UniqueConstraint(
                fields=["dispute", "phone_index"], condition=~Q(phone_index=""), name="party_once_a_phone"
            ),
            models.UniqueConstraint(
                fields=["dispute", "organisation"], condition=~Q(organisation=""), name="party_once_an_organisation"
            ),
            models.CheckConstraint(condition=~Q(name="", organisation=""), name="party_has_a_name"),
            models.CheckConstraint(
                condition=Q(will="", will_at=None) | (~Q(will="") & Q(will_at__isnull=False)), name="will_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(id_consent="", id_consent_at=None) | (~Q(id_consent="") & Q(id_consent_at__isnull=False)),
                name="id_consent_has_a_time",
            ),
            models.CheckConstraint(condition=Q(is_said_minor=False) | ~Q(guardian=""), name="minor_has_a_guardian"),
            models.CheckConstraint(
                condition=Q(score=None, rated_at=None) | Q(score__range=(1, 5), rated_at__isnull=False),
                name="party_score_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["phone_index"], condition=~Q(phone_index=""), name="party_by_phone")]

    class PersonalData:
        personal = (
            "person", "name", "phone", "phone_index", "organisation", "representative", "agent", "agent_phone",
            "id_number", "id_consent", "gender", "ethnicity", "birth_year", "occupation", "address", "is_said_minor", "guardian",
            "language", "will", "score",
        )  # fmt: skip
        plain = ("id", "dispute", "side", "id_consent_at", "will_at", "extension_agreed_at", "rated_at")

    def __str__(self) -> str:
        return f"当事人 {self.pk}"

    @property
    def is_willing(self) -> bool:
        return self.will in WILLING

    @property
    def birth_date(self) -> date | None:
        """As the ID number says, else as the account knows it. Loads the person."""
        if self.id_number:
            return birth_date_in(self.id_number)
        return self.person.birth_date if self.person else None

    def is_minor_at(self, at: datetime) -> bool:
        """Derived from the day of birth where it is known, from the year where that decides it; else as it was said."""
        if self.organisation:
            return False
        if self.birth_date is not None:
            return is_minor(self.birth_date, at)
        by_year = is_minor_by_year(self.birth_year, at) if self.birth_year else None
        return self.is_said_minor if by_year is None else by_year

    @property
    def title(self) -> str:
        """What a paper calls this party."""
        return self.organisation or self.name

    @property
    def label(self) -> str:
        """ "被申请人 赵建国"."""
        return f"{self.get_side_display()} {self.title}"

    @property
    def masked_title(self) -> str:
        return self.organisation or mask_name(self.name)


class Recusal(models.Model):
    """Somebody who must keep out of it: related to a party, or otherwise not free (回避)."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="recusals", verbose_name="纠纷")
    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="回避人")
    party = models.ForeignKey(Party, models.CASCADE, related_name="recusals", verbose_name="与哪一方有关")
    why = EncryptedTextField("事由")
    declared_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="声明人")
    declared_at = models.DateTimeField("声明时间")

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = "回避"
        constraints = [models.UniqueConstraint(fields=["dispute", "person"], name="recused_once")]

    class PersonalData:
        personal = ("person", "party", "why", "declared_by")
        plain = ("id", "dispute", "declared_at")

    def __str__(self) -> str:
        return f"回避 {self.pk}"


class MediatorRequest(models.Model):
    """A party wants another mediator (人民调解法 23); whoever holds the dispute decides."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="mediator_requests", verbose_name="纠纷")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="当事人")
    reason = EncryptedTextField("理由")
    asked_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True)
    is_granted = models.BooleanField("同意", null=True)

    class Meta:
        verbose_name = "更换调解员申请"
        verbose_name_plural = "更换调解员申请"
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(decided_at=None), name="one_mediator_request_waits"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_granted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False),
                name="mediator_request_decided_as_a_whole",
            ),
        ]

    class PersonalData:
        personal = ("party", "reason", "decided_by")
        plain = ("id", "dispute", "asked_at", "decided_at", "is_granted")

    def __str__(self) -> str:
        return f"更换调解员申请 {self.pk}"


class PrivateNote(models.Model):
    """Given between one party and the mediators; the other side never reads it (人民调解法 15)."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="private_notes", verbose_name="当事人")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="谁说的")
    words = EncryptedTextField("内容")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "单独沟通"
        verbose_name_plural = "单独沟通"

    class PersonalData:
        personal = ("by", "words")
        plain = ("id", "party", "at")

    def __str__(self) -> str:
        return f"单独沟通 {self.pk}"
