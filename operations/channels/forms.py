from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.timezone import localdate, make_aware

from notices.models import Delivery, Template
from notices.querysets import DeliveryQuerySet
from notices.texts import LABELS, SITE
from web.time_fields import Day

OUTSIDE = [(name, label) for name, label in LABELS.items() if name != SITE]


class DeliveryFilter(forms.Form):
    """Which deliveries are shown. What is no choice narrows nothing."""

    channel = forms.ChoiceField(label="渠道", required=False, choices=[("", "全部"), *OUTSIDE])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Delivery.State.choices])
    since = Day(label="从", required=False)
    until = Day(label="到", required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, rows: DeliveryQuerySet) -> DeliveryQuerySet:
        """The last 30 days where no day is chosen."""
        chosen = self.chosen
        until = chosen.get("until") or localdate()
        since = chosen.get("since") or until - timedelta(days=29)
        rows = rows.within(_midnight(since), _midnight(until + timedelta(days=1)))
        named: DeliveryQuerySet = rows.filter(**{name: chosen[name] for name in ("channel", "state") if name in chosen})
        return named


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(0)))


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Template
        fields = ("channel", "kinds", "template_id", "fields", "wording", "order", "is_active")
        widgets = {"fields": forms.Textarea(attrs={"rows": 5}), "wording": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["channel"]).choices = Template.Channel.choices  # none is no choice
