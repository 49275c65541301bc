"""What a dispute has beyond a case: the record of GB/T 31000-2015, and the tables staff edit.

Not stored, since the case knows it: 事件名称 (title), 化解时限 (finish_by_at), 化解组织 and 化解责任人 (holder), 化解是否成功
(outcome), 考评 (the parties' words). The title names the type only: what stands in lists and messages is no secret."""

from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from cases.models import Case
from disputes.models.querysets import DisputeQuerySet
from grids.models import Building, Level

STATUS_TYPES = ("0101", "0102", "0103")
"""Types whose agreements may settle a status (marriage, adoption, kinship), which courts do not confirm: where one is
drafted, it is asked whether it does (`Agreement.settles_status`)."""


class JudicialType(models.TextChoices):
    """The list of the 司法行政 report; it differs from the 综治 list, so each type names its own."""

    FAMILY = "family", "婚姻家庭"
    NEIGHBOUR = "neighbour", "邻里"
    HOUSING = "housing", "房屋宅基地"
    CONTRACT = "contract", "合同"
    BUSINESS = "business", "生产经营"
    DAMAGE = "damage", "损害赔偿"
    LABOUR = "labour", "劳动争议"
    VILLAGE = "village", "村务管理"
    LAND = "land", "山林土地"
    EXPROPRIATION = "expropriation", "征地拆迁"
    ENVIRONMENT = "environment", "环境污染"
    TRAFFIC = "traffic", "道路交通事故"
    MEDICAL = "medical", "医疗"
    PROPERTY = "property", "物业"
    CONSUMER = "consumer", "消费"
    OTHER = "other", "其他"


class DisputeType(models.Model):
    code = models.CharField("代码", max_length=4, primary_key=True, help_text="一级 2 位，二级 4 位")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级类别"
    )
    name = models.CharField("名称", max_length=40)
    judicial_type = models.CharField("司法行政统计类别", max_length=20, choices=JudicialType)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "纠纷类别"
        verbose_name_plural = "纠纷类别"

    class PersonalData:
        personal = ()
        plain = ("code", "parent", "name", "judicial_type", "is_active")

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """ "邻里纠纷 › 其他". Loads the parent."""
        return f"{self.parent.name} › {self.name}" if self.parent else self.name

    @property
    def may_concern_status(self) -> bool:
        return self.code in STATUS_TYPES


class PlainKind(models.Model):
    """What a resident picks instead of a legal type: in their words, and the type it stands for until who mediates has
    looked."""

    name = models.CharField("居民看到的说法", max_length=40, unique=True)
    type = models.ForeignKey(DisputeType, models.PROTECT, related_name="+", verbose_name="先归入")
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "居民选的类别"
        verbose_name_plural = "居民选的类别"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "type", "order", "is_active")

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    PARTY = "party", "当事人申请"
    BOTH = "both", "双方申请"
    GRID = "grid", "网格员发现"
    REQUEST = "request", "诉求转来"
    POLICE = "police", "公安移送"
    COURT = "court", "法院委派"
    OTHER = "other", "其他层级移交"


class Scale(models.TextChoices):
    SINGLE = "01", "个体性事件"
    GROUP = "02", "一般群体性事件"
    LARGE_GROUP = "03", "重大群体性事件"


class Method(models.TextChoices):
    """化解方式. The standard's own numbers are not public: words are stored, not numbers."""

    MEDIATION = "mediation", "人民调解"
    ADMINISTRATIVE = "administrative", "行政调解"
    JUDICIAL = "judicial", "司法调解"
    PROFESSIONAL = "professional", "行业性专业性调解"
    OTHER = "other", "其他"


class Difficulty(models.TextChoices):
    SIMPLE = "simple", "简易"
    NORMAL = "normal", "一般"
    COMPLEX = "complex", "疑难复杂"


