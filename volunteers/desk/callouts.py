"""应急动员 at the desk: plans, the one act that calls out, the board that fills, the report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from cases.models import Case
from cases.reading.story import cards
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from volunteers.desk.area import own_area
from volunteers.forms.shared import CallOutForm, EndCallOutForm
from volunteers.models import CallOut, Plan
from volunteers.services import callouts
from web.posted import posted


@require_safe
@opens_to(verb("dispatch"))
def plans(request: HttpRequest) -> HttpResponse:
    area = own_area(request)
    return render(
        request,
        "volunteers/projects/plans.html",
        {
            "plans": Plan.objects.filter(grid__in=area, is_active=True).order_by("hazard", "name"),
            "call_outs": CallOut.objects.filter(plan__grid__in=area).select_related("plan").order_by("-called_at")[:20],
        },
    )


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    plan: Plan = get_object_or_404(Plan, pk=plan_id, grid__in=own_area(request))
    return plan


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _plan))
def call(request: PersonRequest, plan_id: int) -> HttpResponse:
    """发出动员: written, then asked once more with the number of people it reaches, then sent. Where that number has changed
    meanwhile, it is asked again."""
    plan = _plan(request, plan_id)
    form = CallOutForm(posted(request), initial={"words": plan.words})
    if form.is_valid():
        at, cleaned = timezone.now(), dict(form.cleaned_data)
        told = cleaned.pop("told")
        try:
            reach = callouts.reach_of(plan=plan, by=request.user, at=at)
            if told != reach.people:
                return render(
                    request, "volunteers/callouts/sure.html", {"plan": plan, "cleaned": cleaned, "reach": reach}
                )
            made = callouts.call_out(plan=plan, by=request.user, at=at, **cleaned)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:board", key=made.key)
    return render(
        request,
        "volunteers/form.html",
        {"form": form, "title": f"动员：{plan.name}", "button": "下一步：看会通知多少人"},
    )


def _mine(request: HttpRequest, key: Any) -> CallOut:
    in_area = CallOut.objects.filter(plan__grid__in=area_of(request.user, "dispatch"))
    return get_object_or_404(in_area.select_related("plan__grid", "called_by"), key=key)


@require_safe
@opens_to(area("dispatch", _mine))
def board(request: PersonRequest, key: Any) -> HttpResponse:
    """Fetches itself again every few seconds while it runs."""
    made = _mine(request, key)
    at = timezone.now()
    tasks = Case.objects.filter(service__call_out=made).with_cards().order_by("due_at", "pk")
    template = "volunteers/callouts/_board.html" if request.htmx else "volunteers/callouts/board.html"
    context = {"call_out": made, "rows": callouts.board(made), "tasks": cards(list(tasks), at=at)}
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _mine))
def end(request: PersonRequest, key: Any) -> HttpResponse:
    made = _mine(request, key)
    form = EndCallOutForm(posted(request))
    if form.is_valid():
        try:
            callouts.end(made=made, by=request.user, at=timezone.now(), words=form.cleaned_data["words"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:board", key=key)
    return render(request, "volunteers/form.html", {"form": form, "title": "解除动员", "button": "解除"})
