"""我要办的: how much is in hand, late, and due this week."""

from datetime import timedelta

from cases.models import Case
from dashboards.figures import in_hand as own
from tests.support.cast import MONDAY, draw, post_of


def test_what_is_in_hand_is_counted_once(request_case, grid_leader, resident):
    posts = [post_of(grid_leader)]
    mine = own.of(posts, at=MONDAY)
    assert (mine.count, mine.late, mine.this_week) == (1, 0, 1)
    assert [card.number for card in mine.cards] == [request_case.number]
    Case.objects.filter(pk=request_case.pk).update(due_at=MONDAY + timedelta(days=9))
    assert own.of(posts, at=MONDAY).this_week == 0
    late = own.of(posts, at=MONDAY + timedelta(days=10))
    assert (late.count, late.late, late.this_week) == (1, 1, 0)


def test_the_residents_turn_is_not_ours(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    assert own.of([post_of(grid_leader)], at=MONDAY) == own.Own(0, 0, 0, [])
