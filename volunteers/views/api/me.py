"""Being a volunteer: registering, hours and points, what points are exchanged for, a certificate."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.pictures import Pdf
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.models import User
from accounts.requests import PersonCall
from papers.views import paper_response
from volunteers.forms.shared import CertificateForm, RegisterForm
from volunteers.models import Certificate, HoursEntry, PointsEntry, Redemption, Reward, Volunteer
from volunteers.services import certificates, expiry, hours, people, points
from web.client_address import client_address


class VolunteerSerializer(serializers.Serializer[None]):
    """What I said of myself, and what I have given."""

    number = serializers.CharField(help_text="志愿者编号；没有登记过的为空")
    is_active = serializers.BooleanField(help_text="本人同意了，也没有退出")
    grid = serializers.IntegerField(allow_null=True)
    skills = serializers.ListField(child=serializers.IntegerField())
    free_times = serializers.ListField(child=serializers.CharField())
    reach = serializers.CharField()
    is_ranked = serializers.BooleanField()
    birth_date = serializers.DateField(allow_null=True)
    guardian = serializers.CharField()
    hours = serializers.IntegerField(help_text="已计入的时数")
    points = serializers.IntegerField()
    lapsing = serializers.IntegerField(help_text="今年年底到期的积分")


def _me(person: User) -> dict[str, Any]:
    at = timezone.now()
    known = Volunteer.objects.filter(person=person).first()
    mine = known or Volunteer(person=person)
    told: Any = {
        "number": mine.number, "is_active": mine.is_active, "grid": mine.grid_id, "free_times": mine.free_times,
        "skills": list(mine.skills.values_list("pk", flat=True)) if known else [], "reach": mine.reach,
        "is_ranked": mine.is_ranked, "birth_date": person.birth_date, "guardian": mine.guardian,
        "hours": hours.counted(person, at=at), "points": points.balance(person),
        "lapsing": expiry.lapsing_of(person, year=timezone.localdate(at).year),
    }  # fmt: skip
    return dict(VolunteerSerializer(told).data)


class Me(FormView):
    """我的志愿者信息、时数和积分。POST 登记成为志愿者，或改自己说过的；每次都要把全部说一遍。"""

    form_class = RegisterForm

    @extend_schema(operation_id="volunteer", responses=VolunteerSerializer)
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return Response(_me(request.user))

    @extend_schema(operation_id="volunteer_register", responses=VolunteerSerializer)
    @opens_to(SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned, at = checked(self, request), timezone.now()
        with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
            people.register(person=request.user, at=at, **cleaned)
        return Response(_me(User.objects.get(pk=request.user.pk)))


def _volunteer(request: PersonCall) -> Volunteer:
    """Raises Http404 for who is none."""
    volunteer: Volunteer = get_object_or_404(Volunteer, person=request.user)
    return volunteer


class Leave(APIView):
    """不再做志愿者；服务过的时数一直保留。"""

    @extend_schema(operation_id="volunteer_leave", request=None, responses=VolunteerSerializer)
    @opens_to(posts=own(_volunteer))
    @once
    def post(self, request: PersonCall) -> Response:
        people.leave(volunteer=_volunteer(request), at=timezone.now())
        return Response(_me(request.user))


class HoursSerializer(serializers.Serializer[HoursEntry]):
    number = serializers.CharField(source="case.number")
    title = serializers.CharField(source="case.title")
    hours = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(help_text="更正的原因")
    noted_at = serializers.DateTimeField()
    counts_at = serializers.DateTimeField(help_text="公示到这时，以后计入")


class HoursList(ListView):
    """我的服务时数，新的在前。"""

    serializer_class, ordering = HoursSerializer, ("-noted_at", "-pk")

    @extend_schema(operation_id="hours", responses=page_of(HoursSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, HoursEntry.objects.filter(person=request.user).select_related("case"))


class PointsSerializer(serializers.Serializer[PointsEntry]):
    words = serializers.CharField()
    points = serializers.IntegerField()
    noted_at = serializers.DateTimeField()


class PointsList(ListView):
    """我的积分，一笔一笔，新的在前。"""

    serializer_class, ordering = PointsSerializer, ("-noted_at", "-pk")

    @extend_schema(operation_id="points", responses=page_of(PointsSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, PointsEntry.objects.filter(person=request.user))


class RewardSerializer(serializers.Serializer[Reward]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    points = serializers.IntegerField()
    place = serializers.CharField(help_text="在哪里领")
    left = serializers.IntegerField(help_text="还剩几份")


class RewardList(APIView):
    """积分能换什么。"""

    @extend_schema(operation_id="rewards", responses=RewardSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        rows: Any = points.on_offer()
        return Response(RewardSerializer(rows, many=True).data)


class RedemptionSerializer(serializers.Serializer[Redemption]):
    id = serializers.IntegerField()
    reward = serializers.CharField(source="reward.name")
    place = serializers.CharField(source="reward.place")
    code = serializers.CharField(help_text="报它领取")
    state = serializers.CharField()
    redeemed_at = serializers.DateTimeField()


class Redeem(APIView):
    """换一份。"""

    @extend_schema(operation_id="redeem", request=None, responses={201: RedemptionSerializer})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, reward_id: int) -> Response:
        reward = get_object_or_404(Reward, pk=reward_id)
        made = points.redeem(reward=reward, person=request.user, at=timezone.now())
        return Response(RedemptionSerializer(made).data, status=status.HTTP_201_CREATED)


class RedemptionList(ListView):
    """我换的，新的在前。"""

    serializer_class, ordering = RedemptionSerializer, ("-redeemed_at", "-pk")

    @extend_schema(operation_id="redemptions", responses=page_of(RedemptionSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, Redemption.objects.filter(person=request.user).select_related("reward"))


def _own(request: PersonCall, redemption_id: int) -> Redemption:
    mine = Redemption.objects.select_related("reward")
    redemption: Redemption = get_object_or_404(mine, pk=redemption_id, person=request.user)
    return redemption


class GiveBack(APIView):
    """还没有领的，退回积分。"""

    @extend_schema(operation_id="redemption_give_back", request=None, responses=RedemptionSerializer)
    @opens_to(posts=own(_own))
    @once
    def post(self, request: PersonCall, redemption_id: int) -> Response:
        points.cancel(redemption=_own(request, redemption_id), by=request.user, at=timezone.now())
        return Response(RedemptionSerializer(_own(request, redemption_id)).data)


class CertificateSerializer(serializers.Serializer[Certificate]):
    code = serializers.CharField()
    hours = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    has_file = serializers.BooleanField(source="file", help_text="还能下载")


class CertificateList(ListView, FormView):
    """我的服务证明，新的在前。POST 开一份。"""

    serializer_class, ordering = CertificateSerializer, ("-issued_at", "-pk")
    form_class = CertificateForm

    @extend_schema(operation_id="certificates", responses=page_of(CertificateSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, Certificate.objects.filter(person=request.user))

    @extend_schema(operation_id="certificate_issue", responses={201: CertificateSerializer})
    @opens_to(SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        cleaned, at = checked(self, request), timezone.now()
        limiter.check("act", person=request.user.pk, at=at)
        address = request.build_absolute_uri(reverse("cases:paper-verify"))
        made = certificates.issue(person=request.user, at=at, verify_url=address, **cleaned)
        return Response(CertificateSerializer(made).data, status=status.HTTP_201_CREATED)


def _certificate(request: PersonCall, code: str) -> Certificate:
    made: Certificate = get_object_or_404(Certificate.objects.exclude(file=""), code=code, person=request.user)
    return made


class CertificateFile(APIView):
    """开出的那一份（PDF）。"""

    renderer_classes = (JSONRenderer, Pdf)

    @extend_schema(operation_id="certificate_file", responses={(200, "application/pdf"): bytes})
    @opens_to(own(_certificate))
    def get(self, request: PersonCall, code: str) -> HttpResponse:
        made = _certificate(request, code)
        return paper_response(made.pdf, "pdf", f"{certificates.TITLE} {made.code}.pdf")
