"""Teams to join and leave, 个人报到, and the family doctor."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.filters import YesNoFilter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonCall
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from grids.tree.filters import NodeFilter
from volunteers.forms.doctors import AskForForm, AskForm, EndForm
from volunteers.forms.shared import DutyForm, DutyNoteForm, RefusalForm
from volunteers.models import DoctorSigning, DutyReport, Membership, Team, TeamMember
from volunteers.services import doctors, duty, teams
from web.client_address import client_address


class TeamSerializer(serializers.Serializer[Team]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(source="get_kind_display")
    grid = serializers.CharField(source="grid.name")
    leader = serializers.CharField(source="leader.name", default="", help_text="队长")
    size = serializers.IntegerField(help_text="几名队员")
    is_mine = serializers.BooleanField()


class TeamFilters(FilterSet):
    mine = YesNoFilter(label="我是不是队员", field_name="is_mine")
    grid = NodeFilter()


class TeamList(ListView):
    """现有的队伍。"""

    serializer_class, ordering, filterset_class = TeamSerializer, ("name", "pk"), TeamFilters

    @extend_schema(operation_id="teams", responses=page_of(TeamSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, _seen_by(request))


def _seen_by(request: PersonCall) -> QuerySet[Team]:
    mine = TeamMember.objects.filter(team=OuterRef("pk"), person=request.user, until_at=None)
    current = Team.objects.filter(ended_at=None).select_related("grid", "leader")
    rows: QuerySet[Team] = current.annotate(
        size=Count("members", filter=Q(members__until_at=None)), is_mine=Exists(mine)
    )
    return rows


def _team(request: PersonCall, team_id: int) -> Response:
    return Response(TeamSerializer(get_object_or_404(_seen_by(request), pk=team_id)).data)


class JoinTeam(APIView):
    """加入一支队伍。"""

    @extend_schema(operation_id="team_join", request=None, responses=TeamSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, team_id: int) -> Response:
        teams.join(team=get_object_or_404(Team, pk=team_id), person=request.user, at=timezone.now())
        return _team(request, team_id)


class LeaveTeam(APIView):
    """退出。"""

    @extend_schema(operation_id="team_leave", request=None, responses=TeamSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, team_id: int) -> Response:
        teams.leave(team=get_object_or_404(Team, pk=team_id), person=request.user, at=timezone.now())
        return _team(request, team_id)


class DutySerializer(serializers.Serializer[DutyReport]):
    """A report, and what became of it."""

    id = serializers.IntegerField()
    person = serializers.CharField(source="person.name")
    grid = serializers.CharField(source="grid.name")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    reason = serializers.CharField(help_text="退回的原因")
    reported_at = serializers.DateTimeField()


class OwnDuty(ListView, FormView):
    """我的报到，新的在前。POST 向居住地的支部报到。"""

    serializer_class, ordering = DutySerializer, ("-reported_at", "-pk")
    form_class = DutyForm

    @extend_schema(operation_id="duty", responses=page_of(DutySerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, DutyReport.objects.filter(person=request.user).select_related("grid", "person"))

    @extend_schema(operation_id="duty_report", responses={201: DutySerializer})
    @opens_to(SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned, at = checked(self, request), timezone.now()
        with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
            made = duty.report(person=request.user, grid=cleaned["grid"], unit=_unit_of(request), at=at)
        return Response(DutySerializer(made).data, status=status.HTTP_201_CREATED)


def _unit_of(request: PersonCall) -> Any:
    member = Membership.objects.filter(person=request.user, until_at=None).order_by("-pk").first()
    return member.unit if member else None


class EndDuty(APIView):
    """不再在这里报到。"""

    @extend_schema(operation_id="duty_end", request=None, responses={204: None})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        duty.end(person=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class DutyWaiting(ListView):
    """等我确认的报到，早的在前。"""

    serializer_class, ordering = DutySerializer, ("reported_at", "pk")

    @extend_schema(operation_id="duty_waiting", responses=page_of(DutySerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, duty.waiting_for(request.user).select_related("grid", "person"))


class ApproveForm(forms.Form):
    reports = forms.ModelMultipleChoiceField(
        label="确认哪几条",
        queryset=DutyReport.objects.none(),
        error_messages={"required": "请选要确认的。", "invalid_choice": "有的不在等您确认的里面。"},
    )

    def __init__(self, *args: Any, waiting: QuerySet[DutyReport], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports"].queryset = waiting  # type: ignore[attr-defined]


class CountSerializer(serializers.Serializer[None]):
    count = serializers.IntegerField()


class ApproveDuty(FormView):
    """确认几个人的报到。"""

    form_class = ApproveForm

    @extend_schema(operation_id="duty_approve", responses=CountSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        chosen = checked(self, request, waiting=duty.waiting_for(request.user))["reports"]
        return Response({"count": duty.approve(reports=list(chosen), by=request.user, at=timezone.now())})


def _waiting(request: PersonCall, report_id: int) -> DutyReport:
    return get_object_or_404(duty.waiting_for(request.user).select_related("grid", "person"), pk=report_id)


class RefuseDuty(FormView):
    """退回一个人的报到，写明原因。"""

    form_class = RefusalForm

    @extend_schema(operation_id="duty_refuse", responses={204: None})
    @opens_to(posts=area("supervise", _waiting))
    @once
    def post(self, request: PersonCall, report_id: int) -> Response:
        report, cleaned = _waiting(request, report_id), checked(self, request)
        duty.refuse(report=report, by=request.user, at=timezone.now(), reason=cleaned["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class DutyBook(ListView):
    """在我这里报到、已确认的，早的在前。"""

    serializer_class, ordering = DutySerializer, ("reported_at", "pk")

    @extend_schema(operation_id="duty_book", responses=page_of(DutySerializer))
    @opens_to(verb("supervise"))
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, duty.running_for(request.user))


def _running(request: PersonCall, report_id: int) -> DutyReport:
    return get_object_or_404(duty.running_for(request.user), pk=report_id)


class NoteDuty(FormView):
    """登记一名报到党员做了什么。"""

    form_class = DutyNoteForm

    @extend_schema(operation_id="duty_note", responses={204: None})
    @opens_to(posts=area("supervise", _running))
    @once
    def post(self, request: PersonCall, report_id: int) -> Response:
        report, cleaned = _running(request, report_id), checked(self, request)
        duty.note(report=report, **cleaned, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class DoctorSerializer(serializers.Serializer[DoctorSigning]):
    """A wish for a family doctor, and who signs."""

    key = serializers.UUIDField(source="need.key")
    grid = serializers.CharField(source="need.grid.name")
    unit = serializers.CharField(source="unit.name", default="", help_text="签约机构；还在找的为空")
    doctor = serializers.SerializerMethodField(help_text="签约的医生或团队；还没有签的为空")
    until_date = serializers.SerializerMethodField()

    def get_doctor(self, signing: DoctorSigning) -> str:
        term = signing.last_term
        return term.doctor if term else ""

    def get_until_date(self, signing: DoctorSigning) -> str:
        term = signing.last_term
        return term.until_date.isoformat() if term else ""


class OwnDoctor(FormView):
    """我的家庭医生，没有申请的是空清单。POST 申请。"""

    form_class = AskForm

    @extend_schema(operation_id="doctor", responses=DoctorSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        running = DoctorSigning.objects.filter(person=request.user, ended_at=None)
        rows: Any = running.select_related("need__grid", "unit")
        return Response(DoctorSerializer(rows, many=True).data)

    @extend_schema(operation_id="doctor_ask", responses={201: DoctorSerializer})
    @opens_to(SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned, at = checked(self, request), timezone.now()
        with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
            made = doctors.ask(by=request.user, person=request.user, at=at, **cleaned)
        return Response(DoctorSerializer(made).data, status=status.HTTP_201_CREATED)


class DoctorForSomebody(FormView):
    """网格长代辖区里的人申请，先问过本人。"""

    form_class = AskForForm

    @extend_schema(operation_id="doctor_ask_for", responses={201: DoctorSerializer})
    @opens_to(posts=verb("see"))
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned = checked(self, request, within=area_of(request.user))
        made = doctors.ask(by=request.user, at=timezone.now(), **cleaned)
        return Response(DoctorSerializer(made).data, status=status.HTTP_201_CREATED)


def _own_signing(request: PersonCall, key: UUID) -> DoctorSigning:
    running = DoctorSigning.objects.filter(person=request.user, ended_at=None)
    return get_object_or_404(running.select_related("need__grid", "unit"), need__key=key)


class EndDoctor(FormView):
    """不要家庭医生了，收回给签约机构的同意。"""

    form_class = EndForm

    @extend_schema(operation_id="doctor_end", responses={204: None})
    @opens_to(posts=own(_own_signing))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        signing, cleaned = _own_signing(request, key), checked(self, request)
        doctors.end(signing=signing, **cleaned, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
