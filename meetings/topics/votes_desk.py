"""A vote at the desk: announced, of a secret one with the witnesses beside; changed; ballots on paper; the urn opened."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from accounts.unsent.forms import never_kept
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case
from grids.rights.entry import area
from grids.rights.jurisdiction import area_of
from meetings.facts import topic_facts
from meetings.models import Vote
from meetings.topics import services as topics
from meetings.topics.desk import topic_for
from meetings.topics.forms import OpenUrnForm, PaperBallotForm, UrnForm, VoteChangeForm, VoteForm, moments
from meetings.votes import counts, urn
from meetings.votes import services as votes
from meetings.votes.rules import rules_for
from web.choices import rows_of
from web.posted import posted

SLIPS = ("first_slip", "second_slip")
"""Fields with the witnesses' keys of an urn."""
DAYS = 7
"""How long a vote is proposed to run, where its rule asks for no longer."""


@never_kept(*SLIPS)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", topic_for))
def announce(request: PersonRequest, number: str) -> HttpResponse:
    """A secret one in two steps: when all else is right, the slips are shown, this once; it is announced when two of them
    were copied from the paper."""
    case = topic_for(request, number, "announce")
    at = timezone.now()
    initial = {
        "version": case.version, "question": case.title, **moments(*_proposed_times(case, at)),
        **({"proposals": "同意"} if case.topic.matter and case.topic.matter.is_covenant else {}),
    }  # fmt: skip
    form = VoteForm(posted(request), case=case, initial=initial)
    lock = UrnForm(request.POST) if "key" in request.POST else None
    if form.is_valid() and (lock is None or lock.is_valid()):
        try:
            if form.arguments["is_secret"] and lock is None:
                votes.check(case=case, at=at, **form.arguments)
                return _cut_keys(request, case, form)
            vote = _announced(request, case, form, lock)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已公告，名册上 {vote.voices.count()} 票，都已通知。")
            return redirect(vote)
    if lock is not None:
        return render(request, "meetings/votes/urn.html", {"form": form, "lock": lock, "case": case})
    return _form_page(request, case, form, "发起表决", "公告")


def _proposed_times(case: Case, at: datetime) -> tuple[datetime, datetime]:
    """From the next hour, or eight o'clock on the first day after the notice, to an evening."""
    opens_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    rule = next(iter(rules_for(case.topic.matter, case.grid)), None)
    if rule is None:
        return opens_at, topics.day_of(DAYS, at=opens_at)
    if rule.notice_days:
        opens_at = rule.opens_from(at) + timedelta(hours=8)
    return opens_at, topics.day_of(max(DAYS, rule.least_days + 1), at=opens_at)


def _cut_keys(request: HttpRequest, case: Case, form: VoteForm) -> HttpResponse:
    """Neither kept nor logged: what stands on this page is all there is of the slips."""
    key, slips = urn.cut_keys()
    context = {"form": form, "lock": UrnForm(initial={"key": key}), "case": case, "slips": slips}
    return render(request, "meetings/votes/urn.html", context)


def _announced(request: PersonRequest, case: Case, form: VoteForm, lock: UrnForm | None) -> Vote:
    asked = {name: value for name, value in form.arguments.items() if name != "is_secret"}
    if lock is not None:
        asked |= {"urn_key": lock.cleaned_data["key"], "witnesses": lock.cleaned_data["witnesses"]}
    return votes.announce(
        case=case, by=request.user, at=timezone.now(), version=form.cleaned_data["version"], given=Given(), **asked
    )


def _form_page(request: HttpRequest, case: Case, form: Any, title: str, button: str) -> HttpResponse:
    return render(request, "meetings/topics/form.html", {"form": form, "case": case, "title": title, "button": button})


def _running_vote(case: Case) -> Vote:
    """Not there any more where somebody else was faster."""
    facts = topic_facts(facts_of(case))
    vote = facts.running_vote
    if vote is None:
        raise Http404
    vote.topic = facts.topic
    return vote


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", topic_for))
def change_vote(request: PersonRequest, number: str) -> HttpResponse:
    case = topic_for(request, number, "change_vote")
    vote = _running_vote(case)
    options = vote.options.filter(is_proposal=True)
    initial = {
        "version": case.version, "question": vote.question,
        "proposals": "\n".join(option.words for option in options), **moments(vote.opens_at, vote.closes_at),
    }  # fmt: skip
    form = VoteChangeForm(posted(request), initial=initial)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            votes.change(vote=vote, by=request.user, at=timezone.now(), version=version, **form.arguments)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "已保存修改。")
            return redirect(vote)
    return _form_page(request, case, form, "改选项和时间", "保存修改")


@never_kept(*SLIPS)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", topic_for))
def open_urn(request: PersonRequest, number: str) -> HttpResponse:
    case = topic_for(request, number, "open_urn")
    vote = _running_vote(case)
    form = OpenUrnForm(posted(request), initial={"version": case.version})
    if form.is_valid():
        try:
            counts.open_urn(
                case=case, by=request.user, at=timezone.now(), version=form.cleaned_data["version"], slips=form.slips
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "计票完成。请三位监票人当场撕掉钥匙纸条，照过相的删掉。")
            return redirect(vote)
    return render(request, "meetings/votes/open.html", {"form": form, "case": case, "vote": vote})


def _own(request: HttpRequest, key: UUID) -> Vote:
    in_area = Vote.objects.filter(topic__case__grid__in=area_of(request.user, "dispatch"))
    return get_object_or_404(in_area.select_related("topic__case__grid"), key=key)


@never_kept()  # whose ballot, and for what
@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _own))
def vote_desk(request: PersonRequest, key: UUID) -> HttpResponse:
    """Ballots on paper, and how many have voted; never what they voted."""
    vote = _own(request, key)
    form = PaperBallotForm(posted(request), vote=vote)
    if form.is_valid():
        voter = form.cleaned_data["voter"]
        try:
            votes.enter_paper(voice=voter.voice, option=form.cleaned_data["option"], by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{voter.voice.label} {voter.person.name}的票已录入，请将纸质票存档。")
            return redirect("meetings:vote-desk", key=key)
    voices = vote.voices.order_by("label", "pk")
    context = {
        "vote": vote, "case": vote.topic.case, "form": form, "cast": voices.filter(is_cast=True).count(),
        "waiting": rows_of(form.fields["voter"]), "roll": counts.roll_weight(vote),
    }  # fmt: skip
    return render(request, "meetings/votes/desk.html", context)
