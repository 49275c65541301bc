"""Lists of the API: filtered as the address says, page by page."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django_filters import FilterSet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api.forms import check

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def empty_last(moment: str) -> Coalesce:
    """What a list is sorted by whose moments may be empty: after a place that is empty no page could begin."""
    return Coalesce(moment, Value(NEVER))


class Pages(CursorPagination):
    """After a place in the list, so that a page costs the same however many rows stand before it."""

    invalid_cursor_message = "没有这一页，请从头读起。"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view=view)
        except (ValidationError, ValueError) as fault:  # a place that is none of this list
            raise NotFound(self.invalid_cursor_message) from fault


class ListView(APIView):
    """Its GET answers with a page of rows. What it filters by stands in the schema (accounts/api/schema.py)."""

    serializer_class: type[Serializer[Any]]
    ordering: tuple[str, ...]
    """Ends with the primary key. The first is never empty."""
    filterset_class: type[FilterSet] | None = None

    def paged(self, request: Request, rows: QuerySet[Any]) -> Response:
        return paged(self, request, rows, self.serializer_class, self.ordering, self.filterset_class)


def paged(
    view: APIView,
    request: Request,
    rows: QuerySet[Any],
    serializer: type[Serializer[Any]],
    ordering: tuple[str, ...],
    filters: type[FilterSet] | None = None,
) -> Response:
    """Raises ValidationError at the name of what cannot be filtered by, NotFound for no such page."""
    pages = Pages()
    pages.ordering = ordering
    page: Any = pages.paginate_queryset(rows if filters is None else filtered(rows, request, filters), request, view)
    return pages.get_paginated_response(serializer(page, many=True).data)


def filtered(rows: QuerySet[Any], request: Request, filters: type[FilterSet]) -> QuerySet[Any]:
    asked = filters(request.query_params, rows, request=request)
    check(asked.form)
    kept: QuerySet[Any] = asked.qs
    return kept
