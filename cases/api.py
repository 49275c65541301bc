"""The API of every kind of case: lists, one case with its story, one act. Forms of the pages check the shape here too."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404
from django.utils import timezone
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as BadShape
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler
from rest_framework.viewsets import ViewSet

from accounts import limiter
from accounts.limiter import TooOften
from cases import services
from cases.access import access_case, arrows_for, knows_asker, reads_as_asker, standing_of
from cases.converters import NumberConverter
from cases.forms import ArrowForm
from cases.lists import lists_of
from cases.serializers import CaseSerializer, with_story
from cases.services import CaseMovedOn
from cases.story import referral_for, story


def say_refusal(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The house's refusals as the API says them: 409 when somebody else was faster, 429 when it came too often, else
    400; messages by field."""
    if not isinstance(exc, ValidationError):
        return exception_handler(exc, context)
    if isinstance(exc, TooOften):
        return Response(_by_field(exc), status=status.HTTP_429_TOO_MANY_REQUESTS, headers={"Retry-After": exc.wait})
    code = status.HTTP_409_CONFLICT if isinstance(exc, CaseMovedOn) else status.HTTP_400_BAD_REQUEST
    return Response(_by_field(exc), status=code)


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    return refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}


class CaseViewSet(ViewSet):
    """`GET ?list=todo|late|area|mine`, `GET <number>/`, `POST <number>/acts/<verb>/` with what the arrow needs and the
    `version` of the case that was read."""

    lookup_field = "number"
    lookup_value_regex = NumberConverter.regex

    def list(self, request: Request) -> Response:
        found = lists_of(request.user, at=timezone.now()).get(request.query_params.get("list", "mine"))
        if found is None:
            raise Http404
        pages = CursorPagination()
        pages.ordering = found.ordering
        page = pages.paginate_queryset(found.in_order(), request, view=self)
        return pages.get_paginated_response(CaseSerializer(page, many=True).data)

    def retrieve(self, request: Request, number: str) -> Response:
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

    @action(detail=True, methods=["post"], url_path=r"acts/(?P<verb>[a-z_]+)")
    def act(self, request: Request, number: str, verb: str) -> Response:
        case = access_case(request.user, number)
        arrow = case.workflow.arrow(verb)
        if arrow is None:
            raise Http404
        if arrow.door:
            raise ValidationError(f"“{arrow.label}”要说的较多，请在网页上办理。")
        form = ArrowForm(request.data, request.FILES, arrow=arrow, case=case)
        if not form.is_valid():
            raise BadShape(form.errors)
        at = timezone.now()
        limiter.check("act", person=request.user.pk, at=at)
        services.act(case=case, verb=verb, by=request.user, at=at, **form.said)
        return Response(CaseSerializer(case).data)
