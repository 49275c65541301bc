"""Opening a service and asking people for it: proposals with their reasons, people decide."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.models import User
from accounts.requests import PersonRequest
from cases.engine.access import access_case, standing_of
from cases.models import Case
from grids.rights.entry import area, verb
from volunteers.desk.area import own_area
from volunteers.dispatch import candidates
from volunteers.forms.orders import OfferForm, OrderForm
from volunteers.reading.needs import asked_need, order_for, said_by
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
    need = asked_need(request.GET.get("need"), area)
    form = OrderForm(posted(request), within=area, initial=said_by(need))
    if form.is_valid():
        try:
            case = orders.open_order(**order_for(need, form.cleaned_data), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:offer", number=case.number)
    context = {"form": form, "need": need, "title": "登记一次服务", "button": "下一步：请谁"}
    return render(request, "volunteers/form.html", context)


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
