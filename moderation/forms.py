from typing import Any

from django import forms

PUBLIC, WITHHELD = "public", "withheld"


class DecisionForm(forms.Form):
    """Which of the two buttons, and why not."""

    reason = forms.CharField(
        label="不公开的原因",
        max_length=100,
        required=False,
        help_text="不公开时要写，写的人和大家都会看到。",
        error_messages={"max_length": "最多 100 字，您写了 %(show_value)s 字，请精简一些。"},
    )
    answer = forms.ChoiceField(
        choices=[(PUBLIC, "公开"), (WITHHELD, "不公开")],
        error_messages={"required": "请点“公开”或“不公开”。", "invalid_choice": "请点“公开”或“不公开”。"},
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """What the service takes beside what it is about."""
        return {"is_public": self.cleaned_data["answer"] == PUBLIC, "reason": self.cleaned_data["reason"]}
