"""Pages of every kind of case: my to-do, one case, one act, its photos, tracking without signing in."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import LINK, SIGNED_IN, opens_to, seated, sees
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases import services
from cases.engine.access import access_case, arrows_for, knows_asker, may_reach_asker, reads_as_asker, standing_of
from cases.engine.referrals import answered_case
from cases.forms import ArrowForm, RevealForm
from cases.limits.running import read_once
from cases.models import Case
from cases.reading.contact import Contact, asker_of, has_contact, reachable, reveal
from cases.reading.links import links_from
from cases.reading.lists import as_file, lists_of
from cases.reading.pictures import picture_for
from cases.reading.story import answered_by, cards, referral_for, story
from cases.reading.tracking import tracked_case, tracking_path
from cases.workflow import ASKER, Arrow
from grids.rights.entry import verb
from grids.rights.jurisdiction import has_verb, posts_in
from web.client_address import client_address
from web.pages import page_of
from web.posted import files_posted, posted

PAGE = 25


@require_safe
@opens_to(SIGNED_IN)
def case_list(request: HttpRequest) -> HttpResponse:
    """My lists as tabs. Residents have only what they sit on."""
    at = timezone.now()
    posts = posts_in(request)
    has_post = bool(posts)
    lists = lists_of(request.user, at=at)
    tab = request.GET.get("tab", next(iter(lists)) if has_post else "mine")
    if tab not in lists:
        raise Http404
    page = page_of(lists[tab].in_order(), request.GET, PAGE)
    return render(
        request,
        "cases/list.html",
        {
            "tab": tab,
            "lists": lists if has_post else {},
            "list": lists[tab],
            "kept_back": lists[tab].kept_back(),
            "page": page,
            "may_export": has_verb(posts, "dispatch"),
            "cards": cards(list(page.object_list), at=at),
        },
    )


@require_POST
@opens_to(posts=verb("dispatch"))
def export(request: PersonRequest) -> HttpResponse:
    """One of my lists as a file. Residents have copies of all that is theirs instead (我的数据)."""
    at = timezone.now()
    lists = lists_of(request.user, at=at)
    tab = request.GET.get("tab", next(iter(lists)))
    if tab not in lists:
        raise Http404
    try:
        limiter.check("list_export", person=request.user.pk, at=at)
        return redirect(as_file(person=request.user, label=lists[tab].label, cases=lists[tab].in_order(), at=at))
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect(f"{reverse('cases:list')}?tab={tab}")


@require_safe
@opens_to(sees(access_case))
def case_page(request: PersonRequest, number: str) -> HttpResponse:
    try:
        case = access_case(request.user, number)
    except Http404:
        return _answered_page(request, number)
    with read_once():
        return render(request, "cases/page.html", _shown(request, case, at=timezone.now()))


def _shown(request: PersonRequest, case: Case, *, at: datetime) -> dict[str, Any]:
    standing = standing_of(request.user, case, at=at)
    is_asker = standing == {ASKER}
    arrows = _one_a_door(arrows_for(request.user, case, at=at))
    card = cards([case], at=at)[0]
    return {
        "case": case,
        "card": card,
        "due_words": card.due_words,
        "finish_words": "" if case.finished_at else card.finish_words,
        "details": case.workflow.details(case=case, reader=request.user, at=at) if case.workflow.details else {},
        "story": story(
            case,
            for_asker=reads_as_asker(standing),
            hides_asker=not knows_asker(request.user, case),
            reader=request.user,
            standing=standing,
        ),
        "main_arrow": next((arrow for arrow in arrows if arrow.is_main), None),
        "arrows": [arrow for arrow in arrows if not arrow.is_main],
        "links": links_from(case, standing),
        "referral": referral_for(case, standing, at=at),
        "is_asker": is_asker,
        "may_reach_asker": has_contact(case) and may_reach_asker(request.user, case, standing),
        "tracking_path": tracking_path(case) if is_asker and not case.is_private else "",
    }


def _answered_page(request: PersonRequest, number: str) -> HttpResponse:
    """What the police answered stays theirs to read, and nothing else of the case."""
    case = answered_case(request.user, number)
    if case is None:
        raise Http404
    context = {"case": case, "answers": answered_by(request.user, case)}
    return render(request, "cases/answered.html", context)


def _one_a_door(arrows: list[Arrow]) -> list[Arrow]:
    """Arrows that one and the same page draws are one button."""
    return list({arrow.door or arrow.verb: arrow for arrow in reversed(arrows)}.values())[::-1]


@require_http_methods(["GET", "POST"])
@opens_to(sees(access_case))
def case_act(request: PersonRequest, number: str, verb: str) -> HttpResponse:
    """One act: its form where something must be said, done at once where not."""
    case = access_case(request.user, number)
    arrow = case.workflow.arrow(verb)
    if arrow is None:
        raise Http404
    if arrow.door:
        return redirect(arrow.door, number=number)
    form = ArrowForm(posted(request), files_posted(request), arrow=arrow, case=case, by=request.user)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            with limiter.counted("act", person=request.user.pk, at=at):
                services.act(case=case, verb=verb, by=request.user, at=at, **form.arguments)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"{arrow.done}。")
            return _after(request, case)
    kept_forms.keep_files(request, form)
    return render(request, "cases/act.html", {"case": case, "arrow": arrow, "form": form})


def _after(request: HttpRequest, case: Case) -> HttpResponse:
    """Back to the case, or to the list if the act took it out of this person's sight."""
    still_seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return redirect(case if still_seen else "cases:list")


def _reachable(request: HttpRequest, number: str) -> Case:
    """A case whose asker can be reached, for who may."""
    return reachable(request.user, number)


@require_http_methods(["GET", "POST"])
@opens_to(seated("office", _reachable))
def asker_phone(request: PersonRequest, number: str) -> HttpResponse:
    """The asker's full phone, and the door number where there is one, for a reason that is logged."""
    case = _reachable(request, number)
    form, told, at = RevealForm(posted(request)), Contact("", {}), timezone.now()
    if request.method == "POST" and form.is_valid():
        limiter.check("reveal", person=request.user.pk, at=at)
        told = reveal(case=case, by=request.user, at=at, address=client_address(request), **form.cleaned_data)
    context = {
        "case": case, "form": form, "asker": asker_of(case), "phone": told.phone, "more": told.more,
        "is_shown": bool(told.phone or told.more),
    }  # fmt: skip
    return render(request, "cases/asker_phone.html", context)


@require_safe
@opens_to(sees(access_case))
def photo(request: PersonRequest, number: str, token: str, is_thumbnail: bool = False) -> FileResponse:
    return picture_for(request.user, access_case(request.user, number), token, is_thumbnail=is_thumbnail)


@require_safe
@opens_to(LINK)
def track(request: HttpRequest, number: str, signature: str) -> HttpResponse:
    """For whoever has the link: how the case stands, without names of residents and without photos. Who tries many
    links is stopped."""
    at = timezone.now()
    limiter.check("track", address=client_address(request), at=at)
    case = tracked_case(number, signature)
    card = cards([case], at=at)[0]
    return render(
        request,
        "cases/track.html",
        {
            "case": case,
            "card": card,
            "due_words": card.due_words,
            "finish_words": card.finish_words,
            "story": story(case, for_asker=True, hides_asker=True, photo_urls=False),
        },
    )
