"""三张清单 at the desk: what is needed, what fits it, who takes it on; out to Excel."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.admin.pages import record_export
from accounts.entry import opens_to, seated
from accounts.requests import PersonRequest
from cases.engine.access import access_case
from cases.models import Case
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, posts_of
from volunteers.desk.area import own_area
from volunteers.dispatch import candidates
from volunteers.forms.shared import AdoptForm, ConvertForm, EndNeedForm, NeedForm
from volunteers.models import Need, Project, Resource
from volunteers.reading.excel import LISTS, write_list
from volunteers.reading.needs import need_in, to_convert
from volunteers.services import adoption, lists, solving
from web.pages import page_of
from web.posted import posted

PAGE, SHOWN = 25, 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@opens_to(verb("see"))
def overview(request: HttpRequest) -> HttpResponse:
    """The three lists of my area as tabs."""
    area = area_of(request.user)
    tab = request.GET.get("tab", "needs")
    tabs: dict[str, Any] = {
        "needs": Need.objects.filter(grid__in=area).select_related("grid", "category").order_by("ended_at", "-noted_at"),
        "resources": Resource.objects.filter(grid__in=area).select_related("grid", "category", "unit", "team").order_by("grid__tree_id", "grid__lft", "pk"),
        "projects": Project.objects.filter(grid__in=area).select_related("grid", "unit", "team").order_by("-from_date", "-pk"),
    }  # fmt: skip
    if tab not in tabs:
        raise Http404
    page = page_of(tabs[tab], request.GET, PAGE)
    labels = {name: label for name, (label, _, _) in LISTS.items()}
    return render(request, "volunteers/lists/lists.html", {"tab": tab, "labels": labels, "page": page})


@require_safe
@opens_to(verb("dispatch"))
def export(request: HttpRequest, which: str) -> HttpResponse:
    """One list of my area, ready to print."""
    area = own_area(request)
    if which not in LISTS:
        raise Http404
    at = timezone.now()
    label, _, rows_of = LISTS[which]
    rows = list(rows_of(area))
    record_export(request, label, len(rows))
    place = next((post.grid.name for post in posts_of(request.user, at=at) if post.grid), "政和县")
    response = HttpResponse(write_list(which, rows, place=place, at=at), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{which}-{timezone.localdate(at):%Y%m%d}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@opens_to(verb("see"))
def note_need(request: PersonRequest) -> HttpResponse:
    """Grid leaders note needs too."""
    form = NeedForm(posted(request), within=area_of(request.user))
    if form.is_valid():
        try:
            need = lists.note_need(**form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:need", key=need.key)
    return render(request, "volunteers/form.html", {"form": form, "title": "登记需求", "button": "登记"})


def _to_convert(request: HttpRequest, number: str) -> Case:
    return to_convert(request.user, number)


@require_http_methods(["GET", "POST"])
@opens_to(seated("office", _to_convert))
def convert(request: PersonRequest, number: str) -> HttpResponse:
    """列入需求清单: from a resident's request, or from what neighbours decided together."""
    case = _to_convert(request, number)
    if known := Need.objects.filter(request=case).first():
        return redirect("volunteers:need", key=known.key)
    form = ConvertForm(posted(request))
    if form.is_valid():
        try:
            need = lists.need_from_case(case=case, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:need", key=need.key)
    title = f"列入需求清单：{case.title}"
    return render(request, "volunteers/form.html", {"form": form, "title": title, "button": "列入"})


def _need(request: HttpRequest, key: Any, verb: str = "see") -> Need:
    return need_in(area_of(request.user, verb), key)


@require_safe
@opens_to(area("see", _need))
def need(request: PersonRequest, key: Any) -> HttpResponse:
    """One need: what fits it and why, what became of it."""
    need = _need(request, key)
    return render(
        request,
        "volunteers/lists/need.html",
        {
            "need": need,
            "proposals": candidates.for_need(need, at=timezone.now())[:SHOWN] if need.is_open else [],
            "projects": need.projects.select_related("unit", "team").order_by("pk"),
            "orders": need.orders.select_related("case").order_by("pk"),
            "met": need.orders.filter(case__state="done", case__rating__is_solved=True)
            .select_related("case__rating")
            .first(),
            "may_confirm": bool(solving.confirms_as(need, request.user, at=timezone.now())),
            "may_act": need.is_open and area_of(request.user, "dispatch").filter(pk=need.grid_id).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _need))
def end_need(request: PersonRequest, key: Any) -> HttpResponse:
    need = _need(request, key, "dispatch")
    form = EndNeedForm(posted(request))
    if form.is_valid():
        cleaned = dict(form.cleaned_data)
        number = cleaned.pop("became")
        try:
            became = access_case(request.user, number) if number else None
            lists.end_need(need=need, **cleaned, became=became, by=request.user, at=timezone.now())
        except Http404:
            form.add_error("became", "没有这个编号，或它不在您的辖区。")
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            need.refresh_from_db()
            messages.info(request, "已办结。" if not need.is_open else "已报完成，等受益人或核实人确认。")
            return redirect("volunteers:need", key=need.key)
    return render(request, "volunteers/form.html", {"form": form, "title": f"办结：{need.title}", "button": "办结"})


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _need))
def adopt(request: PersonRequest, key: Any) -> HttpResponse:
    """请单位或队伍认领, who answer themselves."""
    need = _need(request, key, "dispatch")
    form = AdoptForm(posted(request), within=own_area(request), need=need)
    if form.is_valid():
        cleaned = dict(form.cleaned_data)
        others = cleaned.pop("needs")
        try:
            made = adoption.adopt(needs=[need, *others], **cleaned, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:project-desk", key=made.key)
    return render(
        request,
        "volunteers/form.html",
        {"form": form, "title": f"请单位或队伍认领：{need.title}", "button": "请他们答复"},
    )
