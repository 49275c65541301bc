"""Template = a text that a service outside has approved, for some kinds of message. A kind goes out of the house by the ways
for which it has one: so what is sent by SMS is the county's choice, and costs nothing by mistake."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from gateways.wechat.fields import is_field
from notices.texts import OFFICIAL, SMS, TEXTS, WECHAT, matching


class Template(models.Model):
    class Channel(models.TextChoices):
        WECHAT = WECHAT, "小程序订阅消息"
        OFFICIAL = OFFICIAL, "公众号模板消息"
        SMS = SMS, "短信"

    channel = models.CharField("渠道", max_length=20, choices=Channel)
    kinds = models.CharField(
        "消息种类",
        max_length=60,
        help_text="写种类的代号，* 代表任意一段；写得最细的先用",
    )
    template_id = models.CharField(
        "模板编号", max_length=100, blank=True, help_text="平台审核通过后给的编号；没有编号不能启用"
    )
    fields = models.TextField(
        "字段",
        blank=True,
        help_text="每行一个：字段名=内容，顺序同模板。花括号里的词换成消息的内容",
    )
    wording = models.CharField(
        "模板全文", max_length=300, blank=True, help_text="含签名，变量写作 ${字段名}；短信按它估算条数"
    )
    order = models.PositiveSmallIntegerField("先后", default=1, help_text="一条消息先走数字小的渠道，走不通再走下一个")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "消息模板"
        verbose_name_plural = "消息模板"
        ordering = ["kinds", "order", "channel"]
        constraints = [models.UniqueConstraint(fields=["channel", "kinds"], name="template_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "channel", "kinds", "template_id", "fields", "wording", "order", "is_active")

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.kinds}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(field, content) in the order of the template."""
        lines = (line.partition("=") for line in self.fields.splitlines() if line.strip())
        return [(name.strip(), content.strip()) for name, _, content in lines]

    @property
    def closeness(self) -> int:
        """How closely it names its kinds."""
        return len(self.kinds.replace("*", ""))

    def clean(self) -> None:
        """Every fault that the gateway would find when it is too late."""
        faults: dict[str, Any] = {}
        kinds = matching(self.kinds)
        if not kinds:
            faults["kinds"] = "没有这种消息。可用的种类见“消息种类一览”。"
        if words := self._fault_of_fields(kinds):
            faults["fields"] = words
        if self.is_active and not self.template_id:
            faults["template_id"] = "启用之前，请填平台审核通过后给的编号。"
        if faults:
            raise ValidationError(faults)

    def _fault_of_fields(self, kinds: list[str]) -> str:
        known = set.intersection(*({*TEXTS[kind].fields_known} for kind in kinds)) if kinds else set()
        for name, content in self.pairs:
            if not name or not content:
                return f"“{name or content}”应写成 字段名=内容。"
            if self.channel != SMS and not is_field(name):
                return f"“{name}”不是微信模板的字段名，应如 thing1、time4。"
            try:
                content.format_map(dict.fromkeys(known, ""))
            except KeyError as missing:
                return f"这些消息不都有 {{{missing.args[0]}}}；都有的是：{'、'.join(sorted(known))}。"
            except (ValueError, IndexError, AttributeError):
                return f"“{content}”里的花括号不成对。"
        return ""
