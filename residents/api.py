"""The API of requests: where one may be filed, and filing one."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, check
from accounts.api.idempotency import once
from accounts.entry import SIGNED_IN, opens_to
from cases.api.serializers import CaseSerializer
from grids.models import Building, Grid, Level
from residents.forms import WholeRequestForm
from residents.services import Place, submit_request
from web.client_address import client_address
from web.params import whole_number


class PlaceSerializer(serializers.Serializer[Grid]):
    """A node of the tree; of a building, `id` and `name` only."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    parent = serializers.IntegerField(required=False, allow_null=True)  # type: ignore[assignment]  # a field of this name
    level = serializers.IntegerField(required=False)


class PlaceList(APIView):
    """`GET`: estates and communities; `GET ?place=<id>`: the buildings of an estate."""

    @extend_schema(
        operation_id="places", parameters=[OpenApiParameter("place", int)], responses=PlaceSerializer(many=True)
    )
    @opens_to(SIGNED_IN)
    def get(self, request: Request) -> Response:
        estate = whole_number(request.query_params.get("place"))
        if estate is not None:
            buildings = Building.objects.filter(estate=estate).order_by("pk")
            return Response([{"id": building.pk, "name": building.label} for building in buildings])
        nodes = Grid.objects.current().filter(level__in=(Level.COMMUNITY, Level.ESTATE))
        named = nodes.order_by("tree_id", "lft").values("id", "name", "parent", "level")
        return Response(list(named))


class RequestList(FormView):
    """`POST`: file a request under a `key` (UUID) of the app's own; the same key again answers with the same case."""

    form_class = WholeRequestForm

    @extend_schema(operation_id="request_file", responses={201: CaseSerializer})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: Request) -> Response:
        form = WholeRequestForm(request.data, request.FILES)
        check(form)
        cleaned, at = form.cleaned_data, timezone.now()
        with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
            case = submit_request(
                asker=request.user,
                place=Place(cleaned["place"], cleaned["building"]),
                words=cleaned["words"],
                submit_key=f"{request.user.pk}:{cleaned['key']}",  # nobody else's key leads here
                at=at,
                photos=cleaned["photos"],
                category=cleaned["category"],
                address_note=cleaned["address_note"],
                is_anonymous=cleaned["is_anonymous"],
                about=cleaned["about"],
            )
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)
