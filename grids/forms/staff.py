"""What the staff's desk asks for when it changes the tree, posts and doors. Shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.forms.fields import PhoneField
from grids.forms.fields import NodeChoice
from grids.models import Building, Grid, Territory
from grids.roles import role_choices
from web.time_fields import Day


class GridChoice(NodeChoice):
    """A node of either tree."""

    widget = UnfoldAdminSelect2Widget


def node_choice(label: str, nodes: QuerySet[Any], *, required: bool = True) -> GridChoice:
    return GridChoice(
        label=label,
        queryset=nodes.order_by("tree_id", "lft"),
        required=required,
        error_messages={"required": f"请选择{label}。"},
    )


class NodeForm(forms.Form):
    """A new node, or a new name for one."""

    name = forms.CharField(label="名称", max_length=60, widget=UnfoldAdminTextInputWidget)
    code = forms.CharField(
        label="编码（可不填）",
        required=False,
        max_length=15,
        widget=UnfoldAdminTextInputWidget,
        help_text="社区填 12 位区划代码；网格不填则自动编 15 位。",
    )


class SplitForm(forms.Form):
    name = forms.CharField(label="新网格名称", max_length=60, widget=UnfoldAdminTextInputWidget)
    children = forms.ModelMultipleChoiceField(
        label="分出去的下级",
        queryset=Grid.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    buildings = forms.ModelMultipleChoiceField(
        label="分出去的楼栋",
        queryset=Building.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class DutyPhoneForm(forms.Form):
    phone = forms.CharField(
        label="值班电话",
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget,
        help_text="公开给居民的办公或值班电话，例如 0599-3321234；不填个人手机。清空即不公布。",
    )


class InPostForm(forms.Form):
    """Who, from–until. The person is named by phone; a new one gets an account without a password."""

    phone = PhoneField(label="手机号", max_length=30, widget=UnfoldAdminTextInputWidget)
    name = forms.CharField(
        label="姓名", max_length=50, widget=UnfoldAdminTextInputWidget, help_text="已有账号的人以账号上的姓名为准。"
    )
    from_date = Day(
        label="从哪天起（可不填）", required=False, widget=UnfoldAdminSingleDateWidget, help_text="不填为现在。"
    )
    until_date = Day(
        label="到哪天止（可不填）",
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text="代岗请填写最后一天，过后自动失效。",
    )


class AppointForm(InPostForm):
    """Who, as what, where."""

    role = forms.ChoiceField(
        label="职务",
        choices=role_choices,
        widget=UnfoldAdminSelectWidget,
    )
    grid = GridChoice(label="任职网格", queryset=Grid.objects.none(), required=False, help_text="县级职务不选。")
    field_order = ["phone", "name", "role", "grid"]


class TerritoryAppointForm(InPostForm):
    """Who of the 五长, where."""

    node = GridChoice(
        label="片区、街巷、邻里、楼栋或户组",
        queryset=Territory.objects.none(),
        error_messages={"required": "请选择在哪里任职。"},
    )
    field_order = ["phone", "name", "node"]


class AreaForm(forms.Form):
    """A new 片区."""

    name = forms.CharField(label="名称", max_length=60, widget=UnfoldAdminTextInputWidget)
    grid = GridChoice(label="挂钩社区", queryset=Grid.objects.none(), error_messages={"required": "请选择社区。"})


class CoverForm(forms.Form):
    grid = GridChoice(label="网格", queryset=Grid.objects.none())
    name = forms.CharField(label="楼栋", max_length=30, widget=UnfoldAdminTextInputWidget, help_text="例如 3幢")
    unit = forms.CharField(label="单元（可不填）", max_length=30, required=False, widget=UnfoldAdminTextInputWidget)
