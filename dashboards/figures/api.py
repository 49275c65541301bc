"""Figures for apps: the board of a node for whom its page opens, the public net for everybody."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.entry import PUBLIC, opens_to
from accounts.requests import PersonCall
from cases.limits.running import read_once
from dashboards.figures import public
from dashboards.figures.board import Board, board
from dashboards.figures.params import Place, period_of, place_of
from dashboards.figures.periods import WORDS
from dashboards.figures.sums import Number, Rate, weights_words
from grids.models import Grid
from grids.rights.entry import area, county, verb
from grids.rights.jurisdiction import allows, posts_in

PERIOD = [
    OpenApiParameter("period", str, enum=list(WORDS), description="看哪种时段，不说是月"),
    OpenApiParameter("on", {"type": "string", "format": "date"}, description="时段里的一天，不说是今天"),
]


class NumberSerializer(serializers.Serializer[Number]):
    """A figure, what it means, and the page with the list behind it."""

    measure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    amount = serializers.IntegerField()
    unit = serializers.CharField()
    means = serializers.CharField(help_text="怎么算的")
    before = serializers.IntegerField(allow_null=True, help_text="上期；现有多少的没有上期")
    path = serializers.CharField(help_text="背后清单的站内地址")


class RateSerializer(serializers.Serializer[Rate]):
    """A share with both its numbers."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    words = serializers.CharField(help_text="百分比；没有可除的是“—”")
    means = serializers.CharField()
    before = serializers.CharField()
    interval = serializers.CharField(help_text="95 % 区间")
    is_small = serializers.BooleanField(help_text="样本少")
    part = NumberSerializer()
    whole = NumberSerializer()


class KindSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    numbers = NumberSerializer(many=True)


class RowSerializer(serializers.Serializer[Any]):
    """A node below."""

    id = serializers.IntegerField(source="node.pk")
    name = serializers.CharField(source="node.name")
    numbers = NumberSerializer(many=True)


class PeriodSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    words = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()


class BoardSerializer(serializers.Serializer[Board]):
    place = serializers.CharField()
    period = PeriodSerializer()
    score = serializers.CharField(help_text="综合得分；算不出的是“—”")
    weights = serializers.CharField()
    requests = NumberSerializer(many=True, source="board.main", help_text="诉求")
    volunteering = NumberSerializer(many=True, source="board.given", help_text="志愿服务")
    three_rates = RateSerializer(many=True, source="board.three")
    rates = RateSerializer(many=True, source="board.rates")
    kinds = KindSerializer(many=True, source="board.kinds", help_text="各类事项")
    below = RowSerializer(many=True, source="board.rows", help_text="下一级")


def _told(request: PersonCall, place: Place) -> Response:
    at = timezone.now()
    period = period_of(request, at)
    with read_once():
        shown = board(place.node, period, at=at)
        told: Any = {
            "place": place.name, "period": period, "score": shown.score, "weights": weights_words(), "board": shown,
        }  # fmt: skip
        return Response(BoardSerializer(told).data)


class BoardView(APIView):
    """一级网格的数据。"""

    @extend_schema(operation_id="figures", parameters=PERIOD, responses=BoardSerializer)
    @opens_to(area("figures", place_of))
    def get(self, request: PersonCall, node_id: int) -> Response:
        return _told(request, place_of(request, node_id))


class CountyBoard(APIView):
    """全县的数据。"""

    @extend_schema(operation_id="figures_county", parameters=PERIOD, responses=BoardSerializer)
    @opens_to(county("figures"))
    def get(self, request: PersonCall) -> Response:
        return _told(request, place_of(request, None))


class NodeSerializer(serializers.Serializer[Grid]):
    id = serializers.IntegerField(allow_null=True, help_text="全县的为空，读 figures/county/")
    name = serializers.CharField()


class NodeList(APIView):
    """我看得到哪些网格的数据：我任职的，它们下面的也看得到。"""

    @extend_schema(operation_id="figures_nodes", responses=NodeSerializer(many=True))
    @opens_to(verb("figures"))
    def get(self, request: PersonCall) -> Response:
        posts = [post for post in posts_in(request) if allows(post, "figures", post.grid)]
        nodes = {post.grid_id: post.grid.name if post.grid else "政和县" for post in posts}
        return Response([{"id": node, "name": name} for node, name in nodes.items()])


class ShownSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="entry.code")
    label = serializers.CharField(source="entry.label")  # type: ignore[assignment]  # a field of this name
    amount = serializers.IntegerField()
    unit = serializers.CharField(source="entry.unit")
    means = serializers.CharField(source="entry.means")
    path = serializers.SerializerMethodField(help_text="背后清单的站内地址")

    def get_path(self, shown: public.Shown) -> str:
        return reverse("dashboards:net-behind", args=[shown.entry.code])


class GroupSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    figures = ShownSerializer(many=True)


class NetSerializer(serializers.Serializer[None]):
    groups = GroupSerializer(many=True)
    success_rate = serializers.CharField(help_text="调解成功率")


class Net(APIView):
    """政和一张网，人人可看。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="net", responses=NetSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        shown = public.net()
        groups = [{"label": label, "figures": figures} for label, figures in shown.groups]
        told: Any = {"groups": groups, "success_rate": shown.success_rate}
        return Response(NetSerializer(told).data)
