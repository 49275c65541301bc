"""For a unit's 联络员 and a team's leader: whether they take a project on, and how it went. For who benefits, and who looks:
whether it helped."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to, own
from accounts.requests import PersonRequest
from volunteers.forms.shared import DeclineForm, FinishProjectForm, ProjectPhotosForm, WordForm
from volunteers.models import DoctorTerm, Need, Project
from volunteers.reading.projects import asked_of, to_confirm
from volunteers.services import adoption, lists, solving
from web.posted import posted


def _adopted(request: PersonRequest, key: Any) -> Project:
    """For whoever speaks for the unit or team that was asked."""
    return asked_of(request.user, key, at=timezone.now())


@require_http_methods(["GET", "POST"])
@opens_to(own(_adopted))
def project(request: PersonRequest, key: Any) -> HttpResponse:
    """One page, small forms; the button says which one was sent."""
    project = _adopted(request, key)
    sent = request.POST.get("act") if request.method == "POST" else None
    forms = {
        "decline": DeclineForm(request.POST if sent == "decline" else None),
        "photos": ProjectPhotosForm(
            request.POST if sent == "photos" else None, request.FILES if sent == "photos" else None
        ),
        "finish": FinishProjectForm(request.POST if sent == "finish" else None),
    }
    if sent == "agree":
        try:
            adoption.agree(project=project, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.info(request, "已答应认领，谢谢。")
        return redirect("volunteers:project-adopter", key=key)
    if sent in forms and forms[sent].is_valid():
        try:
            words = _act(request, project, sent, forms[sent].cleaned_data)
        except ValidationError as refusal:
            forms[sent].add_error(None, refusal)
        else:
            messages.info(request, words)
            return redirect("volunteers:project-adopter", key=key)
    context = {
        "project": project,
        "forms": forms,
        "needs": project.needs.select_related("grid").order_by("pk"),
        "photos": project.photos.order_by("is_after", "pk") if project.is_public else [],
    }
    return render(request, "volunteers/projects/adopter.html", context)


def _act(request: PersonRequest, project: Project, what: str, cleaned: dict[str, Any]) -> str:
    at = timezone.now()
    if what == "decline":
        adoption.decline(project=project, by=request.user, at=at, **cleaned)
        return "已答复，社区会另找。"
    if what == "photos":
        lists.add_photos(project=project, **cleaned, at=at)
        return "照片已上传。"
    lists.finish_project(project=project, by=request.user, at=at, **cleaned)
    return "已报完成，等受益人或核实人确认。"


def _to_confirm(request: PersonRequest, key: Any, at: datetime) -> tuple[Need, str]:
    """The need, and as what this person says whether it is met."""
    return to_confirm(request.user, key, at=at)


@require_http_methods(["GET", "POST"])
@opens_to(own(_to_confirm))
def word(request: PersonRequest, key: Any) -> HttpResponse:
    """解决了没有."""
    at = timezone.now()
    need, said_by = _to_confirm(request, key, at)
    form = WordForm(posted(request))
    if form.is_valid():
        try:
            solving.confirm(need=need, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "记下了，谢谢您。")
            return redirect("volunteers:me" if said_by == Need.Word.BENEFICIARY else "volunteers:lists")
    context = {
        "need": need, "form": form, "is_mine": said_by == Need.Word.BENEFICIARY,
        "services": solving.services_of(need), "projects": need.projects.taken_on().select_related("unit", "team"),
        "terms": DoctorTerm.objects.filter(signing=need.pk).select_related("signing__unit"),
    }  # fmt: skip
    return render(request, "volunteers/lists/need_word.html", context)
