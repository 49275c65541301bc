"""What a service takes over from the need that it is for, and who may see that need."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from cases.engine.access import access_case, standing_of
from cases.models import Case
from cases.workflow import ASKER
from grids.models import Grid
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import Visitor
from volunteers.models import Need
from volunteers.services.lists import BECOME_NEEDS


def need_in(area: GridQuerySet, key: UUID) -> Need:
    """With what its page shows. Raises Http404 outside the area."""
    related = ("grid", "category", "request", "noted_by", "became", "reported_by", "doctor_signing")
    return get_object_or_404(Need.objects.filter(grid__in=area).select_related(*related), key=key)


def to_convert(person: Visitor, number: str) -> Case:
    """What may become a need, for whoever handles it. Raises Http404."""
    case = access_case(person, number)
    if case.kind not in BECOME_NEEDS or not standing_of(person, case) - {ASKER}:
        raise Http404
    return case


def asked_need(text: str | None, area: GridQuerySet) -> Need | None:
    """The open need of this key, None where none is named. Raises Http404."""
    if not text:
        return None
    try:
        key = UUID(text)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Need, key=key, grid__in=area, ended_at=None)


def said_by(need: Need | None) -> dict[str, Any]:
    """What a form about this need begins with."""
    if need is None:
        return {}
    return {"title": need.title, "category": need.category_id, "grid": need.grid_id}


def asker_of(need: Need | None) -> User | None:
    """Who asked, where the need comes from a request."""
    if need is None or need.request is None:
        return None
    seat = need.request.seats.filter(role=ASKER, until_at=None).select_related("person").first()
    return seat.person if seat else None


def place_of(need: Need | None, grid: Grid) -> str:
    return grid.name if need is None or need.request is None else need.request.place


def order_for(need: Need | None, cleaned: dict[str, Any]) -> dict[str, Any]:
    """What `orders.open_order` takes beside who opens it and when, of the fields of `OrderForm`."""
    asked = dict(cleaned)
    asker = asked.pop("phone") or asker_of(need)
    return {**asked, "asker": asker, "need": need, "place": place_of(need, asked["grid"])}
