"""Votes for those on the roll: the ballot, a proxy, whether mine was counted, and for everybody what came of it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import PUBLIC, opens_to, own
from accounts.forms.fields import refuse
from accounts.unsent.forms import never_kept
from grids.rights.jurisdiction import may
from meetings.models import Vote, Voter
from meetings.topics.forms import BallotForm, ProxyForm, ReceiptForm
from meetings.topics.reading import look_at, vote_of, voter_of
from meetings.votes import ballots, counts
from meetings.votes import services as votes
from web.client_address import client_address
from web.posted import posted


def _cookie(voter: Voter) -> str:
    return f"receipt-{voter.pk}"


def _receipt(request: HttpRequest, voter: Voter) -> str:
    """Of one voice, for whoever has several puts several papers into the urn, and no two bear one receipt. Made on the
    device's first look and kept there in a signed cookie, so that it is known before the ballot is sent, a second tap shows
    the same one, and the database never holds it with a name."""
    kept = request.get_signed_cookie(_cookie(voter), default="") or ""
    return ballots.read_receipt(kept) or ballots.new_receipt()


@require_safe
@opens_to(PUBLIC)
def vote(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, vote_of(key), {})


def _page(request: HttpRequest, vote: Vote, forms: dict[int, BallotForm | ProxyForm]) -> HttpResponse:
    """`forms`: as they were sent and refused, by voter."""
    shown = look_at(vote, request.user, at=timezone.now())
    mine = shown.pop("mine")
    has_receipts = vote.is_secret and not vote.counted_at
    receipts = {voter: _receipt(request, voter) for voter in mine} if has_receipts else {}
    response = render(
        request,
        "meetings/votes/vote.html",
        {
            **shown,
            "case": vote.topic.case,
            "ballots": [(voter, _form(vote, voter, forms), receipts.get(voter, "")) for voter in mine],
            "proxy": forms.get(0) or ProxyForm(),
            "is_desk": may(request.user, "dispatch", vote.topic.case.grid),
        },
    )
    for voter, receipt in receipts.items():
        _keep(response, vote, voter, receipt)
    return response


def _form(vote: Vote, voter: Voter, forms: dict[int, BallotForm | ProxyForm]) -> BallotForm:
    form = forms.get(voter.pk)
    return form if isinstance(form, BallotForm) else BallotForm(vote=vote, auto_id=f"ballot-{voter.pk}-%s")


def _keep(response: HttpResponse, vote: Vote, voter: Voter, receipt: str) -> None:
    lasts = vote.closes_at - vote.announced_at
    response.set_signed_cookie(
        _cookie(voter),
        receipt,
        max_age=lasts,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path=vote.get_absolute_url(),
    )


def _voter(request: HttpRequest, vote: Vote, voter_id: int) -> Voter:
    return voter_of(vote, voter_id, request.user)


@never_kept()  # a ballot is known to nobody
@sensitive_post_parameters()
@require_POST
@opens_to(posts=own(_voter))
def cast(request: HttpRequest, key: UUID, voter_id: int) -> HttpResponse:
    vote = vote_of(key)
    voter = _voter(request, vote, voter_id)
    form = BallotForm(request.POST, vote=vote, auto_id=f"ballot-{voter.pk}-%s")
    at = timezone.now()
    receipt = _receipt(request, voter) if vote.is_secret else ""
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            votes.cast(voter=voter, option=form.cleaned_data["option"], at=at, receipt=receipt)
        except votes.AlreadyCast as refusal:
            messages.warning(request, " ".join(refusal.messages))
            return redirect(vote)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"投好了。回执号 {receipt}，请记下。" if receipt else "投好了。")
            response = redirect(vote)
            if receipt:
                _keep(response, vote, voter, receipt)
            return response
    return _page(request, vote, {voter.pk: form})


@require_POST
@opens_to(posts=own(_voter))
def authorise(request: HttpRequest, key: UUID, voter_id: int) -> HttpResponse:
    vote = vote_of(key)
    voter = _voter(request, vote, voter_id)
    form, at = ProxyForm(request.POST), timezone.now()
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            limiter.check("answer", person=request.user.pk, at=at)
            votes.authorise(voter=voter, to=to, at=at)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"已委托{to.masked_name}代投。您自己先投也可以，谁先投算谁的。")
            return redirect(vote)
    return _page(request, vote, {0: form})


@require_POST
@opens_to(posts=own(_voter))
def take_back(request: HttpRequest, key: UUID, voter_id: int) -> HttpResponse:
    vote = vote_of(key)
    voter = _voter(request, vote, voter_id)
    if voter.given_by_id is not None:
        raise Http404
    try:
        votes.withdraw_authority(voter=voter)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "委托收回了，请自己投票。")
    return redirect(vote)


@never_kept()  # a receipt finds its ballot
@require_http_methods(["GET", "POST"])
@opens_to(PUBLIC)
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether a ballot was counted, by its receipt; for what, nobody is told."""
    vote = vote_of(key)
    form = ReceiptForm(posted(request))
    is_counted = None
    if form.is_valid():
        try:
            limiter.check("verify", address=client_address(request), at=timezone.now())
            is_counted = counts.is_counted(vote, form.cleaned_data["receipt"])
        except ValidationError as refusal:
            refuse(form, refusal)
    return render(request, "meetings/votes/check.html", {"vote": vote, "form": form, "is_counted": is_counted})
