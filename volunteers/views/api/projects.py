"""Acts on one project: whether it is taken on, how it went, what residents find when they look at it."""

from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, check, checked
from accounts.api.idempotency import once
from accounts.entry import PUBLIC, SIGNED_IN, opens_to, own
from accounts.requests import PersonCall
from grids.models import Grid
from volunteers.forms.inspections import InspectForm
from volunteers.forms.shared import DeclineForm, FinishProjectForm, ProjectPhotosForm
from volunteers.models import Project
from volunteers.reading.projects import asked_of, in_public, to_inspect
from volunteers.services import adoption, inspections, lists
from volunteers.views.api.lists import ProjectInFullSerializer, project_in_full


class OneProject(APIView):
    """一个公开的项目：进度，居民验收。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="project", responses=ProjectInFullSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request, key: UUID) -> Response:
        return Response(project_in_full(get_object_or_404(in_public(), key=key)))


class Inspect(FormView):
    """居民验收：好，或哪里要整改。"""

    form_class = InspectForm

    @extend_schema(operation_id="project_inspect", responses=ProjectInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        project, at = to_inspect(key), timezone.now()
        cleaned = checked(self, request, within=Grid.objects.in_area([project.grid]))
        with limiter.counted("act", person=request.user.pk, at=at):
            inspections.inspect(project=project, person=request.user, at=at, **cleaned)
        return Response(project_in_full(project))


def _adopted(request: PersonCall, key: UUID) -> Project:
    return asked_of(request.user, key, at=timezone.now())


class Adopted(APIView):
    """请我的单位或队伍认领的一个项目。"""

    @extend_schema(operation_id="adopted_project", responses=ProjectInFullSerializer)
    @opens_to(own(_adopted))
    def get(self, request: PersonCall, key: UUID) -> Response:
        return Response(project_in_full(_adopted(request, key)))


class ProjectAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="答复",
        choices=[("agree", "同意认领"), ("decline", "不认领")],
        error_messages={"required": "请选认领或不认领。", "invalid_choice": "请选认领或不认领。"},
    )
    words = forms.CharField(label="不认领的原因", required=False, max_length=200)


class AnswerProject(FormView):
    """认领，或不认领并说明原因。"""

    form_class = ProjectAnswerForm

    @extend_schema(operation_id="adopted_project_answer", responses=ProjectInFullSerializer)
    @opens_to(posts=own(_adopted))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        project, at = _adopted(request, key), timezone.now()
        if checked(self, request)["answer"] == "agree":
            adoption.agree(project=project, by=request.user, at=at)
        else:
            form = DeclineForm(request.data)  # type: ignore[arg-type]  # read as a form (zhenghe/api.py)
            check(form)
            adoption.decline(project=project, by=request.user, at=at, **form.cleaned_data)
        return _again(request, key)


class AddPhotos(FormView):
    """项目的照片，之前的或完成后的。"""

    form_class = ProjectPhotosForm

    @extend_schema(operation_id="adopted_project_photos", responses=ProjectInFullSerializer)
    @opens_to(posts=own(_adopted))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        lists.add_photos(project=_adopted(request, key), at=timezone.now(), **checked(self, request))
        return _again(request, key)


class FinishProject(FormView):
    """报完成，写明成果。"""

    form_class = FinishProjectForm

    @extend_schema(operation_id="adopted_project_finish", responses=ProjectInFullSerializer)
    @opens_to(posts=own(_adopted))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        project, cleaned = _adopted(request, key), checked(self, request)
        lists.finish_project(project=project, by=request.user, at=timezone.now(), **cleaned)
        return _again(request, key)


def _again(request: PersonCall, key: UUID) -> Response:
    return Response(project_in_full(_adopted(request, key)))
