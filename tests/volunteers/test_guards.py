"""The guards of a service, on plain facts without a database: what they let through and what they say."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cases.workflow import ASKER
from tests.support.cast import MONDAY
from volunteers.workflow import SERVICE

ME, OTHER = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
HOUR = timedelta(hours=1)
BEGINS, LEAVES = MONDAY, MONDAY + HOUR


def offer(person: Any = ME, state: str = "accepted", arrived_at: Any = None, left_at: Any = None) -> SimpleNamespace:
    return SimpleNamespace(person_id=person.pk, state=state, arrived_at=arrived_at, left_at=left_at)


def facts(*offers: SimpleNamespace, asker: bool = False, finished_by: Any = OTHER) -> SimpleNamespace:
    seats = {ASKER} if asker else set()
    return SimpleNamespace(
        case=SimpleNamespace(finished_by_id=finished_by.pk),
        order=SimpleNamespace(begins_at=BEGINS),
        offers=list(offers),
        seats=lambda *roles: sorted(seats & set(roles)),
    )


COMING, THERE, GONE = offer(), offer(arrived_at=BEGINS), offer(arrived_at=BEGINS, left_at=LEAVES)
REFUSED = [
    ("accept", facts(COMING), "您已经接单。"),
    ("arrive", facts(THERE), "您已经签到。"),
    ("arrive", facts(offer(state="stepped_back")), "您已经签到。"),
    ("depart", facts(COMING), "您已经签退。"),
    ("depart", facts(GONE), "您已经签退。"),
    ("depart", facts(offer(OTHER, arrived_at=BEGINS)), "您已经签退。"),
    ("verify", facts(asker=True), "请等受助人评价；不评价，到期会自动结单。"),
    ("verify", facts(finished_by=ME), "您就是办结人，请由另一位来看结果。"),
]
LET_THROUGH = [
    ("accept", facts(offer(state="offered"))),
    ("accept", facts(offer(OTHER))),
    ("arrive", facts(COMING)),
    ("depart", facts(offer(OTHER), THERE)),
    ("verify", facts()),
    ("note_absence", facts(COMING)),
]


@pytest.mark.parametrize(("verb", "known", "words"), REFUSED)
def test_a_guard_says_why_not(verb, known, words):
    assert SERVICE.arrow(verb).refusal(known, ME, BEGINS) == words


@pytest.mark.parametrize(("verb", "known"), LET_THROUGH)
def test_a_guard_lets_through(verb, known):
    assert SERVICE.arrow(verb).refusal(known, ME, BEGINS) == ""


@pytest.mark.parametrize("verb", ["depart", "note_absence"])
def test_nothing_is_ended_or_missed_before_it_was_to_begin(verb):
    assert SERVICE.arrow(verb).refusal(facts(THERE), ME, BEGINS - HOUR) == "还没到约定的时间。"
    assert SERVICE.arrow(verb).refusal(facts(THERE), ME, BEGINS) == ""


def test_every_guard_is_tried():
    guarded = {arrow.verb for arrow in SERVICE.arrows if arrow.guard or arrow.own_guard}
    assert {verb for verb, *_ in REFUSED} | {"note_absence"} == guarded
