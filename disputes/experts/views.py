"""找专家: cards → one expert with free times and the form → done. And the thread of a consultation."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases.engine.access import arrows_for, standing_of
from cases.models import Case
from cases.workflow import ASKER
from disputes.experts.finding import SOONEST_FIRST, card_of, conversation_of, file_of, on_panel, photo_of
from disputes.experts.forms import BookForm, FindForm, ReferForm, ThreadForm
from disputes.experts.services import booking, referral
from disputes.experts.services.threads import consultation_for, say
from disputes.experts.workflow import TALKS
from disputes.models import Expert
from web.choices import rows_of
from web.client_address import client_address
from web.pages import page_of
from web.posted import files_posted, posted

PAGE = 12


@require_safe
@opens_to(SIGNED_IN)
def expert_list(request: HttpRequest) -> HttpResponse:
    """The cards, those who can be booked soonest first."""
    form = FindForm(request.GET)
    experts = on_panel(timezone.now())
    if form.is_valid():
        if field := form.cleaned_data["field"]:
            experts = experts.filter(fields=field)
        if community := form.cleaned_data["community"]:
            experts = experts.filter(communities=community)
    page = page_of(experts.order_by(*SOONEST_FIRST), request.GET, PAGE)
    chosen = {name: request.GET[name] for name in ("field", "community") if request.GET.get(name)}
    query = f"{urlencode(chosen)}&" if chosen else ""
    context = {"form": form, "page": page, "cards": [card_of(expert) for expert in page.object_list], "query": query}
    return render(request, "disputes/experts/list.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def expert(request: PersonRequest, expert_id: int) -> HttpResponse:
    """One expert: who they are, when they are free, and what it is about. A time that somebody else took in the meantime
    is said at the times; what was typed stays."""
    at = timezone.now()
    expert = get_object_or_404(on_panel(at), pk=expert_id)
    if request.method == "POST":
        form = BookForm(request.POST, expert=expert)
        if form.is_valid() and (case := _book(request, form, at)):
            messages.info(request, "约好了，等专家答复，会发消息告诉您。")
            return redirect(case)
    else:
        form = BookForm(expert=expert, initial={"key": uuid4(), **request.GET.dict(), **_only_choices(expert)})
    context = {
        "expert": expert,
        "card": card_of(expert),
        "form": form,
        "has_slots": rows_of(form.fields["slot"]).exists(),
    }
    return render(request, "disputes/experts/expert.html", context)


def _only_choices(expert: Expert) -> dict[str, Any]:
    """Where there is one field or one community, nobody is asked which."""
    only = {}
    for name, rows in (("field", expert.fields.filter(is_active=True)), ("community", expert.communities.all())):
        if len(keys := rows.values_list("pk", flat=True)[:2]) == 1:
            only[name] = keys[0]
    return only


def _book(request: PersonRequest, form: BookForm, at: Any) -> Case | None:
    try:
        limiter.check("submit", person=request.user.pk, address=client_address(request), at=at)
        return booking.book(resident=request.user, at=at, **form.arguments(request.user))
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


@require_safe
@opens_to(SIGNED_IN)
def expert_photo(request: HttpRequest, expert_id: int) -> FileResponse:
    return photo_of(expert_id, at=timezone.now())


@require_http_methods(["GET", "POST"])
@opens_to(own(consultation_for))
def thread(request: PersonRequest, number: str) -> HttpResponse:
    """What the two say to each other. Asks again by itself where there is JavaScript."""
    at = timezone.now()
    case = consultation_for(request.user, number, at=at)
    form = ThreadForm(posted(request), files_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            say(case=case, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("disputes:consultation-thread", number=number)
    kept_forms.keep_files(request, form)
    context = {
        "case": case,
        "form": form,
        "conversation": conversation_of(case),
        "is_open": case.state in TALKS,
        "is_asker": ASKER in standing_of(request.user, case, at=at),
        "arrows": arrows_for(request.user, case, at=at),
    }
    return render(request, "disputes/experts/_thread.html" if request.htmx else "disputes/experts/thread.html", context)


@require_safe
@opens_to(own(consultation_for))
def thread_file(request: PersonRequest, number: str, token: str, is_thumbnail: bool = False) -> FileResponse:
    """A picture, or a PDF to be saved: never opened inside our own pages."""
    case = consultation_for(request.user, number, at=timezone.now())
    return file_of(case, token, is_thumbnail=is_thumbnail)


@require_http_methods(["GET", "POST"])
@opens_to(own(consultation_for))
def refer(request: PersonRequest, number: str) -> HttpResponse:
    """同意转调解: the resident says with whom, where and what the mediators may know."""
    at = timezone.now()
    case = consultation_for(request.user, number, at=at)
    proposal = referral.waiting_proposal(case)
    if proposal is None or "agree_mediation" not in [arrow.verb for arrow in arrows_for(request.user, case, at=at)]:
        raise Http404
    copied = {"summary": referral.text_to_copy(proposal)}
    if request.htmx:
        form = ReferForm(community=case.grid, initial=request.GET.dict())
        return render(request, "grids/_buildings.html", {"form": form})
    is_sent = request.method == "POST" and "show_buildings" not in request.POST
    first = {**copied, **request.POST.dict()}
    form = ReferForm(request.POST if is_sent else None, community=case.grid, initial=first)
    if is_sent and form.is_valid():
        try:
            dispute = referral.agree(case=case, by=request.user, at=at, **form.arguments(request.user))
        except ValidationError as refusal:
            form.say_refused(refusal)
        else:
            messages.info(request, "已申请调解。调解自愿、免费、保密，问诊里说的话不会带过去。")
            return redirect(dispute)
    context = {"case": case, "form": form, "proposal": proposal, "is_copied": bool(copied["summary"])}
    return render(request, "disputes/experts/refer.html", context)
