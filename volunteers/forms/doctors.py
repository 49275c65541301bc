"""What the pages of 家庭医生签约 ask for. Shape only; volunteers/services/doctors.py says what is allowed."""

from typing import Any

from django import forms

from grids.models import Grid
from grids.models.querysets import GridQuerySet
from volunteers.forms.shared import offer_homes, offer_nodes
from web.time_fields import Day

AGREED = "{}同意把姓名和电话交给负责这里的社区卫生服务中心或卫生院，只用来联系签约"


class AskForm(forms.Form):
    """For oneself: where one lives; name and phone are known."""

    grid = forms.ModelChoiceField(
        label="住在哪里",
        queryset=Grid.objects.none(),
        empty_label="请选择小区或社区",
        error_messages={"required": "请选择居住的小区，不在小区里就选社区。"},
    )
    has_agreed = forms.BooleanField(label=AGREED.format("我"), required=False, help_text="不用写病情；随时可以撤回。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_homes(self.fields["grid"])


class AskForForm(AskForm):
    """For somebody who asked the grid leader."""

    name = forms.CharField(label="签约人姓名", max_length=50, error_messages={"required": "请填写签约人姓名。"})
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        error_messages={"required": "请填写联系电话。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ["name", "phone", "grid", "has_agreed"]

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_nodes(self.fields["grid"], within)
        self.fields["grid"].error_messages["required"] = "请选择签约人住在哪里。"
        self.fields["has_agreed"].label = AGREED.format("本人")
        self.fields["has_agreed"].help_text = "请先问过本人。不写病情。"


class SignForm(forms.Form):
    doctor = forms.CharField(
        label="签约医生或团队", max_length=40, error_messages={"required": "请填写签约的医生或团队。"}
    )
    signed_date = Day(label="签约日期")


class EndForm(forms.Form):
    reason = forms.CharField(
        label="结束的原因", max_length=200, error_messages={"required": "请写明原因，例如“搬走了”。"}
    )


class PhoneForm(forms.Form):
    reason = forms.CharField(
        label="为什么查看电话", max_length=100, error_messages={"required": "请写明为什么查看，例如“约签约时间”。"}
    )
