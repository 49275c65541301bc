"""三张清单: what is needed, what fits it, who takes it on; and whether it helped."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.filters import YesNoFilter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import PUBLIC, opens_to, own, seated
from accounts.requests import PersonCall
from cases.api.filters import CategoryFilter
from cases.models import Case
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from grids.tree.filters import NodeFilter
from volunteers.dispatch import candidates
from volunteers.forms.shared import ConvertForm, NeedForm, WordForm
from volunteers.models import Need, Project, Resource
from volunteers.reading.needs import need_in, to_convert
from volunteers.reading.projects import in_public, to_confirm
from volunteers.services import inspections, lists, solving

SHOWN = 10
"""Of what fits a need, as many as its page shows."""


class NeedSerializer(serializers.Serializer[Need]):
    key = serializers.UUIDField()
    title = serializers.CharField()
    grid = serializers.CharField(source="grid.name")
    category = serializers.CharField(source="category.path")
    source = serializers.CharField(source="get_source_display")  # type: ignore[assignment]  # a field of this name
    urgency = serializers.CharField()
    people_count = serializers.IntegerField()
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    noted_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ProposalSerializer(serializers.Serializer[Any]):
    """What fits, and why."""

    label = serializers.CharField(source="candidate.label")  # type: ignore[assignment]  # a field of this name
    why = serializers.CharField()


class ProjectSerializer(serializers.Serializer[Project]):
    key = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField(source="get_kind_display")
    adopter = serializers.CharField(help_text="哪个单位或队伍")
    grid = serializers.CharField(source="grid.name")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    from_date = serializers.DateField()
    until_date = serializers.DateField()


class NeedDetailsSerializer(serializers.Serializer[None]):
    noted_by = serializers.CharField(source="need.noted_by.name")
    request = serializers.CharField(source="need.request.number", default="", help_text="来自哪件诉求或议题")
    reason = serializers.CharField(source="need.reason")
    became = serializers.CharField(source="need.became.number", default="", help_text="转成的诉求")
    proposals = ProposalSerializer(many=True)
    projects = ProjectSerializer(many=True)
    may_confirm = serializers.BooleanField(help_text="等我说解决了没有")


class NeedInFullSerializer(NeedSerializer, NeedDetailsSerializer):
    """Both."""


class NeedFilters(FilterSet):
    state = ChoiceFilter(label="状态", choices=Need.State.choices)
    category = CategoryFilter()
    grid = NodeFilter()
    open = YesNoFilter(label="是否还没有办结", method="by_end")

    def by_end(self, rows: QuerySet[Need], name: str, is_open: bool) -> QuerySet[Need]:
        return rows.filter(ended_at__isnull=is_open)


class NeedList(ListView, FormView):
    """辖区的需求清单，新的在前。POST 登记一条。"""

    serializer_class, ordering, filterset_class = NeedSerializer, ("-noted_at", "-pk"), NeedFilters
    form_class = NeedForm

    @extend_schema(operation_id="needs", responses=page_of(NeedSerializer))
    @opens_to(verb("see"))
    def get(self, request: PersonCall) -> Response:
        needs = Need.objects.filter(grid__in=area_of(request.user))
        return self.paged(request, needs.select_related("grid", "category"))

    @extend_schema(operation_id="need_note", responses={201: NeedSerializer})
    @opens_to(verb("see"))
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned = checked(self, request, within=area_of(request.user))
        need = lists.note_need(**cleaned, by=request.user, at=timezone.now())
        return Response(NeedSerializer(need).data, status=status.HTTP_201_CREATED)


def _to_convert(request: PersonCall, number: str) -> Case:
    return to_convert(request.user, number)


class NeedFromCase(FormView):
    """把手上的诉求或定下来的议题列入需求清单；列过的答那一条。"""

    form_class = ConvertForm

    @extend_schema(operation_id="need_convert", responses=NeedSerializer)
    @opens_to(posts=seated("office", _to_convert))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        case = _to_convert(request, number)
        need = Need.objects.filter(request=case).first()
        if need is None:
            cleaned = checked(self, request)
            need = lists.need_from_case(case=case, **cleaned, by=request.user, at=timezone.now())
        return Response(NeedSerializer(need).data)


def _need(request: PersonCall, key: UUID) -> Need:
    return need_in(area_of(request.user), key)


def _in_full(request: PersonCall, need: Need) -> Response:
    at = timezone.now()
    details: Any = {
        "need": need, "proposals": candidates.for_need(need, at=at)[:SHOWN] if need.is_open else [],
        "projects": need.projects.select_related("grid", "unit", "team").order_by("pk"),
        "may_confirm": bool(solving.confirms_as(need, request.user, at=at)),
    }  # fmt: skip
    return Response({**NeedSerializer(need).data, **NeedDetailsSerializer(details).data})


class OneNeed(APIView):
    """一条需求：什么合适、为什么。"""

    @extend_schema(operation_id="need", responses=NeedInFullSerializer)
    @opens_to(area("see", _need))
    def get(self, request: PersonCall, key: UUID) -> Response:
        return _in_full(request, _need(request, key))


def _to_confirm(request: PersonCall, key: UUID, at: datetime) -> tuple[Need, str]:
    return to_confirm(request.user, key, at=at)


class WordOnNeed(FormView):
    """报完成以后，受益人或核实人说解决了没有。"""

    form_class = WordForm

    @extend_schema(operation_id="need_word", responses=NeedSerializer)
    @opens_to(posts=own(_to_confirm))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        at = timezone.now()
        need, _ = _to_confirm(request, key, at)
        solving.confirm(need=need, by=request.user, at=at, **checked(self, request))
        need.refresh_from_db()
        return Response(NeedSerializer(need).data)


class ResourceSerializer(serializers.Serializer[Resource]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(source="get_kind_display")
    category = serializers.CharField(source="category.path")
    owner = serializers.SerializerMethodField(help_text="提供单位或队伍")
    grid = serializers.CharField(source="grid.name")
    amount = serializers.CharField()
    free_times = serializers.ListField(child=serializers.CharField())
    from_date = serializers.DateField()
    until_date = serializers.DateField(allow_null=True)

    def get_owner(self, resource: Resource) -> str:
        return str(resource.unit or resource.team)


class ResourceFilters(FilterSet):
    kind = ChoiceFilter(label="人、场地还是物", choices=Resource.Kind.choices)
    category = CategoryFilter()
    grid = NodeFilter()


class ResourceList(ListView):
    """辖区的资源清单。"""

    serializer_class, ordering, filterset_class = ResourceSerializer, ("-from_date", "-pk"), ResourceFilters

    @extend_schema(operation_id="resources", responses=page_of(ResourceSerializer))
    @opens_to(verb("see"))
    def get(self, request: PersonCall) -> Response:
        resources = Resource.objects.filter(grid__in=area_of(request.user))
        return self.paged(request, resources.select_related("grid", "category", "unit", "team"))


class ProjectFilters(FilterSet):
    kind = ChoiceFilter(label="类别", choices=Project.Kind.choices)
    state = ChoiceFilter(label="状态", choices=Project.State.choices)
    grid = NodeFilter()


class MilestoneSerializer(serializers.Serializer[Any]):
    words = serializers.CharField()
    due_date = serializers.DateField()
    reached_date = serializers.DateField(allow_null=True)
    budget_note = serializers.CharField()


class TallySerializer(serializers.Serializer[Any]):
    """居民验收."""

    seen = serializers.IntegerField(help_text="几户看过")
    fine = serializers.IntegerField()
    faults = serializers.IntegerField()
    open_faults = serializers.IntegerField()


class ProjectDetailsSerializer(serializers.Serializer[None]):
    plan = serializers.CharField(source="project.plan")
    budget_note = serializers.CharField(source="project.budget_note")
    result = serializers.CharField(source="project.result")
    need_count = serializers.IntegerField(help_text="回应几条需求")
    milestones = MilestoneSerializer(many=True)
    tally = TallySerializer(allow_null=True)


class ProjectInFullSerializer(ProjectSerializer, ProjectDetailsSerializer):
    """Both."""


class ProjectList(ListView):
    """对居民公开的项目，新的在前。"""

    permission_classes = (AllowAny,)
    serializer_class, ordering, filterset_class = ProjectSerializer, ("-from_date", "-pk"), ProjectFilters

    @extend_schema(operation_id="projects", responses=page_of(ProjectSerializer))
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        return self.paged(request, in_public())


class AreaProjectList(ListView):
    """辖区的项目清单，没有公开和还没有认领的也在，新的在前。"""

    serializer_class, ordering, filterset_class = ProjectSerializer, ("-from_date", "-pk"), ProjectFilters

    @extend_schema(operation_id="area_projects", responses=page_of(ProjectSerializer))
    @opens_to(verb("see"))
    def get(self, request: PersonCall) -> Response:
        projects = Project.objects.filter(grid__in=area_of(request.user))
        return self.paged(request, projects.select_related("grid", "unit", "team"))


def project_in_full(project: Project) -> dict[str, Any]:
    inspection = getattr(project, "inspection", None)
    details: Any = {
        "project": project, "need_count": project.needs.count(),
        "milestones": project.milestones.order_by("due_date", "pk"),
        "tally": inspections.tally(inspection) if inspection else None,
    }  # fmt: skip
    return {**ProjectSerializer(project).data, **ProjectDetailsSerializer(details).data}
