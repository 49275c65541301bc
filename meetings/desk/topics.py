"""A topic at the desk: a vote announced or changed, ballots on paper, a covenant drafted, comments hidden."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.access import access_case, arrows_for
from cases.form_fields import refuse
from cases.models import Case
from cases.services import Said
from grids.jurisdiction import area_of
from meetings.forms import ReasonForm
from meetings.models import Comment, Vote
from meetings.services import covenants, topics, votes
from meetings.topic_forms import DraftForm, PaperBallotForm, VoteForm, moments
from meetings.workflow import KIND

DAYS = 7
"""How long a vote is proposed to run."""


def _for(request: HttpRequest, number: str, verb: str) -> Case:
    """The topic, if this person may draw the arrow whose page this is."""
    case = access_case(request.user, number)
    if case.kind != KIND or verb not in [arrow.verb for arrow in arrows_for(request.user, case, at=timezone.now())]:
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
@login_required
def announce(request: HttpRequest, number: str) -> HttpResponse:
    case = _for(request, number, "announce")
    at = timezone.now()
    first = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    initial = {
        "version": case.version, "question": case.title, **moments(first, topics.day_of(DAYS, at=at)),
        **({"proposals": "同意"} if case.topic.matter and case.topic.matter.is_covenant else {}),
    }  # fmt: skip
    form = VoteForm(request.POST if request.method == "POST" else None, case=case, initial=initial)
    if form.is_valid():
        try:
            vote = votes.announce(
                case=case, by=request.user, at=at, version=form.cleaned_data["version"], said=Said(), **form.said
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已公告，名册上 {vote.voices.count()} 票，都已通知。")
            return redirect(vote)
    return render(
        request, "meetings/topic_form.html", {"form": form, "case": case, "title": "发起表决", "button": "公告"}
    )


@require_http_methods(["GET", "POST"])
@login_required
def change_vote(request: HttpRequest, number: str) -> HttpResponse:
    case = _for(request, number, "change_vote")
    vote = case.topic.votes.get(counted_at=None, voided_at=None)
    options = vote.options.filter(is_proposal=True)
    initial = {
        "version": case.version, "question": vote.question, "basis": vote.basis, "is_secret": vote.is_secret,
        "proposals": "\n".join(option.words for option in options), **moments(vote.opens_at, vote.closes_at),
    }  # fmt: skip
    form = VoteForm(request.POST if request.method == "POST" else None, case=case, initial=initial)
    for name in ("basis", "is_secret"):
        form.fields.pop(name, None)  # the roll stands
    if form.is_valid():
        said = {name: form.said[name] for name in ("question", "proposals", "opens_at", "closes_at")}
        try:
            votes.change(vote=vote, by=request.user, at=timezone.now(), version=form.cleaned_data["version"], **said)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "改好了。")
            return redirect(vote)
    return render(
        request, "meetings/topic_form.html", {"form": form, "case": case, "title": "改选项和时间", "button": "改好了"}
    )


@require_http_methods(["GET", "POST"])
@login_required
def vote_desk(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ballots on paper, and how many have voted; never what they voted."""
    own = Vote.objects.filter(topic__case__grid__in=area_of(request.user, "dispatch"))
    vote = get_object_or_404(own.select_related("topic__case__grid"), key=key)
    form = PaperBallotForm(request.POST if request.method == "POST" else None, vote=vote)
    if form.is_valid():
        voter = form.cleaned_data["voter"]
        try:
            votes.enter_paper(voice=voter.voice, option=form.cleaned_data["option"], by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{voter.voice.label} {voter.person.name}的票录好了，请把纸质票存档。")
            return redirect("meetings:vote-desk", key=key)
    voices = vote.voices.order_by("label", "pk")
    context = {
        "vote": vote, "case": vote.topic.case, "form": form, "cast": voices.filter(is_cast=True).count(),
        "waiting": form.fields["voter"].queryset, "roll": votes.roll_weight(vote),
    }  # fmt: skip
    return render(request, "meetings/vote_desk.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def draft(request: HttpRequest, number: str) -> HttpResponse:
    case = _for(request, number, "draft")
    version = getattr(case.topic, "covenant_version", None)
    clauses = [clause.words for clause in version.clauses.all()] if version else []
    title = version.covenant.title if version else f"{case.grid.name}公约"
    initial = {"version": case.version, "title": title, "clauses": "\n".join(clauses)}
    form = DraftForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            covenants.draft(
                case=case, by=request.user, at=timezone.now(), version=said["version"], said=Said(),
                title=said["title"], clauses=said["clauses"].split("\n"),
            )  # fmt: skip
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "草案存好了，大家可以逐条提意见。")
            return redirect(case.topic)
    return render(
        request, "meetings/topic_form.html", {"form": form, "case": case, "title": "起草公约", "button": "存草案"}
    )


@require_http_methods(["GET", "POST"])
@login_required
def hide(request: HttpRequest, comment_id: int) -> HttpResponse:
    own = Comment.objects.filter(topic__case__grid__in=area_of(request.user, "dispatch"), hidden_at=None)
    comment = get_object_or_404(own.select_related("topic__case"), pk=comment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        topics.hide(comment=comment, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "隐藏了，大家看到的是理由。")
        return redirect(comment.topic)
    return render(request, "parts/form_page.html", {"form": form, "title": "隐藏这条意见", "button": "隐藏"})
