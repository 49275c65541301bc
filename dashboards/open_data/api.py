"""Open data by the API, for everybody: what there is, and one as JSON."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.entry import PUBLIC, opens_to
from dashboards.open_data import services as open_data


class DatasetSerializer(serializers.Serializer[None]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    updated_at = serializers.DateTimeField()


class DatasetList(APIView):
    """开放数据：有哪些。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="open_data", responses=DatasetSerializer(many=True))
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        at = timezone.now()
        rows: Any = [
            {
                "name": each.name,
                "title": each.title,
                "description": each.says,
                "updated_at": open_data.published(each, at=at).made_at,
            }
            for each in open_data.DATASETS.values()
        ]
        return Response(DatasetSerializer(rows, many=True).data)


class OneDataset(APIView):
    """一份开放数据，和网页上的 JSON 文件一样。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="open_data_set", responses=dict[str, Any])
    @opens_to(PUBLIC)
    def get(self, request: Request, dataset: str) -> Response:
        if dataset not in open_data.DATASETS:
            raise Http404
        return Response(open_data.content_of(open_data.published(open_data.DATASETS[dataset], at=timezone.now())))
