"""Services that come again: each date an order, the regular ones asked first, somebody else when they cannot."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.engine.checks import unsound_cases
from cases.models import Case
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import CARD, inside
from tests.volunteers.cast import state_of
from volunteers.dispatch import candidates
from volunteers.models import Series
from volunteers.services import orders, series

FIRST = MONDAY + timedelta(days=2, hours=7)
"""Wednesday, 16:00: school is over, the parent still at work."""


@pytest.fixture
def care(kinds, town, staff, resident, helper):
    def begin(**more):
        fields = {
            "title": "放学看护", "category": kinds["放学看护"], "grid": town.grid, "place": "宜和佳苑", "asker": resident,
            "wanted": 1, "every_days": 7, "minutes": 120, "next_at": FIRST, "opened_by": staff["community_worker"],
            "helpers": [helper], "at": MONDAY, **more,
        }  # fmt: skip
        return series.begin(**fields)

    return begin


def test_each_date_becomes_one_order(care, helper):
    made = care()
    assert series.open_due(at=MONDAY) == 1
    assert series.open_due(at=MONDAY) == 0
    case = Case.objects.get()
    assert (case.state, case.service.begins_at, state_of(case, helper)) == ("offered", FIRST, "offered")
    made.refresh_from_db()
    assert made.next_at == FIRST + timedelta(days=7)
    assert series.open_due(at=MONDAY + timedelta(days=7)) == 1
    assert list(unsound_cases()) == []


def test_somebody_else_comes_when_the_regular_one_cannot(care, helper, other_helper):
    care()
    series.open_due(at=MONDAY)
    case = Case.objects.get()
    orders.accept(case=case, by=helper, at=MONDAY)
    draw(case, "step_back", helper, "孩子病了", at=MONDAY + timedelta(days=1))
    assert state_of(case, other_helper) == "offered"
    orders.accept(case=case, by=other_helper, at=MONDAY + timedelta(days=1))
    assert case.state == "staffed"
    series.open_due(at=MONDAY + timedelta(days=7))
    later = Case.objects.order_by("pk").last()
    assert state_of(later, helper) == "offered"  # one date missed changes nothing for the next


def test_care_of_minors_asks_checked_people_only(care, helper, worker_at_desk):
    with pytest.raises(ValidationError, match="两位志愿者"):
        care(serves="minor")
    care(serves="minor", wanted=2)
    series.open_due(at=MONDAY)
    case = Case.objects.get()
    assert case.state == "planned"  # nobody was checked: the desk decides
    assert case.holder.person == worker_at_desk


def test_dates_that_went_by_are_not_made_up(care):
    care()
    assert series.open_due(at=FIRST + timedelta(days=20)) == 1
    assert Case.objects.get().service.begins_at == FIRST + timedelta(days=21)


def test_an_ended_series_makes_nothing_more(care):
    made = care(until_at=FIRST + timedelta(days=8))
    for week in range(4):
        series.open_due(at=MONDAY + timedelta(days=7 * week))
    assert Case.objects.count() == 2
    other = care(next_at=FIRST + timedelta(days=60))
    series.end(series=other, at=MONDAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="已经结束"):
        series.end(series=other, at=MONDAY + timedelta(days=2))
    assert series.open_due(at=FIRST + timedelta(days=59)) == 0
    assert made.pk != other.pk


def test_one_that_fails_does_not_stop_the_others(care, town, monkeypatch):
    broken, _ = care(title="坏的"), care(title="好的", next_at=FIRST + timedelta(minutes=1))
    whole = orders.open_order

    def failing(**fields):
        if fields["title"] == "坏的":
            raise RuntimeError("broken")
        return whole(**fields)

    monkeypatch.setattr(orders, "open_order", failing)
    assert series.open_due(at=MONDAY) == 1
    assert Series.objects.get(pk=broken.pk).next_at == FIRST


def test_regular_ones_are_chosen_by_the_desk_of_the_area(
    care, helper, other_helper, neighbour, worker_at_desk, other_cadre
):
    made = care()
    common = {"series": made, "at": MONDAY}
    with pytest.raises(ValidationError, match="不在您的辖区"):
        series.choose_helpers(**common, people=[helper], by=other_cadre)
    with pytest.raises(ValidationError, match="还没有登记成为志愿者"):
        series.choose_helpers(**common, people=[neighbour], by=worker_at_desk)
    series.choose_helpers(**common, people=[other_helper], by=worker_at_desk)
    assert list(made.helpers.all()) == [other_helper]
    guarded = care(serves="minor", wanted=2, helpers=[])
    with pytest.raises(ValidationError, match="背景核查"):
        series.choose_helpers(**{**common, "series": guarded}, people=[helper], by=worker_at_desk)


def test_begun_and_ended_on_the_desks_pages(staff, town, kinds, helper, resident):
    desk, foreign = signed_in(staff["community_worker"]), signed_in(staff["other_cadre"])
    first = timezone.localtime() + timedelta(days=1)
    posted = {
        "title": "放学看护", "category": kinds["放学看护"].pk, "grid": town.grid.pk, "serves": "anyone", "wanted": 1,
        "next_at": f"{first:%Y-%m-%dT%H:%M}", "minutes": 90, "every_days": 7, "phone": resident.phone,
    }  # fmt: skip
    new = "/volunteers/series/new/"
    for wrong, words in (
        ({"serves": "minor"}, "要两位志愿者同去"), ({"next_at": "2020-01-01T08:00"}, "第一次要在现在之后"),
        ({"until": "2020-01-01"}, "结束日期要在第一次之后"),
    ):  # fmt: skip
        answer = desk.post(new, {**posted, **wrong}).content.decode()
        assert words in answer
        assert 'value="放学看护"' in answer
    helpers = desk.post(new, {**posted, "until": f"{first + timedelta(days=30):%Y-%m-%d}"})["Location"]
    made = Series.objects.get()
    assert (made.asker, made.opened_by) == (resident, staff["community_worker"])
    assert "吴小红" in inside(desk.get(helpers), "//form")
    assert desk.post(helpers, {"people": [helper.pk]}, follow=True).status_code == 200
    assert list(made.helpers.all()) == [helper]
    for path in (helpers, f"/volunteers/series/{made.pk}/end/"):
        assert foreign.post(path).status_code == 404
    assert "吴小红" in inside(desk.get("/volunteers/series/"), CARD)
    assert "吴小红" not in foreign.get("/volunteers/series/").content.decode()
    desk.post(f"/volunteers/series/{made.pk}/end/")
    assert "放学看护" not in desk.get("/volunteers/series/").content.decode()


def test_whoever_is_promised_elsewhere_then_stands_last(care, helper, other_helper, ask, open_visit):
    busy = ask(open_visit(begins_at=FIRST, ends_at=FIRST + timedelta(hours=2)), helper)
    orders.accept(case=busy, by=helper, at=MONDAY)
    proposals = candidates.for_series(care(helpers=[]))
    assert [proposal.candidate.label for proposal in proposals][-1] == helper.name
    assert "那时已有别的服务" in proposals[-1].why
