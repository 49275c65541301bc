"""Pages of those who mediate: taking a dispute down, parties, sessions, the agreement, pulling one up."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to, seated
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from cases.engine.access import access_case, arrows_for, standing_of
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case
from cases.workflow import Arrow
from disputes.forms.pages import (
    AgreementForm,
    ClauseForms,
    PartyForm,
    PullUpForm,
    RecordForm,
    RegisterForm,
    SessionForm,
    SpotForm,
)
from disputes.models import Side, Source
from disputes.reading import places_of, to_convert
from disputes.services import agreements, levels, opening, sessions
from disputes.services.agreements import ClauseSaid
from disputes.workflow import KIND
from grids.rights.entry import verb
from grids.rights.jurisdiction import area_of
from web.converters import NumberConverter
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(verb("see"))
def register(request: PersonRequest) -> HttpResponse:
    """登记纠纷: by whoever holds a post there, for people without an account, or because they saw it (主动调解)."""
    if number := request.GET.get("from", "").strip().upper():
        if not re.fullmatch(NumberConverter.regex, number):
            messages.warning(request, "编号应形如 ZH-7K3M-9QXT，请核对。")
            return redirect("disputes:register")
        return redirect("disputes:convert", number=number)
    return _taken_down(request, "登记纠纷", places_of(request.user), {}, _register)


def _register(request: PersonRequest, form: RegisterForm) -> Case:
    return opening.open_dispute(
        **form.arguments(),
        source=form.cleaned_data["source"],
        by=request.user,
        at=timezone.now(),
        submit_key=f"{request.user.pk}:{form.cleaned_data['key']}",
    )


def _to_convert(request: HttpRequest, number: str) -> Case:
    return to_convert(request.user, number)


@require_http_methods(["GET", "POST"])
@opens_to(seated("office", _to_convert))
def convert(request: PersonRequest, number: str) -> HttpResponse:
    """诉求转调解: by whoever handles the request; the link stays on both."""
    source = _to_convert(request, number)

    def open_from(request: PersonRequest, form: RegisterForm) -> Case:
        return opening.convert(request=source, by=request.user, at=timezone.now(), **form.arguments())

    initial = {"summary": source.title, "source": Source.OTHER}
    return _taken_down(request, f"把诉求 {source.number} 转为调解", places_of(request.user), initial, open_from)


def _taken_down(
    request: PersonRequest, title: str, within: Any, initial: dict[str, Any], take: Callable[..., Case]
) -> HttpResponse:
    if request.htmx:
        form = SpotForm(initial=request.GET.dict(), within=within)
        return render(request, "grids/_buildings.html", {"form": form})
    if request.method == "POST" and "show_buildings" not in request.POST:
        form = RegisterForm(request.POST, within=within)
        if form.is_valid():
            try:
                case = take(request, form)
            except ValidationError as refusal:
                form.say_refused(refusal)
            else:
                messages.info(request, f"已登记 {case.number}，由{case.holder_words}负责调解。")
                seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
                return redirect(case if seen else "cases:list")
    else:
        first = {"key": uuid4(), **initial, **kept_forms.first_values(request)}
        form = RegisterForm(initial={**first, **request.POST.dict()}, within=within)
    return render(request, "disputes/register.html", {"form": form, "title": title, "is_converting": bool(initial)})


def _to_draw(request: HttpRequest, number: str, verb: str, at: datetime) -> tuple[Case, Arrow]:
    case = access_case(request.user, number)
    arrow = case.workflow.arrow(verb)
    if case.kind != KIND or arrow is None or not arrow.who & standing_of(request.user, case, at=at):
        raise Http404
    return case, arrow


def _draws(verb: str) -> Callable[[Callable[[PersonRequest, Case], HttpResponse]], Callable[..., HttpResponse]]:
    """The page of this arrow, for whose it is to draw it. Why it cannot be drawn now is said before anything is typed; what
    was typed by then, the service refuses, and the page keeps it."""

    def of_page(page: Callable[[PersonRequest, Case], HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "POST"])
        @opens_to(seated("mediator", _to_draw))
        @wraps(page)
        def view(request: PersonRequest, number: str) -> HttpResponse:
            at = timezone.now()
            case, arrow = _to_draw(request, number, verb, at)
            if request.method == "GET" and case.state not in arrow.sources:
                raise Http404
            if request.method == "GET" and (refusal := arrow.refusal(facts_of(case), request.user, at)):
                messages.warning(request, refusal)
                return redirect(case)
            return page(request, case)

        return view

    return of_page


@_draws("add_party")
def add_party(request: PersonRequest, case: Case) -> HttpResponse:
    form = PartyForm(posted(request), initial={"side": Side.THIRD})
    if request.method == "POST" and form.is_valid():
        try:
            opening.add_party(case=case, by=request.user, at=timezone.now(), version=case.version, party=form.party)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "已加上，请征求意愿。")
            return redirect(case)
    return render(request, "disputes/act.html", {"case": case, "form": form, "title": "加当事人"})


@_draws("plan_session")
def plan_session(request: PersonRequest, case: Case) -> HttpResponse:
    form = SessionForm(posted(request), initial={"version": case.version, "is_tea_table": True})
    if request.method == "POST" and form.is_valid():
        try:
            sessions.plan_session(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "约好了，已通知各方。")
            return redirect(case)
    return render(request, "disputes/act.html", {"case": case, "form": form, "title": "约调解会"})


@_draws("record_session")
def record_session(request: PersonRequest, case: Case) -> HttpResponse:
    form = RecordForm(posted(request), case=case, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            sessions.record_session(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "记录已保存。达成一致的请拟定协议，没有达成的可以再约。")
            return redirect(case)
    return render(request, "disputes/act.html", {"case": case, "form": form, "title": "记录调解会"})


@_draws("draft_agreement")
def draft_agreement(request: PersonRequest, case: Case) -> HttpResponse:
    earlier = None if request.method == "POST" else agreements.put_aside(case)
    form = AgreementForm(posted(request), case=case, earlier=earlier)
    first = earlier.clauses.order_by("number").values("what", "how", "deadline") if earlier else ()
    clauses = ClauseForms(posted(request), prefix="clause", initial=list(first))
    is_well_said = form.is_valid() and clauses.is_valid()
    if of_all := clauses.non_form_errors():
        form.add_error(None, of_all)
    if is_well_said:
        begun = [clause for clause in clauses if clause.has_changed()]
        given = [ClauseSaid(**clause.cleaned_data) for clause in begun]
        try:
            agreements.draft_agreement(
                case=case, by=request.user, at=timezone.now(), clauses=given, **form.cleaned_data
            )
        except agreements.ClauseRefused as refusal:
            begun[refusal.number - 1].add_error(refusal.field, refusal.words)
            form.add_error(None, refusal.message_dict["clauses"])  # the page is long: said above as well
        except ValidationError as refusal:
            _say_at(form, refusal)
        else:
            messages.info(request, "协议拟好了，请各方确认。")
            return redirect(case)
    context = {"case": case, "form": form, "clauses": clauses, "earlier": earlier}
    return render(request, "disputes/agreement_draft.html", context)


def _say_at(form: AgreementForm, refusal: ValidationError) -> None:
    """At the field it names, or above all of them."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, words in refusal.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


def _to_pull_up(request: HttpRequest, number: str) -> Case:
    area = area_of(request.user, "supervise")
    case: Case = get_object_or_404(
        Case.objects.open().filter(kind=KIND, grid__in=area).select_related("grid", "holder__grid", "holder__person"),
        number=number,
    )
    if "pull_up" not in [arrow.verb for arrow in arrows_for(request.user, case, at=timezone.now())]:
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
@opens_to(seated("supervisor", _to_pull_up))
def pull_up(request: PersonRequest, number: str) -> HttpResponse:
    """提级: whoever leads a level above takes a dispute over whose type and place alone they know until then."""
    case = _to_pull_up(request, number)
    form = PullUpForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            levels.pull_up(
                case=case, by=request.user, at=timezone.now(), version=None, given=Given(form.cleaned_data["words"])
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.info(request, "已提级，由您负责调解。")
            return redirect(case)
    return render(request, "disputes/pull_up.html", {"case": case, "form": form})
