"""From a task to what it was agreed in, for those who dispatch. Registered with cases.reading.links."""

from collections.abc import Iterator

from django.urls import reverse

from cases.models import Case
from cases.task import KIND
from cases.workflow import DISPATCHER
from grids.models import Level
from meetings.models import Agreed, Resolution, TeaTalk


def links_from(case: Case, standing: frozenset[str]) -> Iterator[tuple[str, str]]:
    if case.kind != KIND or DISPATCHER not in standing:
        return
    if resolution := Resolution.objects.filter(case=case).select_related("conference__grid").first():
        held_by = resolution.conference.grid
        # Who dispatches for a part of the street has no business with the street's conference.
        if held_by.level == Level.COMMUNITY or held_by.pk == case.grid_id:
            yield "看哪次会的决议", reverse("meetings:conference-desk", args=[resolution.conference.key])
        return
    agreed = Agreed.objects.filter(case=case).select_related("talk").first()
    talk = agreed.talk if agreed else TeaTalk.objects.filter(handed_up=case).first()
    if talk is not None:
        yield "看一杯茶记录", talk.get_absolute_url()
