"""Systems that the county has connected, what they filed and said, and what they are asked for beside words."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from cases.models import Case, CaseEvent, Category


class ApiKey(models.Model):
    """What a system proves itself by. Keys of one name are of one system: a new one takes the place of an old one, and what
    was filed stays the system's."""

    system = models.CharField("系统名称", max_length=40, help_text="例如“城市管理平台”；更换密钥时名称照旧")
    digest = models.CharField("密钥摘要", max_length=64, unique=True, editable=False)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="负责人", editable=False
    )
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("发放时间")
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "接入密钥"
        verbose_name_plural = "接入密钥"

    class PersonalData:
        personal = ("responsible",)
        plain = ("id", "system", "digest", "is_active", "created_at", "last_used_at")

    def __str__(self) -> str:
        return self.system


class Report(models.Model):
    """A request that came by a key."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="report", verbose_name="事项")
    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="reports", verbose_name="接入密钥")

    class Meta:
        verbose_name = "转来的诉求"
        verbose_name_plural = "转来的诉求"

    class PersonalData:
        personal = ()
        plain = ("case", "api_key")

    def __str__(self) -> str:
        return f"转来的诉求 {self.pk}"


class Relayed(models.Model):
    """What a system said of its request afterwards."""

    event = models.OneToOneField(
        CaseEvent, models.CASCADE, primary_key=True, related_name="relayed", verbose_name="经过"
    )
    submit_key = models.CharField("提交键", max_length=100, unique=True, help_text="同一条补充转来两次是一条")

    class Meta:
        verbose_name = "转来的补充"
        verbose_name_plural = "转来的补充"

    class PersonalData:
        personal = ()
        plain = ("event", "submit_key")

    def __str__(self) -> str:
        return f"转来的补充 {self.pk}"


class Datatype(models.TextChoices):
    """As the standard has them."""

    STRING = "string", "一行文字"
    TEXT = "text", "多行文字"
    NUMBER = "number", "数字"
    DATETIME = "datetime", "时间"
    ONE_OF = "singlevaluelist", "选一项"
    SOME_OF = "multivaluelist", "选几项"


LISTS = frozenset({Datatype.ONE_OF, Datatype.SOME_OF})


class Attribute(models.Model):
    """What requests of a category are asked for beside words: a number of a lamp, how deep the water stands."""

    category = models.ForeignKey(
        Category, models.CASCADE, related_name="attributes", limit_choices_to={"kind": "request"}, verbose_name="分类"
    )
    code = models.SlugField("代码", max_length=40, help_text="只用英文字母、数字和下划线；对方系统按它传，启用后不要改")
    description = models.CharField("问什么", max_length=100, help_text="例如“灯杆编号”")
    datatype = models.CharField("怎么答", max_length=20, choices=Datatype, default=Datatype.STRING)
    hint = models.CharField("填写说明", max_length=200, blank=True, help_text="例如“灯杆上的六位数字”")
    is_required = models.BooleanField("必填", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    values = models.TextField("选项", blank=True, help_text="选一项、选几项时填：每行一个")

    class Meta:
        verbose_name = "外部系统附加问题"
        verbose_name_plural = "外部系统附加问题"
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="attribute_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "category", "code", "description", "datatype", "hint", "is_required", "order", "values")

    def __str__(self) -> str:
        return f"{self.category} {self.description}"

    def clean(self) -> None:
        """Raises ValidationError at `values`: a list without any, or values of what is no list."""
        if (self.datatype in LISTS) != bool(self.choices):
            raise ValidationError({"values": "选一项、选几项要有选项，其他答法不填选项。"})

    @property
    def choices(self) -> list[str]:
        return [line.strip() for line in self.values.splitlines() if line.strip()]
