"""What pages of projects built for residents ask for. Shape only; the services say what is allowed."""

from typing import Any

from django import forms

from cases.forms import WordsField
from grids.models import Building, Grid, Unit
from grids.models.querysets import GridQuerySet
from photos.fields import PhotosField
from volunteers.forms.shared import offer_nodes
from volunteers.models import Project
from web.choices import offer_rows
from web.time_fields import Day, Moment

Kind = Project.Kind


class StartForm(forms.Form):
    name = forms.CharField(label="项目名称", max_length=60, error_messages={"required": "请给项目起个名字。"})
    kind = forms.ChoiceField(
        label="类别", choices=[(kind.value, kind.label) for kind in Kind if kind != Kind.NEIGHBOUR]
    )
    grid = forms.ModelChoiceField(
        label="在哪里",
        queryset=Grid.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择地点，那里的居民来验收。"},
    )
    unit = forms.ModelChoiceField(
        label="牵头单位",
        queryset=Unit.objects.filter(is_active=True).order_by("name"),
        empty_label="请选择",
        error_messages={"required": "请选择牵头单位。"},
    )
    plan = WordsField(label="怎么做", max_length=2000, error_messages={"required": "请写几句怎么做。"})
    budget_note = forms.CharField(label="经费说明（可不填）", required=False, max_length=200)
    from_date = Day(label="开始")
    until_date = Day(label="计划完成")

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_nodes(self.fields["grid"], within)


class OpenForm(forms.Form):
    closes_at = Moment(label="验收到什么时候")
    least = forms.IntegerField(
        label="至少几户验收",
        min_value=1,
        max_value=10_000,
        initial=3,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写户数。", "invalid": "请填写整数。"},
    )


class InspectForm(forms.Form):
    building = forms.ModelChoiceField(
        label="您住哪一栋",
        queryset=Building.objects.none(),
        empty_label="请选择楼栋",
        error_messages={"required": "请选择您住的楼栋。", "invalid_choice": "这一栋不在项目范围里。"},
    )
    is_fine = forms.TypedChoiceField(
        label="做得好不好",
        choices=[("1", "好，满意"), ("0", "不好，要整改")],
        coerce=lambda answer: answer == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选好或不好。"},
    )
    words = WordsField(
        label="想说的话（不好的请写清楚哪里）",
        required=False,
        max_length=500,
        error_messages={"max_length": "最多 500 字，您写了 %(show_value)s 字。"},
    )
    photos = PhotosField(label="照片（可不选，最多 9 张）", required=False, can_wait=True)

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(grid__in=within.order_by()).select_related("estate")
        offer_rows(
            self.fields["building"],
            buildings.order_by("estate__tree_id", "estate__lft", "pk"),
            lambda building: f"{building.estate.name} {building.label}",
        )


class AcceptForm(forms.Form):
    result = forms.CharField(
        label="成果", max_length=300, error_messages={"required": "请写明成果。", "max_length": "最多 300 字。"}
    )
