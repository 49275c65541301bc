"""Answering a call-out: one tap, by one's own link without signing in, or signed in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import LINK, opens_to, own
from accounts.requests import PersonRequest
from volunteers.models import Call, CallOut, Team
from volunteers.services import callouts


@require_http_methods(["GET", "POST"])
@opens_to(LINK)
def call(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link. Looking changes nothing: previews of messengers must not answer for people."""
    mine = callouts.call_of(token)
    refusal = ""
    if request.method == "POST":
        at = timezone.now()
        try:
            limiter.check("answer", person=mine.person_id, at=at)
            callouts.answer(call=mine, reply=request.POST.get("answer", ""), at=at)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
        else:
            return redirect("volunteers:call", token=token)
    return render(
        request, "volunteers/callouts/call.html", {"call": mine, "refusal": refusal, "answers": Call.Answer.choices[1:]}
    )


def _mine(request: HttpRequest, key: Any) -> Call:
    call: Call = get_object_or_404(Call.objects.select_related("call_out"), call_out__key=key, person=request.user)
    return call


@require_safe
@opens_to(own(_mine))
def my_call(request: PersonRequest, key: Any) -> HttpResponse:
    """Signed in: to my own link."""
    mine = _mine(request, key)
    return redirect(callouts.answer_path(mine.call_out, request.user.pk))


def _led(request: HttpRequest, team_id: int) -> Team:
    team: Team = get_object_or_404(Team, pk=team_id, leader=request.user)
    return team


@require_safe
@opens_to(own(_led))
def team_calls(request: HttpRequest, key: Any, team_id: int) -> HttpResponse:
    """For a team's leader: who has not answered."""
    made = get_object_or_404(CallOut.objects.select_related("plan"), key=key)
    team = _led(request, team_id)
    calls = made.calls.filter(team=team).select_related("person").order_by("answer", "pk")
    return render(request, "volunteers/callouts/team.html", {"call_out": made, "team": team, "calls": calls})
