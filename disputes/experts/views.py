"""找专家: cards → one expert with free times and the form → done. And the thread of a consultation."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch
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
from disputes.experts.forms import BookForm, FindForm, ReferForm, ThreadForm
from disputes.experts.services import booking, referral
from disputes.experts.services.threads import consultation_for, say
from disputes.experts.workflow import TALKS
from disputes.models import Expert, ExpertField, MessageFile
from disputes.models.expert import spoken
from disputes.models.expert_querysets import SHOWN_FROM
from disputes.services.opening import Spot
from web.choices import rows_of
from web.client_address import client_address
from web.pages import page_of
from web.posted import files_posted, posted
from web.stored_files import stored_file

PAGE = 12
_FIELDS = Prefetch("fields", ExpertField.objects.order_by("order", "pk"))


def _card(expert: Any) -> dict[str, Any]:
    """What stands on a card. The average only where enough have said something."""
    rated = ""
    if expert.rated_count >= SHOWN_FROM:
        rated = f"{expert.rated_sum / expert.rated_count:.1f} 分（{expert.rated_count} 人评价）"
    next_free = spoken(expert.next_from_at) if expert.next_from_at else ""
    fields = "、".join(field.name for field in expert.fields.all() if field.is_active)
    return {"expert": expert, "rated": rated, "next_free": next_free, "fields": fields}


def _panel(at: Any) -> Any:
    return Expert.objects.serving(at).with_card(at).select_related("person").prefetch_related(_FIELDS)


@require_safe
@opens_to(SIGNED_IN)
def expert_list(request: HttpRequest) -> HttpResponse:
    """The cards, those who can be booked soonest first."""
    form = FindForm(request.GET)
    experts = _panel(timezone.now())
    if form.is_valid():
        if field := form.cleaned_data["field"]:
            experts = experts.filter(fields=field)
        if community := form.cleaned_data["community"]:
            experts = experts.filter(communities=community)
    page = page_of(experts.order_by(F("next_from_at").asc(nulls_last=True), "load", "pk"), request.GET, PAGE)
    chosen = {name: request.GET[name] for name in ("field", "community") if request.GET.get(name)}
    query = f"{urlencode(chosen)}&" if chosen else ""
    context = {"form": form, "page": page, "cards": [_card(expert) for expert in page.object_list], "query": query}
    return render(request, "disputes/experts/list.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def expert(request: PersonRequest, expert_id: int) -> HttpResponse:
    """One expert: who they are, when they are free, and what it is about. A time that somebody else took in the meantime
    is said at the times; what was typed stays."""
    at = timezone.now()
    expert = get_object_or_404(_panel(at), pk=expert_id)
    if request.method == "POST":
        form = BookForm(request.POST, expert=expert)
        if form.is_valid() and (case := _book(request, form, at)):
            messages.info(request, "约好了，等专家答复，会发消息告诉您。")
            return redirect(case)
    else:
        form = BookForm(expert=expert, initial={"key": uuid4(), **request.GET.dict(), **_only_choices(expert)})
    context = {
        "expert": expert,
        "card": _card(expert),
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
    cleaned = form.cleaned_data
    key = f"{request.user.pk}:{cleaned.pop('key')}"
    try:
        limiter.check("submit", person=request.user.pk, address=client_address(request), at=at)
        return booking.book(resident=request.user, submit_key=key, at=at, **cleaned)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


@require_safe
@opens_to(SIGNED_IN)
def expert_photo(request: HttpRequest, expert_id: int) -> FileResponse:
    expert = get_object_or_404(Expert.objects.serving(timezone.now()).exclude(photo=""), pk=expert_id)
    return _file(expert.photo, "image/jpeg")


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
    conversation = case.consultation.messages.select_related("by").prefetch_related("files").order_by("pk")
    context = {
        "case": case,
        "form": form,
        "conversation": conversation,
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
    kept = get_object_or_404(MessageFile, message__consultation=case.pk, token=token)
    if kept.thumbnail:
        return _file(kept.thumbnail if is_thumbnail else kept.file, "image/jpeg")
    if is_thumbnail:
        raise Http404
    return _file(kept.file, "application/pdf", name=kept.name)


def _file(file: Any, content_type: str, name: str = "") -> FileResponse:
    response = stored_file(file, content_type, name=name)
    response["Cache-Control"] = "private, max-age=3600"
    return response


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
            dispute = _refer(request, case, form, at)
        except ValidationError as refusal:
            form.say_refused(refusal)
        else:
            messages.info(request, "已申请调解。调解自愿、免费、保密，问诊里说的话不会带过去。")
            return redirect(dispute)
    context = {"case": case, "form": form, "proposal": proposal, "is_copied": bool(copied["summary"])}
    return render(request, "disputes/experts/refer.html", context)


def _refer(request: PersonRequest, case: Case, form: ReferForm, at: Any) -> Case:
    cleaned = form.cleaned_data
    return referral.agree(
        case=case, by=request.user, at=at, summary=cleaned["summary"], wish=cleaned["wish"],
        parties=[form.asking_party(request.user), form.other_party()],
        spot=Spot.of(cleaned["place"], cleaned["building"]), place_note=cleaned["place_note"],
        has_violence_risk=cleaned["has_violence_risk"],
    )  # fmt: skip
