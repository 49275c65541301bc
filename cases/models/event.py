"""The story of a case. A database trigger refuses UPDATE and DELETE (migration 0002); words people said stand apart in
`Remark`, so that a person can be erased without touching what happened."""

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.workflow import STANDINGS
from grids.models import Post


class CaseEvent(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="events", verbose_name="事项")
    number = models.PositiveIntegerField("序号")
    verb = models.CharField("动作", max_length=30)
    from_state = models.CharField("原状态", max_length=30, blank=True)
    to_state = models.CharField("新状态", max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    standing = models.CharField("身份", max_length=20)
    at = models.DateTimeField("时间")
    said = models.JSONField("内容", default=dict, help_text="结构化内容：编号、原因代码、评分，不含人名与电话")
    holder = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="责任人")
    due_at = models.DateTimeField("时限", null=True)

    class Meta:
        verbose_name = "经过"
        verbose_name_plural = "经过"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number_once")]

    class PersonalData:
        personal = ("by",)
        plain = (
            "id",
            "case",
            "number",
            "verb",
            "from_state",
            "to_state",
            "standing",
            "at",
            "said",
            "holder",
            "due_at",
        )

    def __str__(self) -> str:
        return f"{self.case_id}#{self.number}"

    @property
    def new_state(self) -> str:
        """The state the arrow led to; "" where it stayed."""
        return self.to_state if self.to_state != self.from_state else ""

    @property
    def done_words(self) -> str:
        """ "已签收". Loads the case."""
        arrow = self.case.workflow.arrow(self.verb)
        return arrow.done_words(self.new_state) if arrow else "已提交"

    @property
    def standing_label(self) -> str:
        return STANDINGS[self.standing]


class Remark(models.Model):
    event = models.OneToOneField(CaseEvent, models.CASCADE, primary_key=True, related_name="remark")
    words = models.TextField("说明")

    class Meta:
        verbose_name = "说明"
        verbose_name_plural = "说明"

    class PersonalData:
        personal = ("words",)
        plain = ("event",)

    def __str__(self) -> str:
        return f"说明 {self.pk}"
