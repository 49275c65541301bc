"""Sources say by which fields their facts change, and a trigger watches each of them."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.utils import timezone

from dashboards.figures.proof import differences
from dashboards.figures.sources import SOURCES
from grids.models import PlaceKind, VisitCount
from meetings.defaults import load_defaults
from tests.dashboards.cuts import come_to, cut
from tests.meetings.conftest import TUESDAY, a_centre, an_activity
from tests.support.cast import MONDAY
from volunteers.models import CallOut, Need, Plan

READS = [(name, model, fields) for name, source in SOURCES.items() for model, fields in source.reads.items()]


@pytest.mark.parametrize(("name", "model", "fields"), READS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_every_field_that_is_read_is_watched(db, name, model, fields):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        triggers = [definition for (definition,) in cursor.fetchall() if f"'{name}'" in definition]
    updates = [definition for definition in triggers if "AFTER UPDATE" in definition]
    assert updates, "nothing marks it"
    watched = {
        column
        for definition in updates
        for column in re.findall(r"\(?old\.([\w*]+)\)?(?:::\w+)? IS DISTINCT", definition)
    }
    columns = {model._meta.get_field(field).column for field in fields.split()}
    assert "*" in watched or columns <= watched


def test_a_field_that_is_not_there_stops_the_start():
    with pytest.raises(FieldDoesNotExist, match="urgencies"):
        replace(SOURCES["need"], reads={Need: "urgencies"})


def test_a_call_out_counts_where_its_plan_lies(kinds, town, worker_at_desk):
    plan = Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="集合")
    made = {"plan": plan, "called_by": worker_at_desk, "called_at": MONDAY, "climb_at": MONDAY, "words": "集合"}
    CallOut.objects.create(**made, ended_at=TUESDAY, ended_by=worker_at_desk)
    CallOut.objects.create(**made, is_drill=True)
    for measure in ("call_outs", "drills"):
        assert come_to(cut(node=town.community), measure, at=TUESDAY) == 1
    plan.grid = town.other_community
    plan.save()
    assert come_to(cut(node=town.community), "drills", at=TUESDAY) == 0
    assert come_to(cut(node=town.other_community), "drills", at=TUESDAY) == 1
    assert differences(at=TUESDAY) == []


def test_what_took_place_at_a_centre_counts_there_once_it_is_over(town, worker_at_desk):
    load_defaults()
    centre, table = a_centre(town.community), a_centre(town.community, name="茶桌", kind=PlaceKind.TEA_TABLE)
    activity = an_activity(worker_at_desk, None, town.community, place=centre)
    for place, number in ((centre, 9), (table, 100)):
        VisitCount.objects.create(place=place, date=date(2026, 11, 2), count=number)
    an_activity(worker_at_desk, None, town.community, place=table, title="在茶桌")
    an_activity(worker_at_desk, None, town.community, title="在别处")
    here, there = cut(node=town.community), cut(node=town.other_community)
    before, after = activity.until_at - timedelta(minutes=1), activity.until_at
    assert (come_to(here, "activities", at=before), come_to(here, "visits", at=before)) == (0, 9)
    assert come_to(here, "activities", at=after) == 1
    assert differences(at=after) == []
    centre.grid = town.other_community
    centre.save()
    assert (come_to(there, "activities", at=after), come_to(there, "visits", at=after)) == (1, 9)
    VisitCount.objects.filter(place=centre).update(count=10)
    activity.cancelled_at, activity.reason = timezone.now(), "下雨"
    activity.save()
    assert (come_to(there, "activities", at=after), come_to(there, "visits", at=after)) == (0, 10)
    assert differences(at=after) == []
