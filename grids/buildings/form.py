"""Choosing an address: the 小区 (or community) first, then its building. Used wherever somebody says where it is."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import ModelChoiceIterator

from grids.models import Building, Grid, Level
from grids.models.querysets import GridQuerySet
from web.choices import offer_rows, rows_of
from web.params import row_of, whole_number


class _Grouped(ModelChoiceIterator):  # type: ignore[type-arg]  # generic in the stubs only
    """Estates under their community, the community itself last: one query, and only where somebody is offered them. What
    is sent is looked up by its key."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        groups: list[tuple[Grid, list[tuple[int, str]]]] = []
        for node in self.queryset.order_by("tree_id", "lft"):
            if node.level == Level.COMMUNITY:
                groups.append((node, []))
            elif groups:
                groups[-1][1].append((node.pk, node.name))
        for community, estates in groups:
            yield community.name, [*estates, (community.pk, f"{community.name}（不在小区里）")]


class _KnownField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    known: Model | None = None
    """A row of the choices that was read already, with another one."""

    def to_python(self, value: Any) -> Any:
        if self.known is not None and str(value) == str(self.known.pk):
            return self.known
        return super().to_python(value)


class PlaceField(_KnownField):
    iterator = _Grouped


class DoorForm(forms.Form):
    """Once a 小区 is picked, be it on a form still being filled in, its buildings are offered (`estate`)."""

    place = PlaceField(
        label="在哪个小区",
        queryset=Grid.objects.none(),
        empty_label="请选择小区",
        help_text="不在小区里（道路、公园、店面）就选社区。",
        error_messages={
            "required": "请选择小区，不在小区里就选社区。",
            "invalid_choice": "这个地点已撤并，请重新选择。",
        },
    )
    building: "forms.ModelChoiceField[Any]" = _KnownField(
        label="哪一栋（可不选）",
        queryset=Building.objects.none(),
        required=False,
        empty_label="不清楚，或在公共区域",
        error_messages={"invalid_choice": "这一栋不在所选小区里，请重新选择。"},
    )

    def __init__(self, *args: Any, within: GridQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = (Grid.objects.all() if within is None else within).current()
        offer_rows(self.fields["place"], places.filter(level__in=(Level.COMMUNITY, Level.ESTATE)))
        key = whole_number(self._said)
        if key is not None:
            buildings = Building.objects.filter(estate=key, estate__level=Level.ESTATE, estate__retired_at=None)
            offer_rows(
                self.fields["building"],
                buildings.select_related("grid", "estate").order_by("pk"),
                lambda building: building.label,
            )
            if within is None:
                self._read_together()

    def _read_together(self) -> None:
        """A building that is said comes with its place, in one statement."""
        chosen = self.data.get("building")
        building = row_of(rows_of(self.fields["building"]), str(chosen)) if chosen else None
        if building is not None:
            for name, row in (("building", building), ("place", building.estate)):
                field = self.fields[name]
                if isinstance(field, _KnownField):
                    field.known = row

    @property
    def _said(self) -> str:
        return str(self.data.get("place") or self.initial.get("place") or "")

    @cached_property
    def estate(self) -> Grid | None:
        """The 小区 that is picked."""
        return row_of(_estates(), self._said)


def _estates() -> GridQuerySet:
    estates: GridQuerySet = Grid.objects.current().filter(level=Level.ESTATE)
    return estates
