"""Filing a request: where → what → confirm. Three screens, each a plain form; what was typed is kept in a draft."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own, sees
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases.engine.access import access_case
from cases.reading.story import cards
from cases.reading.tracking import tracking_path
from photos.fields import PhotosField
from residents import drafts
from residents.concerns import CHOICES
from residents.forms import ConfirmForm, PlaceForm, WordsForm
from residents.models import Resident
from residents.services import Place
from residents.suggest import other_channels, suggest_categories
from web.client_address import client_address
from web.posted import files_posted, posted
from web.stored_files import stored_file


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def submit_place(request: PersonRequest) -> HttpResponse:
    """Screen one. Without JavaScript, a chosen 小区 comes back with its buildings on the same screen."""
    home = Resident.objects.filter(person=request.user).select_related("grid", "building__estate").first()
    if request.method == "POST" and "remembered" in request.POST and home is not None:
        return _begin(request, Place(home.grid, home.building), "")
    if request.method == "POST" and "show_buildings" not in request.POST:
        form = PlaceForm(request.POST)
        if form.is_valid():
            place = Place(form.cleaned_data["place"], form.cleaned_data["building"])
            return _begin(request, place, form.cleaned_data["address_note"])
    else:
        first = {"place": request.GET.get("place"), **kept_forms.first_values(request)}
        form = PlaceForm(initial=request.POST.dict() or first)
    template = "grids/_buildings.html" if request.htmx else "residents/requests/place.html"
    return render(request, template, {"form": form, "home": home})


def _begin(request: PersonRequest, place: Place, address_note: str) -> HttpResponse:
    if place.answering_grid.retired_at is not None:
        messages.warning(request, f"{place.words}已撤并，请重新选择地点。")
        return redirect("residents:request-place")
    at = timezone.now()
    with limiter.counted("draft", person=request.user.pk, at=at):
        draft = drafts.begin(person=request.user, place=place, address_note=address_note, at=at)
    return redirect("residents:request-words", key=draft.key)


@require_http_methods(["GET", "POST"])
@opens_to(own(drafts.own_draft))
def submit_words(request: PersonRequest, key: UUID) -> HttpResponse:
    """Screen two. Good photos are kept even when the words or another photo are refused, the words also when no photo can
    be kept."""
    if case := drafts.submitted_case(person=request.user, key=key):
        return redirect("residents:request-done", number=case.number)
    draft = drafts.own_draft(person=request.user, key=key)
    form = WordsForm(
        posted(request),
        files_posted(request),
        initial={
            "words": draft.words,
            "is_anonymous": draft.is_anonymous,
            "about": draft.about,
            "photos": drafts.checksums(draft),
        },
    )
    if request.method == "POST":
        form.is_valid()
        typed: str = form.data.get("words") or ""
        photos_field = form.fields["photos"]
        assert isinstance(photos_field, PhotosField)
        try:
            drafts.write(
                draft=draft,
                words=form.cleaned_data.get("words", typed),
                is_anonymous=form.cleaned_data.get("is_anonymous", False),
                about=form.cleaned_data.get("about", ""),
                photos=photos_field.good,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        if not form.errors:
            return redirect("residents:request-confirm", key=draft.key)
    photos = draft.photos.select_related("upload").order_by("pk")
    return render(request, "residents/requests/words.html", {"form": form, "draft": draft, "photos": photos})


@require_POST
@opens_to(posts=own(drafts.own_draft))
def drop_photo(request: PersonRequest, key: UUID, photo_id: int) -> HttpResponse:
    drafts.drop_photo(draft=drafts.own_draft(person=request.user, key=key), photo_id=photo_id)
    return redirect("residents:request-words", key=key)


@require_safe
@opens_to(own(drafts.own_draft))
def draft_photo(request: PersonRequest, key: UUID, photo_id: int) -> FileResponse:
    draft = drafts.own_draft(person=request.user, key=key)
    photo = get_object_or_404(draft.photos.exclude(thumbnail=""), pk=photo_id)
    return stored_file(photo.thumbnail, "image/jpeg")


@require_http_methods(["GET", "POST"])
@opens_to(own(drafts.own_draft))
def submit_confirm(request: PersonRequest, key: UUID) -> HttpResponse:
    """Screen three: read it over, say which kind it is or leave that to the community, send."""
    if case := drafts.submitted_case(person=request.user, key=key):
        return redirect("residents:request-done", number=case.number)
    draft = drafts.own_draft(person=request.user, key=key)
    if not draft.words:
        return redirect("residents:request-words", key=key)
    form = ConfirmForm(posted(request), suggested=suggest_categories(draft.words))
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
                case = drafts.submit(draft=draft, category=form.cleaned_data["category"], at=at)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return redirect("residents:request-done", number=case.number)
    return render(
        request,
        "residents/requests/confirm.html",
        {
            "form": form,
            "draft": draft,
            "about_label": dict(CHOICES).get(draft.about),
            "channels": other_channels(draft.words),
            "photos": draft.photos.select_related("upload").order_by("pk"),
        },
    )


@require_safe
@opens_to(sees(access_case))
def submit_done(request: PersonRequest, number: str) -> HttpResponse:
    """Number, who is responsible and by when; asks again every second until routing has run."""
    case = access_case(request.user, number)
    if case.kind != "request":
        raise Http404
    card = cards([case], at=timezone.now())[0]
    template = "residents/requests/_answer.html" if request.htmx else "residents/requests/done.html"
    return render(
        request,
        template,
        {
            "case": case,
            "card": card,
            "is_routed": case.state != "submitted",
            "finish_words": card.finish_words,
            "tracking_url": request.build_absolute_uri(tracking_path(case)),
        },
    )
