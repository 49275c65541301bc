"""Teams to join and leave, and 个人报到: reporting where one lives, confirming who reported."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area
from grids.rights.jurisdiction import may_anywhere
from volunteers.forms.shared import DutyForm, RefusalForm
from volunteers.models import DutyReport, Membership, Team, TeamMember
from volunteers.services import duty, teams
from web.client_address import client_address
from web.posted import posted

SHOWN = 100


@require_safe
@opens_to(SIGNED_IN)
def team_list(request: PersonRequest) -> HttpResponse:
    """Mine first, then those that may be joined."""
    mine = TeamMember.objects.filter(person=request.user, until_at=None).values("team")
    current = Team.objects.filter(ended_at=None).select_related("grid", "leader")
    counted = current.annotate(size=Count("members", filter=Q(members__until_at=None)))
    return render(
        request,
        "volunteers/teams.html",
        {
            "mine": counted.filter(pk__in=mine).order_by("name"),
            "others": counted.exclude(pk__in=mine).order_by("grid__tree_id", "grid__lft", "name")[:SHOWN],
        },
    )


@require_POST
@opens_to(posts=SIGNED_IN)
def join(request: PersonRequest, team_id: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)
    try:
        teams.join(team=team, person=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, f"您加入了{team.name}。")
    return redirect("volunteers:teams")


@require_POST
@opens_to(posts=SIGNED_IN)
def leave(request: PersonRequest, team_id: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)
    try:
        teams.leave(team=team, person=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, f"您退出了{team.name}。")
    return redirect("volunteers:teams")


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def report(request: PersonRequest) -> HttpResponse:
    """My report, and those that wait for me."""
    form = DutyForm(posted(request))
    if form.is_valid():
        member = Membership.objects.filter(person=request.user, until_at=None).order_by("-pk").first()
        at = timezone.now()
        try:
            limiter.check("submit", person=request.user.pk, address=client_address(request), at=at)
            duty.report(
                person=request.user, grid=form.cleaned_data["grid"], unit=member.unit if member else None, at=at
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "报到已提交，所在支部确认后会告诉您。")
            return redirect("volunteers:duty")
    mine = DutyReport.objects.filter(person=request.user).select_related("grid").order_by("-pk").first()
    return render(
        request,
        "volunteers/duty/duty.html",
        {
            "form": form,
            "mine": mine,
            "is_running": mine is not None and mine.state in {"waiting", "approved"},
            "entries": mine.entries.order_by("-date") if mine else [],
            "may_note": may_anywhere(request.user, "supervise"),
            "waiting": duty.waiting_for(request.user)[:SHOWN],
        },
    )


@require_POST
@opens_to(posts=SIGNED_IN)
def end_report(request: PersonRequest) -> HttpResponse:
    try:
        duty.end(person=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("volunteers:duty")


@require_POST
@opens_to(posts=SIGNED_IN)
def approve(request: PersonRequest) -> HttpResponse:
    """Those that were ticked, at once."""
    waiting = duty.waiting_for(request.user)
    field = forms.ModelMultipleChoiceField(queryset=waiting, required=False)
    try:
        chosen = list(field.clean(request.POST.getlist("report")))
    except ValidationError:
        chosen = []
    count = duty.approve(reports=chosen, by=request.user, at=timezone.now())
    messages.info(request, f"已确认 {count} 人报到。" if count else "没有选到可以确认的人。")
    return redirect("volunteers:duty")


def _waiting(request: PersonRequest, report_id: int) -> DutyReport:
    return get_object_or_404(duty.waiting_for(request.user), pk=report_id)


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _waiting))
def refuse(request: PersonRequest, report_id: int) -> HttpResponse:
    report = _waiting(request, report_id)
    form = RefusalForm(posted(request))
    if form.is_valid():
        try:
            duty.refuse(report=report, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:duty")
    context = {"form": form, "title": f"退回报到：{report.person.name}", "button": "退回"}
    return render(request, "volunteers/form.html", context)
