"""整顿提升: what the street decides and hands out, and how far it is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entry import opens_to, own
from accounts.forms.fields import refuse
from accounts.models import User
from cases.limits.running import read_once
from dashboards.assessments.forms import ItemForm, PlanForm
from dashboards.assessments.services import plans
from dashboards.assessments.services.rights import may_read, may_run
from dashboards.models import Plan
from grids.rights.entry import area, within
from web.posted import posted


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    """Raises Http404: not there; PermissionDenied: not this person's to read."""
    plan = _found(plan_id)
    if not may_read(request.user, plan.assessed.review):
        raise PermissionDenied
    return plan


def _plan_to_run(request: HttpRequest, plan_id: int) -> Plan:
    plan = _found(plan_id)
    if not may_run(request.user, plan.assessed.review.street):
        raise PermissionDenied
    return plan


def _found(plan_id: int) -> Plan:
    related = Plan.objects.select_related(
        "assessed__review__of", "assessed__review__street", "assessed__grid", "decided_by"
    )
    return get_object_or_404(related, pk=plan_id)


@require_safe
@opens_to(within("figures", _plan) | own(_plan))
def shown(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan, at = _plan(request, plan_id), timezone.now()
    with read_once():
        rows = plans.progress_of(plan, at=at)
        context = {
            "plan": plan,
            "rows": rows,
            "closed": sum(bool(row.item.case.closed_at) for row in rows),
            "ended": plans.ended_on(plan),
            "compared": plans.compare(plan, at=at),
            "is_runner": may_run(request.user, plan.assessed.review.street),
        }
        return render(request, "dashboards/assessments/plan.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _plan_to_run))
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = _plan_to_run(request, plan_id)
    form = PlanForm(posted(request))
    if form.is_valid():
        try:
            plans.decide(plan=plan, by=_person(request), at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect("dashboards:plan", plan_id)
    title = f"{plan.assessed.name}：是否整顿提升"
    return render(request, "parts/form_page.html", {"title": title, "form": form, "button": "确定"})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _plan_to_run))
def item(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan, at = _plan_to_run(request, plan_id), timezone.now()
    posts = plans.may_be_given(plan, at=at)
    form = ItemForm(posted(request), posts=posts)
    if form.is_valid():
        try:
            made = plans.add_item(plan=plan, by=_person(request), at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"已交办：{made.what}")
            return redirect("dashboards:plan", plan_id)
    title = f"{plan.assessed.name}：加一项措施"
    return render(request, "parts/form_page.html", {"title": title, "form": form, "button": "交办"})
