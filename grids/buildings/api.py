"""我的网格 for apps: who answers for a door, as everybody may read it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.forms import check
from accounts.entry import PUBLIC, opens_to
from grids.buildings.form import DoorForm
from grids.buildings.my_grid import Answering, Door, party_line, territory_line


class AnsweringSerializer(serializers.Serializer[Answering]):
    """One post of a line."""

    title = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField(), help_text="空着的没有名字")
    stands_in = serializers.CharField(help_text="空着时由谁负责")
    phone = serializers.CharField(help_text="值班电话；没有的为空")


class MyGridSerializer(serializers.Serializer[None]):
    place = serializers.CharField()
    party = AnsweringSerializer(many=True)
    territory = AnsweringSerializer(many=True)


class MyGrid(APIView):
    """一户门口由谁负责，从网格长到街道，和五长。"""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="my_grid",
        parameters=[OpenApiParameter("place", int, required=True), OpenApiParameter("building", int)],
        responses=MyGridSerializer,
    )
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        form = DoorForm(request.query_params)
        check(form)
        door, at = Door(form.cleaned_data["place"], form.cleaned_data["building"]), timezone.now()
        told: Any = {
            "place": door.words,
            "party": party_line(door.grid, at=at),
            "territory": territory_line(door, at=at),
        }
        return Response(MyGridSerializer(told).data)
