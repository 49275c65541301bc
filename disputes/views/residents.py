"""Residents' pages: applying for mediation (where → who and what → confirm), and speaking to the mediator alone. How the
dispute stands, and every other act, is on the pages of every kind of case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, seated
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases.attachments.photos import SentPhoto
from cases.models import Case
from disputes.forms.pages import ApplyForm, PhotosForm, SpotForm, TalkForm
from disputes.models import Party
from disputes.reading import talks_in
from disputes.services.opening import open_dispute
from disputes.services.talks import say_privately
from web.client_address import client_address
from web.posted import posted

SCREENS = ("where", "what", "confirm")


class KeyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def apply(request: PersonRequest) -> HttpResponse:
    """Three screens on one address. Nothing is stored before the last one: each page carries what the pages before said."""
    if request.method == "GET":
        spot = SpotForm(initial={**request.GET.dict(), **kept_forms.first_values(request)})
        return _screen(request, "where", spot, ApplyForm(), KeyForm(initial={"key": uuid4()}))
    spot, key = SpotForm(request.POST), KeyForm(request.POST)
    came_from = request.POST.get("screen", "where")
    if came_from not in SCREENS or not key.is_valid():
        raise Http404
    is_placed = spot.is_valid()
    if not is_placed or "show_buildings" in request.POST or "to_where" in request.POST:
        if "show_buildings" in request.POST:
            spot = SpotForm(initial=request.POST.dict())
        return _screen(request, "where", spot, ApplyForm(initial=request.POST.dict()), key)
    if came_from == "where":
        return _screen(request, "what", spot, ApplyForm(initial=request.POST.dict()), key)
    matter = ApplyForm(request.POST)
    if not matter.is_valid() or "to_what" in request.POST:
        return _screen(request, "what", spot, matter, key)
    if came_from == "what":
        return _screen(request, "confirm", spot, matter, key)
    pictures = PhotosForm(request.POST, request.FILES)
    if not pictures.is_valid():
        return _screen(request, "confirm", spot, matter, key, pictures)
    try:
        limiter.check("submit", person=request.user.pk, address=client_address(request), at=timezone.now())
        case = _open(request, spot, matter, key.cleaned_data["key"], pictures.cleaned_data["photos"])
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") and "photos" in refusal.error_dict:
            pictures.add_error(None, refusal)
            return _screen(request, "confirm", spot, matter, key, pictures)
        matter.say_refused(refusal)
        if pictures.cleaned_data["photos"]:
            messages.warning(request, "照片没有存下，改好以后请在最后一步重新选。")
        return _screen(request, "what", spot, matter, key)
    messages.info(request, "收到了。调解自愿、免费、保密，进展会发消息告诉您。")
    return redirect(case)


def _open(request: PersonRequest, spot: SpotForm, matter: ApplyForm, key: Any, photos: Sequence[SentPhoto]) -> Any:
    return open_dispute(
        **spot.where(),
        **matter.arguments(request.user),
        photos=photos,
        submit_key=f"{request.user.pk}:{key}",
        at=timezone.now(),
    )


def _screen(
    request: PersonRequest,
    screen: str,
    spot: SpotForm,
    matter: ApplyForm,
    key: KeyForm,
    pictures: PhotosForm | None = None,
) -> HttpResponse:
    """The screen with its own fields to fill in, the other screens' as hidden ones."""
    if request.htmx:
        return render(request, "grids/_buildings.html", {"form": spot})
    context = {"screen": screen, "step": SCREENS.index(screen) + 1, "spot": spot, "matter": matter, "key": key}
    return render(request, f"disputes/apply/{screen}.html", {**context, "pictures": pictures or PhotosForm()})


def _talks(request: PersonRequest, number: str, at: datetime) -> tuple[Case, list[Party]]:
    """With whom this person may speak there. Raises Http404: with nobody."""
    return talks_in(request.user, number, at)


@require_http_methods(["GET", "POST"])
@opens_to(seated("party", _talks) | seated("mediator", _talks))
def talk(request: PersonRequest, number: str) -> HttpResponse:
    """单独沟通: one thread for each party; a party finds their own only."""
    at = timezone.now()
    case, parties = _talks(request, number, at)
    chosen = request.POST.get("party") or request.GET.get("party") or str(parties[0].pk)
    party = next((party for party in parties if str(party.pk) == chosen), None)
    if party is None:
        raise Http404
    form = TalkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            say_privately(case=case, party=party, by=request.user, at=at, words=form.cleaned_data["words"])
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return redirect(f"{request.path}?party={party.pk}")
    context = {
        "case": case,
        "form": form,
        "parties": parties,
        "party": party,
        "is_party": party.person_id == request.user.pk,
        "notes": sorted(party.private_notes.all(), key=lambda note: note.pk),
    }
    return render(request, "disputes/talk.html", context)
