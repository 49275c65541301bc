from typing import Any, cast

from django import forms

from notices.models import Choices
from notices.quiet import is_quiet
from notices.texts import BY_TEMPLATE, LABELS

OFFERED = (8, 11, 14, 17, 20)
"""Hours at which all that came may be one message."""


class ChoicesForm(forms.Form):
    """By which ways a person wants to be told, and when."""

    ways = forms.MultipleChoiceField(
        label="站外提醒",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, LABELS[name]) for name in BY_TEMPLATE],
        help_text="站内消息始终都有。紧急事项和派给您办的工作，仍会用能送到的方式通知您。",
    )
    digest_hours = forms.TypedMultipleChoiceField(
        label="合成一条",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了整点，平常的消息到点合成一条提醒；不选，随到随发。紧急的不等。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = cast(forms.TypedMultipleChoiceField, self.fields["digest_hours"])
        hours.choices = [(hour, f"{hour}:00") for hour in OFFERED if not is_quiet(hour)]

    @staticmethod
    def initial_of(kept: Choices) -> dict[str, Any]:
        return {"ways": [name for name in BY_TEMPLATE if name not in kept.off], "digest_hours": kept.digest_hours}
