"""Choosing an address: the 小区 (or community) first, then its building. Used wherever somebody says where it is."""

from typing import Any

from django import forms

from grids.asked import row_of
from grids.models import Building, Grid, Level
from grids.querysets import GridQuerySet


class DoorForm(forms.Form):
    """Once a 小区 is picked, be it on a form still being filled in, its buildings are offered (`estate`)."""

    place = forms.ModelChoiceField(
        label="在哪个小区",
        queryset=Grid.objects.none(),
        empty_label="请选择小区",
        help_text="不在小区里（道路、公园、店面）就选社区。",
        error_messages={
            "required": "请选择小区，不在小区里就选社区。",
            "invalid_choice": "这个地点已撤并，请重新选择。",
        },
    )
    building = forms.ModelChoiceField(
        label="哪一栋（可不选）",
        queryset=Building.objects.none(),
        required=False,
        empty_label="不清楚，或在公共区域",
        error_messages={"invalid_choice": "这一栋不在所选小区里，请重新选择。"},
    )

    def __init__(self, *args: Any, within: GridQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = (Grid.objects.all() if within is None else within).standing()
        places = places.filter(level__in=(Level.COMMUNITY, Level.ESTATE))
        self.fields["place"].queryset = places
        self.fields["place"].choices = [("", "请选择小区"), *_grouped(places)]
        self.estate = _estate(self.data.get("place") or self.initial.get("place"))
        if self.estate is not None:
            self.fields["building"].queryset = Building.objects.filter(estate=self.estate).order_by("pk")
            self.fields["building"].label_from_instance = lambda building: building.label


def _estate(said: Any) -> Grid | None:
    return row_of(Grid.objects.standing().filter(level=Level.ESTATE), str(said or ""))


def _grouped(places: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Estates under their community, the community itself last: one query."""
    groups: list[tuple[Grid, list[tuple[int, str]]]] = []
    for node in places.order_by("tree_id", "lft"):
        if node.level == Level.COMMUNITY:
            groups.append((node, []))
        elif groups:
            groups[-1][1].append((node.pk, node.name))
    return [
        (community.name, [*estates, (community.pk, f"{community.name}（不在小区里）")]) for community, estates in groups
    ]
