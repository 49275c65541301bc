"""Form fields of a topic's arrows: cases/forms.py has those of every kind. Shape only."""

from typing import Any

from django import forms

from cases.models import Case
from meetings.models import Matter
from web.time_fields import Day


class MatterChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, matter: Any) -> str:
        return f"{matter.name}（{matter.get_body_display()}）"


def _matter(case: Case, required: bool) -> forms.Field:
    """Those of this place's bodies first; others are refused with the reason."""
    return MatterChoice(
        label="哪一类事项",
        queryset=Matter.objects.filter(is_active=True).order_by("order", "pk"),
        empty_label="请选择",
        help_text="事项决定由谁定、要多少人同意。",
        error_messages={"required": "请选择是哪一类事项。", "invalid_choice": "这一类事项已停用，请另选一类。"},
    )


def _what(case: Case, required: bool) -> forms.Field:
    return forms.CharField(
        label="要做什么", max_length=80, error_messages={"required": "请写明要做什么。", "max_length": "最多 80 字。"}
    )


def _by_date(case: Case, required: bool) -> forms.Field:
    return Day(label="哪天前完成")


FIELDS = {"matter": _matter, "what": _what, "by_date": _by_date}
