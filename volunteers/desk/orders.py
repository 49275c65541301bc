"""Opening a service and asking people for it: proposals with their reasons, people decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.models import User
from accounts.requests import PersonRequest
from cases.engine.access import access_case, standing_of
from cases.models import Case
from cases.workflow import ASKER
from grids.models import Grid
from grids.rights.entry import area, verb
from volunteers.desk.area import own_area
from volunteers.dispatch import candidates
from volunteers.forms.orders import OfferForm, OrderForm
from volunteers.models import Need
from volunteers.services import orders
from volunteers.workflow import STAFF
from web.posted import posted

SHOWN = 30
"""Proposals on one page: who is not among the first thirty is not near."""


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def new(request: PersonRequest) -> HttpResponse:
    """A service, for a need or by itself."""
    area = own_area(request)
    need = asked_need(request, area)
    form = OrderForm(posted(request), within=area, initial=said_by(need))
    if form.is_valid():
        try:
            case = _open(request, need, dict(form.cleaned_data))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:offer", number=case.number)
    context = {"form": form, "need": need, "title": "登记一次服务", "button": "下一步：请谁"}
    return render(request, "volunteers/form.html", context)


def asked_need(request: HttpRequest, area: Any) -> Need | None:
    text = request.GET.get("need")
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


def _open(request: PersonRequest, need: Need | None, cleaned: dict[str, Any]) -> Case:
    asker = cleaned.pop("phone") or asker_of(need)
    return orders.open_order(
        **cleaned,
        place=place_of(need, cleaned["grid"]),
        need=need,
        asker=asker,
        by=request.user,
        at=timezone.now(),
    )


def asker_of(need: Need | None) -> User | None:
    """Who asked, where the need comes from a request."""
    if need is None or need.request is None:
        return None
    seat = need.request.seats.filter(role=ASKER, until_at=None).select_related("person").first()
    return seat.person if seat else None


def place_of(need: Need | None, grid: Grid) -> str:
    return grid.name if need is None or need.request is None else need.request.place


def _to_offer(request: HttpRequest, number: str) -> Case:
    case = access_case(request.user, number)
    if case.kind != "service":
        raise Http404
    if not STAFF & standing_of(request.user, case):
        raise PermissionDenied
    return case


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _to_offer))
def offer(request: PersonRequest, number: str) -> HttpResponse:
    """派单: whom to ask."""
    case = _to_offer(request, number)
    proposals = candidates.for_order(case.service)[:SHOWN]
    form = OfferForm(posted(request), proposals=proposals, initial={"version": case.version})
    if form.is_valid():
        chosen = form.cleaned_data["people"]
        people = User.objects.in_bulk(chosen)
        whys = {proposal.candidate.key: proposal.why for proposal in proposals}
        try:
            orders.offer(
                case=case,
                people=[people[key] for key in chosen],
                by=request.user,
                at=timezone.now(),
                version=form.cleaned_data["version"],
                whys=whys,
                all_at_once=form.cleaned_data["all_at_once"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "邀请已发出，有答复会通知您。")
            return redirect(case)
    return render(request, "volunteers/orders/offer.html", {"form": form, "case": case, "proposals": proposals})
