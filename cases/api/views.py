"""The API of every kind of case: lists, one case with its story, one act. Forms of the pages check the shape here too."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts import limiter
from accounts.api.forms import FormView, check, checked
from accounts.api.idempotency import once
from accounts.api.lists import paged
from accounts.api.pictures import PICTURE
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to, seated, sees
from accounts.requests import PersonCall
from cases import services
from cases.api.acts import ACTS
from cases.api.filters import CaseFilters
from cases.api.serializers import ActSerializer, CaseInFullSerializer, CaseSerializer, CategorySerializer, with_story
from cases.engine.access import access_case, arrows_for, knows_asker, reads_as_asker, standing_of
from cases.forms import ArrowForm, RevealForm
from cases.models import Case, Category
from cases.reading.contact import Contact, reachable, reveal
from cases.reading.lists import lists_of
from cases.reading.pictures import picture_for
from cases.reading.story import referral_for, story
from cases.workflow import Arrow
from web.client_address import client_address
from web.converters import NumberConverter

PHOTO = r"photos/(?P<token>[-a-zA-Z0-9_]+)"


class CaseViewSet(ViewSet):
    """`GET ?list=todo|late|area|mine`, `GET <number>/`, `POST <number>/acts/<verb>/` with what the arrow needs and the
    `version` of the case that was read. Photos stand where the page has them, under the API's own beginning."""

    filterset_class = CaseFilters
    lookup_field = "number"
    lookup_value_regex = NumberConverter.regex

    @extend_schema(
        operation_id="cases",
        parameters=[OpenApiParameter("list", str, enum=["mine", "todo", "late", "area"], description="哪一张清单")],
        responses=page_of(CaseSerializer),
    )
    @opens_to(SIGNED_IN)
    def list(self, request: PersonCall) -> Response:
        chosen = lists_of(request.user, at=timezone.now()).get(request.query_params.get("list", "mine"))
        if chosen is None:
            raise Http404
        return paged(self, request, chosen.in_order(), CaseSerializer, chosen.ordering, self.filterset_class)

    @extend_schema(operation_id="case", responses=CaseInFullSerializer)
    @opens_to(sees(access_case))
    def retrieve(self, request: PersonCall, number: str) -> Response:
        case = access_case(request.user, number)
        at = timezone.now()
        standing = standing_of(request.user, case, at=at)
        lines = story(
            case,
            for_asker=reads_as_asker(standing),
            reader=request.user,
            standing=standing,
            hides_asker=not knows_asker(request.user, case),
        )
        arrows, referral = arrows_for(request.user, case, at=at), referral_for(case, standing, at=at)
        return Response(with_story(case, lines, arrows, referral))

    @extend_schema(operation_id="case_act", request=ActSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"acts/(?P<verb>[a-z_]+)")
    @opens_to(posts=sees(access_case))
    @once
    def act(self, request: PersonCall, number: str, verb: str) -> Response:
        case = access_case(request.user, number)
        arrow = case.workflow.arrow(verb)
        if arrow is None:
            raise Http404
        at = timezone.now()
        draw = self._own_act(request, case, arrow, at) if arrow.door else self._plain_act(request, case, arrow, at)
        with limiter.counted("act", person=request.user.pk, at=at):
            draw()
        if arrow.door:
            case.refresh_from_db()  # the page's own service reads it anew
        return Response(CaseSerializer(case).data)

    def _plain_act(self, request: PersonCall, case: Case, arrow: Arrow, at: datetime) -> Callable[[], object]:
        form = ArrowForm(request.data, request.FILES, arrow=arrow, case=case, by=request.user)
        check(form)
        return partial(services.act, case=case, verb=arrow.verb, by=request.user, at=at, **form.arguments)

    def _own_act(self, request: PersonCall, case: Case, arrow: Arrow, at: datetime) -> Callable[[], object]:
        """As the page of this arrow does. Who could not draw it now learns nothing of its form."""
        if arrow not in arrows_for(request.user, case, at=at):
            raise ValidationError(f"您现在不能“{arrow.label}”。")
        own = ACTS.get((case.kind, arrow.verb))
        if own is None:
            raise ValidationError(f"“{arrow.label}”请在网页上办理。")
        form = own.form(case, request.data, request.FILES)
        check(form)
        return partial(own.draw, case, form, request.user, at)

    @extend_schema(operation_id="case_photo", responses={(200, "image/jpeg"): bytes})
    @action(detail=True, url_path=PHOTO, url_name="photo", renderer_classes=PICTURE)
    @opens_to(sees(access_case))
    def photo(self, request: PersonCall, number: str, token: str) -> FileResponse:
        return picture_for(request.user, access_case(request.user, number), token, is_thumbnail=False)

    @extend_schema(operation_id="case_photo_thumbnail", responses={(200, "image/jpeg"): bytes})
    @action(detail=True, url_path=f"{PHOTO}/thumbnail", url_name="photo-thumbnail", renderer_classes=PICTURE)
    @opens_to(sees(access_case))
    def thumbnail(self, request: PersonCall, number: str, token: str) -> FileResponse:
        return picture_for(request.user, access_case(request.user, number), token, is_thumbnail=True)


class CategoryList(APIView):
    """在用的分类。"""

    @extend_schema(
        operation_id="categories", responses=CategorySerializer(many=True),
        parameters=[OpenApiParameter("kind", str, required=True, description="哪一类事项的，例如 request、service")],
    )  # fmt: skip
    @opens_to(SIGNED_IN)
    def get(self, request: Request) -> Response:
        rows = Category.objects.filter(kind=request.query_params.get("kind", ""), retired_at=None).order_by("path")
        return Response(list(rows.values("id", "name", "path", "parent")))


class ContactSerializer(serializers.Serializer[Contact]):
    phone = serializers.CharField(help_text="没有登录过平台的为空")
    more = serializers.DictField(child=serializers.CharField(), help_text="门牌、留下的号码等，按名称")


def _reachable(request: PersonCall, number: str) -> Case:
    return reachable(request.user, number)


class AskerPhone(FormView):
    """提出人的完整号码，写明事由，每次查看都有记录。不收 Idempotency-Key：它会把号码存下来。"""

    form_class = RevealForm

    @extend_schema(operation_id="case_asker_phone", responses=ContactSerializer)
    @opens_to(posts=seated("office", _reachable))
    def post(self, request: PersonCall, number: str) -> Response:
        case, cleaned, at = _reachable(request, number), checked(self, request), timezone.now()
        limiter.check("reveal", person=request.user.pk, at=at)
        told = reveal(case=case, by=request.user, at=at, address=client_address(request), **cleaned)
        return Response(ContactSerializer(told).data)
