"""Past the whole limit: the parties may add to it as long as the mediation has not ended, and late it stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.engine.turns import ArrowRefused
from tests.disputes.conftest import apply, meet, settle, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import inside

LATE = MONDAY + timedelta(days=40)


@pytest.fixture
def late(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    return dispute


def extend(case, leader, *parties, amount=10, at=LATE):
    draw(case, "ask_extension", leader, "等鉴定", amount=amount, at=at)
    for party in parties:
        draw(case, "agree_extension", party, at=at)


def test_no_further_session_until_the_parties_add_to_it(late, group_leader, resident, neighbour):
    with pytest.raises(ArrowRefused, match="请先提议延期"):
        meet(late, group_leader, at=LATE)
    extend(late, group_leader, resident)
    with pytest.raises(ArrowRefused, match="正在等各方同意"):
        meet(late, group_leader, at=LATE)
    draw(late, "agree_extension", neighbour, at=LATE)
    meet(late, group_leader, at=LATE)
    assert late.dispute.sessions.get().state == "held"


def test_what_is_added_late_counts_from_when_all_agreed(late, group_leader, resident, neighbour):
    extend(late, group_leader, resident, neighbour, amount=5)
    meet(late, group_leader, at=LATE + timedelta(days=4))
    with pytest.raises(ArrowRefused, match="只能延长一次"):
        meet(late, group_leader, at=LATE + timedelta(days=9))


def test_late_it_stays_whatever_was_agreed(late, group_leader, resident, neighbour):
    promised = late.finish_by_at
    extend(late, group_leader, resident, neighbour)
    settle(late, group_leader, resident, neighbour, at=LATE)
    assert late.was_late
    assert late.finish_by_at == promised < late.finished_at


def test_all_hear_until_when(late, group_leader, resident, neighbour):
    extend(late, group_leader, resident, neighbour, amount=4)
    day = timezone.localdate(LATE + timedelta(days=4))
    assert heard(f"延到{day.year}年{day.month}月{day.day}日", resident)


def test_suspended_late_and_resumed_it_is_late_still(late, group_leader, resident, neighbour):
    promised = late.finish_by_at
    extend(late, group_leader, resident, neighbour, amount=5)
    draw(late, "suspend", group_leader, "一方住院", at=LATE + timedelta(days=1))
    draw(late, "resume", group_leader, at=LATE + timedelta(days=20))
    assert late.finish_by_at == promised
    meet(late, group_leader, at=LATE + timedelta(days=23))


def test_the_page_says_how_it_goes_on(dispute_defaults, town, staff, resident, neighbour, group_leader):
    case = apply(resident, neighbour, town, at=timezone.now() - timedelta(days=40))
    take_on(case, group_leader, neighbour)
    page = signed_in(group_leader).get(f"/cases/{case.number}/")
    assert "请先提议延期" in inside(page, "//*[@role='note']")
    assert "提议延期" in inside(page, "//form//button | //a")
    posted = {"version": case.version, "amount": 5, "words": "等鉴定"}
    assert signed_in(group_leader).post(f"/cases/{case.number}/ask_extension/", posted).status_code == 302
