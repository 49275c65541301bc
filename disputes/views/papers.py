"""Pages of papers: what each person may have, signing, the file, and issued papers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import opens_to, own, seated
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases.engine.access import access_case, arrows_for, standing_of
from cases.models import Case
from cases.workflow import PARTY
from disputes.forms.papers import DetailsForm, ExhibitForm, SignForm
from disputes.models import Party
from disputes.papers.kinds import Paper
from disputes.papers.record import Record
from disputes.papers.text import checksum
from disputes.papers.whole import entries_of, missing_of
from disputes.papers.whole import whole_file as made_file
from disputes.services import papers as service
from disputes.services import parties, signing
from disputes.services.agreements import current_agreement
from disputes.workflow import KIND
from papers.pdf import paper_pdf
from papers.views import paper_response
from papers.word import paper_docx
from web.posted import files_posted, posted


def _dispute(request: PersonRequest, number: str) -> Case:
    """For whoever mediates it or is a party to it; nobody else has papers here."""
    case = access_case(request.user, number)
    at = timezone.now()
    if case.kind != KIND or not (
        service.handles(case, request.user, at=at) or PARTY in standing_of(request.user, case, at=at)
    ):
        raise Http404
    return case


def _handled(request: PersonRequest, number: str) -> Case:
    case = _dispute(request, number)
    if not service.handles(case, request.user, at=timezone.now()):
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
@opens_to(seated("party", _dispute) | seated("mediator", _dispute))
def papers(request: PersonRequest, number: str) -> HttpResponse:
    """My papers; for who mediates also the file, what is missing in it, and where to add it."""
    case, at = _dispute(request, number), timezone.now()
    handles = service.handles(case, request.user, at=at)
    form = ExhibitForm(posted(request), files_posted(request))
    if request.method == "POST" and handles and form.is_valid():
        try:
            count = service.add_exhibits(case=case, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"收进了 {count} 张。" if count else "这些照片已经在卷宗里了。")
            return redirect("disputes:papers", number)
    kept_forms.keep_files(request, form)
    context = {"case": case, "handles": handles, "papers": service.papers_for(case, request.user, at=at)}
    context["issued"] = service.issued_for(case, request.user, at=at)
    if handles:
        record = Record(case, at=at)
        entries = entries_of(record)
        exhibits = [exhibit for kept in record.exhibits.values() for exhibit in kept]
        context |= {"entries": entries, "missing": missing_of(record, entries), "exhibits": exhibits, "form": form}
        context["parties"] = record.parties
    else:
        context["parties"] = list(Party.objects.filter(dispute=case.pk, person=request.user))
    return render(request, "disputes/papers.html", context)


def _paper(request: PersonRequest, case: Case, code: str) -> Paper:
    papers = service.papers_for(case, request.user, at=timezone.now())
    paper = next((paper for paper in papers if paper.code == code), None)
    if paper is None:
        raise Http404
    return paper


@require_safe
@opens_to(seated("party", _dispute) | seated("mediator", _dispute))
def paper(request: PersonRequest, number: str, code: str, form: str) -> HttpResponse:
    """As it would be now, marked as a draft: to read, to print and sign by hand, to go on with in an office suite."""
    limiter.check("act", person=request.user.pk, at=timezone.now())
    paper = _paper(request, _dispute(request, number), code)
    content = paper_pdf(paper.sheet) if form == "pdf" else paper_docx(paper.sheet)
    return paper_response(content, form, f"{paper.title} {number}.{form}")


@require_POST
@opens_to(posts=seated("mediator", _handled))
def issue(request: PersonRequest, number: str, code: str) -> HttpResponse:
    case, at = _handled(request, number), timezone.now()
    limiter.check("act", person=request.user.pk, at=at)
    address = request.build_absolute_uri(reverse("cases:paper-verify"))
    try:
        made = service.issue(case=case, code=code, by=request.user, at=at, verify_url=address)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.info(request, f"已签发《{made.title}》，编号 {made.number}。")
    return redirect("disputes:papers", number)


@require_safe
@opens_to(seated("party", _dispute) | seated("mediator", _dispute))
def issued(request: PersonRequest, number: str, serial: str) -> HttpResponse:
    """The very file that was issued."""
    case = _dispute(request, number)
    papers = service.issued_for(case, request.user, at=timezone.now())
    made = next((paper for paper in papers if paper.number == serial and paper.file), None)
    if made is None:
        raise Http404
    return paper_response(made.content, "pdf", f"{made.title} {made.number}.pdf")


@require_safe
@opens_to(seated("mediator", _handled))
def whole_file(request: PersonRequest, number: str) -> HttpResponse:
    """卷宗."""
    case, at = _handled(request, number), timezone.now()
    limiter.check("act", person=request.user.pk, at=at)
    return paper_response(made_file(Record(case, at=at)), "pdf", f"卷宗 {number}.pdf")


@require_safe
@opens_to(seated("mediator", _handled))
def exhibit(request: PersonRequest, number: str, token: str) -> HttpResponse:
    exhibit = get_object_or_404(_handled(request, number).dispute.exhibits, token=token)
    return paper_response(exhibit.picture, "image/jpeg", f"卷宗材料 {exhibit.pk}.jpg")


def _party(request: PersonRequest, number: str, party_id: int) -> tuple[Case, Party]:
    case = _dispute(request, number)
    party = get_object_or_404(Party.objects.select_related("person", "dispute__case"), dispute=case.pk, pk=party_id)
    if party.person_id != request.user.pk and not service.handles(case, request.user, at=timezone.now()):
        raise Http404
    return case, party


@require_http_methods(["GET", "POST"])
@opens_to(own(_party) | seated("mediator", _party))
def party(request: PersonRequest, number: str, party_id: int) -> HttpResponse:
    """What papers say of a party: written by the party, or by who mediates. The other side has no such page."""
    case, party = _party(request, number, party_id)
    is_own = party.person_id == request.user.pk
    form = DetailsForm(posted(request), party=party, is_own=is_own, needs_id=parties.needs_id(case))
    if request.method == "POST" and form.is_valid():
        try:
            parties.describe(party=party, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "记下了。")
            return redirect("disputes:papers", number)
    return render(request, "disputes/party.html", {"case": case, "party": party, "is_own": is_own, "form": form})


def _to_sign(request: HttpRequest, number: str) -> Case:
    case = access_case(request.user, number)
    if case.kind != KIND or "sign" not in [arrow.verb for arrow in arrows_for(request.user, case, at=timezone.now())]:
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
@opens_to(seated("party", _to_sign))
def sign(request: PersonRequest, number: str) -> HttpResponse:
    """The agreement to read, and a field to sign in; without JavaScript a picture of the signature."""
    case, at = _to_sign(request, number), timezone.now()
    agreement = current_agreement(case)
    assert agreement is not None, "there is an agreement where it can be signed"
    first = {"version": case.version, "text_sha256": checksum(agreement)}
    form = SignForm(posted(request), files_posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("version", "text_sha256", "picture", "how")}
        try:
            signing.sign(case=case, by=request.user, at=at, **given)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.info(request, "签好了。")
            return redirect(case)
    clauses = agreement.clauses.order_by("number")
    return render(
        request, "disputes/sign.html", {"case": case, "form": form, "agreement": agreement, "clauses": clauses}
    )
