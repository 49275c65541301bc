"""Many cases opened at once are what they would be opened one after the other, for a handful of statements."""

import sys
import unicodedata
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cases.engine.opening import Opening, open_case, open_cases
from cases.engine.turns import Given
from cases.limits import running as limits
from cases.models import CalendarDay, Case, CaseEvent, Category, Seat, TimeLimit
from grids.posts.services import appoint
from tests.accounts.test_rights import photo
from tests.support.cast import MONDAY
from web.text import tidy

DRAWN = ("id", "number")
"""By lot or in turn, so never the same twice."""


@pytest.fixture
def openings(defaults, town, staff, resident, neighbour) -> list[Opening]:
    """Every difference that an opening can make; the community's desk is shared by three, who take turns."""
    for phone in ("13900130001", "13900130002"):
        person = User.objects.create_user(phone=phone, name="郑同事")
        appoint(person=person, role="community_worker", grid=town.community, from_at=MONDAY)
    lamp = Category.objects.get(path="公共设施/照明")
    safety = Category.objects.get(path="公共安全")
    return [
        Opening("request", town.estate, "灯坏了", "宜和佳苑", asker=resident),
        Opening("request", town.grid, "电话 13800138000", "宜和佳苑 3幢", asker=neighbour, category=lamp),
        Opening("request", town.other_grid, "井盖", "东平", urgency="critical", category=safety),
        Opening("request", town.community, "门坏了", "宜和社区", asker=resident, by=staff["community_worker"]),
        Opening("task", town.estate, "看一看", "宜和佳苑", by=staff["community_secretary"], given=Given("请看看")),
        Opening("dispute", town.group, "漏水", "宜和佳苑", asker=resident, asker_as="party", is_private=True),
        Opening("request", town.street, "吵", "熊山", asker=neighbour, hides_asker=True, given=Given(photos=[photo()])),
        Opening("request", town.estate, "无", "宜和佳苑"),
    ]


def written() -> list:
    """All that stands of the cases, in the order in which they were opened."""
    stories = []
    for case in Case.objects.order_by("pk"):
        fields = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
        event = (
            CaseEvent.objects.filter(case=case)
            .values("number", "verb", "to_state", "by", "standing", "at", "said", "holder", "due_at", "remark__words")
            .get()
        )
        seats = list(Seat.objects.filter(case=case).values_list("person", "role", "from_at"))
        photos = list(case.attachments.values_list("sha256", "added_by", "added_at"))
        stories.append(({name: value for name, value in fields.items() if name not in DRAWN}, event, seats, photos))
    return stories


def test_a_batch_is_what_they_would_be_one_by_one(openings):
    with transaction.atomic():
        for opening in openings:
            open_case(opening, at=MONDAY)
        apart = written()
        transaction.set_rollback(True)
    open_cases(openings, at=MONDAY)
    assert written() == apart
    assert len({fields["holder_id"] for fields, *_ in apart}) >= 5  # three of them at the shared desk
    assert len({fields["due_at"] for fields, *_ in apart}) >= 2


def test_a_batch_costs_the_same_with_more_cases(openings):
    plain = [opening for opening in openings if not opening.given.photos]
    open_cases(plain, at=MONDAY)  # the first look warms what is kept
    counted = []
    for times in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            open_cases(plain * times, at=MONDAY)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_one_that_is_refused_leaves_none(openings, town):
    town.next_grid.retired_at = timezone.now()
    merged = Opening("request", town.next_grid, "灯坏了", "宜和佳苑2号网格")
    with pytest.raises(ValidationError, match="已撤并"):
        open_cases([*openings, merged], at=MONDAY)
    assert not Case.objects.exists()


def test_a_limit_set_meanwhile_counts_from_the_next_batch(openings):
    [before] = open_cases(openings[:1], at=MONDAY)
    TimeLimit.objects.filter(kind="request", stage="dispatch").update(amount=9, unit="day")
    [after] = open_cases(openings[:1], at=MONDAY)
    assert after.due_at > before.due_at


def test_limits_and_calendar_are_read_again_only_when_they_changed(defaults, django_assert_num_queries):
    def ask() -> None:
        limit = limits.limit_for(kind="request", stage="finish", category=None, urgency="normal")
        limits.half_time(limits.run(limit=limit, from_at=MONDAY))

    ask()  # fills what a process keeps
    with django_assert_num_queries(1), limits.read_once():  # whether it still counts
        ask()
        ask()
    CalendarDay.objects.create(date=date(2026, 12, 25), kind="off")
    with django_assert_num_queries(1 + 2), limits.read_once():
        ask()
        ask()


def test_tidying_drops_what_unicode_calls_control_surrogate_or_private():
    unseen = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        is_dropped = sign in unseen or (unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign not in "\n\t\r")
        if not sign.isspace():
            assert tidy(f"a{sign}b") == ("ab" if is_dropped else f"a{sign}b"), hex(code)
