from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from grids.models import Grid, Post
from grids.roles import COUNTY, ROLES
from web.choices import choice_of_rows, offer_rows
from webhooks.models import Delivery, Endpoint

RESPONSIBLE = [code for code, role in ROLES.items() if "rules" in role.verbs and COUNTY in role.levels]


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Endpoint
        fields = ("name", "url", "kinds", "area", "responsible", "is_active")
        error_messages = {
            "name": {"required": "请填写名称。", "unique": "已有同名的推送对象。"},
            "url": {"required": "请填写推送地址。"},
            "kinds": {"required": "请填写事件种类。"},
        }

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, responsible = (choice_of_rows(self.fields[name]) for name in ("area", "responsible"))
        area.empty_label, responsible.empty_label = "全县", "请选择"
        nodes = Grid.objects.current().order_by("tree_id", "lft")
        offer_rows(area, nodes, lambda node: "　" * node.level + node.name)
        posts = Post.objects.held_at(at).filter(role__in=RESPONSIBLE)
        offer_rows(responsible, User.objects.filter(pk__in=posts.values("person")).order_by("pk"), _name)
        responsible.required = True
        responsible.error_messages["required"] = "请选择负责人。"


def _name(person: User) -> str:
    return person.name


class DeliveryFilter(forms.Form):
    """Which deliveries are shown. What is no choice narrows nothing."""

    endpoint = forms.ModelChoiceField(
        label="推送对象", required=False, queryset=Endpoint.objects.all(), empty_label="全部"
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Delivery.State.choices])

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
