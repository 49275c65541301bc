"""Ways into this room from a case's page, registered with cases.reading.links when the app is ready."""

from collections.abc import Iterable

from django.urls import reverse

from cases.models import Case
from cases.workflow import DISPATCHER, HOLDER, SUPERVISOR
from volunteers.services.lists import may_become_need


def links_from(case: Case, standing: frozenset[str]) -> Iterable[tuple[str, str]]:
    if may_become_need(case) and standing & {HOLDER, DISPATCHER, SUPERVISOR}:
        yield "列入需求清单", reverse("volunteers:need-convert", args=[case.number])
