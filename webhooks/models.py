"""Systems of others that hear what happens to cases, and what was sent to each.

A trigger writes a `Mark` in the transaction of an event, where anybody listens (migration 0002). webhooks/marks.py makes a
`Delivery` of it for each endpoint that wants it, webhooks/sending.py sends it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.personal_data import EncryptedTextField
from cases.models import Case, CaseEvent
from gateways.webhooks import fault_of
from grids.models import Grid
from notices.texts import matches
from webhooks.payload import types


class Endpoint(models.Model):
    name = models.CharField("名称", max_length=60, unique=True, help_text="例如：12345 平台")
    url = models.CharField("推送地址", max_length=300, help_text="对方给的网址，要用加密的连接")
    kinds = models.CharField(
        "事件种类",
        max_length=300,
        help_text="写种类的代号，星号代表任意一段，几种之间空一格",
    )
    area = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="范围", help_text="不选就是全县"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="负责人"
    )
    is_active = models.BooleanField("启用", default=True, help_text="停用期间发生的事不再补推")
    secret = EncryptedTextField("密钥")
    made_at = models.DateTimeField("添加时间")
    gone_at = models.DateTimeField("对方停收时间", null=True, help_text="对方答复 410，自动停用")

    class Meta:
        verbose_name = "推送对象"
        verbose_name_plural = "推送对象"
        ordering = ["name"]

    class PersonalData:
        personal = ("responsible",)
        plain = ("id", "name", "url", "kinds", "area", "is_active", "secret", "made_at", "gone_at")

    def __str__(self) -> str:
        return self.name

    @property
    def patterns(self) -> list[str]:
        return self.kinds.split()

    def wants(self, type_of_event: str, node: Grid) -> bool:
        """Loads the area."""
        is_of_kind = any(matches(pattern, type_of_event) for pattern in self.patterns)
        return is_of_kind and (self.area is None or self.area.covers(node))

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if self.url and (words := fault_of(self.url)):
            faults["url"] = words
        for pattern in self.patterns:
            if not any(matches(pattern, code) for code in types()):
                faults["kinds"] = f"没有“{pattern}”这种事件。可用的种类见“事件种类一览”。"
        if faults:
            raise ValidationError(faults)


class Mark(models.Model):
    """An event that nobody has looked at yet for who wants it. Written by a trigger."""

    event = models.OneToOneField(CaseEvent, models.CASCADE, primary_key=True, related_name="+", verbose_name="经过")

    class Meta:
        verbose_name = "待推送的经过"
        verbose_name_plural = "待推送的经过"

    class PersonalData:
        personal = ()
        plain = ("event",)

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One event to one endpoint."""

    class State(models.TextChoices):
        WAITING = "waiting", "待推送"
        ARRIVED = "arrived", "已送达"
        GIVEN_UP = "given_up", "未送达"
        WITHHELD = "withheld", "不再公开"

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries", verbose_name="推送对象")
    event = models.ForeignKey(CaseEvent, models.CASCADE, related_name="+", verbose_name="经过")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name="事项")
    type = models.CharField("事件种类", max_length=70)
    body = models.TextField("内容", blank=True, help_text="推送的原文；事项不再公开的，空")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField("时间")
    due_at = models.DateTimeField("应推时间")
    leased_until = models.DateTimeField("占用至", null=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    tried_at = models.DateTimeField("最近一次", null=True)
    status = models.PositiveSmallIntegerField("对方答复", null=True, help_text="HTTP 状态码；没有答复的，空")
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "推送记录"
        verbose_name_plural = "推送记录"
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_once")]
        indexes = [
            models.Index(fields=["endpoint", "case", "event"], condition=Q(state="waiting"), name="webhook_waiting"),
            models.Index(fields=["-made_at", "-id"], name="webhook_newest"),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id", "endpoint", "event", "case", "type", "body", "state", "made_at", "due_at", "leased_until", "tries",
            "tried_at", "status", "error",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """The same however often it is sent: by it the other side knows what it has already."""
        return f"event-{self.event_id}"