class Outcome(models.TextChoices):
    """How it ended: `Case.outcome` of a dispute."""

    SETTLED_ORAL = "settled_oral", "口头协议"
    SETTLED_WRITTEN = "settled_written", "书面协议"
    SETTLED_CONFIRMED = "settled_confirmed", "已司法确认"
    FAILED = "failed", "调解不成"
    DECLINED = "declined", "不予受理"
    REFUSED = "refused", "一方拒绝"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


class Dispute(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="dispute", verbose_name="事项")
    type = models.ForeignKey(DisputeType, models.PROTECT, related_name="disputes", verbose_name="事件类别")
    plain_kind = models.ForeignKey(
        PlainKind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="居民选的类别"
    )
    occurred_on = models.DateField("发生日期")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋")
    place_note = EncryptedTextField("发生地点（详细）", blank=True)
    scale = models.CharField("事件规模", max_length=2, choices=Scale, default=Scale.SINGLE)
    people_count = models.PositiveIntegerField("涉及人数", null=True, blank=True, help_text="不填即当事人数")
    summary = EncryptedTextField("事件简述")
    wish = EncryptedTextField("申请事项", blank=True)
    units = models.CharField("涉及单位", max_length=200, blank=True)
    method = models.CharField("化解方式", max_length=20, choices=Method, default=Method.MEDIATION)
    result = EncryptedTextField("化解情况", blank=True)
    gaps = EncryptedTextField("卷宗缺件说明", blank=True, help_text="没有达成协议就结束的，卷宗缺什么、为什么")
    source = models.CharField("来源", max_length=20, choices=Source)
    is_public_security = models.BooleanField("治安案件", default=False, help_text="公安机关移送或委托调解的治安案件")
    has_violence_risk = models.BooleanField("有激化或暴力风险", default=False)
    difficulty = models.CharField("难易程度", max_length=10, choices=Difficulty, default=Difficulty.NORMAL)
    amount = models.DecimalField("涉及金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    converted_from = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="disputes_made", verbose_name="由诉求转来"
    )
    linked = models.ManyToManyField(Case, blank=True, related_name="+", verbose_name="关联事项")
    extended_to_at = models.DateTimeField(
        "延期至", null=True, blank=True, help_text="期限过后各方才同意的延期；原定期限不变，仍算超时"
    )
    settled_level = models.PositiveSmallIntegerField("化解层级", null=True, blank=True, choices=Level)
    submit_key = models.CharField("提交键", max_length=100, unique=True, help_text="同一张表单提交两次是一件")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = "矛盾纠纷"
        verbose_name_plural = "矛盾纠纷"
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="amount_not_negative"),
            models.UniqueConstraint(fields=["converted_from"], name="request_converted_once"),
        ]

    class PersonalData:
        personal = ("building", "place_note", "summary", "wish", "units", "result", "gaps")
        plain = (
            "case", "type", "plain_kind", "occurred_on", "scale", "people_count", "method", "source", "is_public_security",
            "has_violence_risk", "difficulty", "amount", "converted_from", "extended_to_at", "settled_level",
            "submit_key",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"矛盾纠纷 {self.pk}"

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.case.outcome).label) if self.case.outcome else ""


class Reason(models.Model):
    """Why a dispute is not taken on: the cases the law excludes."""

    name = models.CharField("情形", max_length=60, unique=True)
    source = models.CharField("依据", max_length=100, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "不予受理情形"
        verbose_name_plural = "不予受理情形"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "source", "order", "is_active")

    def __str__(self) -> str:
        return self.name


class Guidance(models.Model):
    """Where the parties can go instead (人民调解法 26), in words told to them."""

    name = models.CharField("途径", max_length=40, unique=True)
    advice = models.CharField("告知当事人", max_length=400)
    phone = models.CharField("电话", max_length=20, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "其他解决途径"
        verbose_name_plural = "其他解决途径"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "advice", "phone", "order", "is_active")

    def __str__(self) -> str:
        return self.name
