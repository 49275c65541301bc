"""Hours and points: append-only, sums that are balances, corrections that are entries, awards that happen once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from cases.escalation import sweep
from tests.support.cast import MONDAY, draw
from tests.volunteers.cast import VISIT
from volunteers.models import HoursEntry, PointRule, PointsEntry, Redemption, Reward
from volunteers.services import hours, orders, points

AFTER = VISIT + timedelta(hours=3)
NEXT_WEEK = VISIT + timedelta(days=7)


def test_whole_hours_from_the_agreed_beginning_to_the_agreed_end(served, helper):
    entry = HoursEntry.objects.get()
    assert (entry.hours, entry.minutes) == (2, 120)


def test_coming_early_is_travel_not_service(visit, ask, helper):
    from cases.engine.turns import Given
    from volunteers.services import visits

    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    early = VISIT - timedelta(minutes=50)
    visits.check_in(case=visit, by=helper, at=early, code=visit.service.door_code)
    visits.check_out(case=visit, by=helper, at=VISIT + timedelta(minutes=59), given=Given("好了"))
    assert HoursEntry.objects.get().hours == 0


def test_hours_count_after_three_working_days_of_publication(served, helper):
    """Noted on a Wednesday: Thursday, Friday, Monday; over at the close of business."""
    assert hours.counted(helper, at=AFTER) == 0
    ends = HoursEntry.objects.get().counts_at
    assert ends.astimezone(VISIT.tzinfo).strftime("%a %H:%M") == "Mon 18:00"
    assert hours.counted(helper, at=ends - timedelta(seconds=1)) == 0
    assert hours.counted(helper, at=ends) == 2


def test_they_are_published_within_the_unit_and_the_team(served, helper, team, team_leader, neighbour):
    assert list(hours.on_show_to(team_leader, at=AFTER)) == list(hours.on_show_to(helper, at=AFTER))
    assert not hours.on_show_to(neighbour, at=AFTER).exists()
    assert not hours.on_show_to(team_leader, at=NEXT_WEEK).exists()


def test_a_correction_is_an_entry_with_its_reason(served, helper, worker_at_desk, other_cadre):
    entry = HoursEntry.objects.get()
    correction = {"entry": entry, "hours": 1, "reason": "提前走了", "at": AFTER}
    for by, match in ((other_cadre, "不由您更正"), (helper, "不由您更正")):
        with pytest.raises(ValidationError, match=match):
            hours.correct(**correction, by=by)
    with pytest.raises(ValidationError, match="原因"):
        hours.correct(**{**correction, "reason": " "}, by=worker_at_desk)
    with pytest.raises(ValidationError, match="一样"):
        hours.correct(**{**correction, "hours": 2}, by=worker_at_desk)
    assert hours.correct(**correction, by=worker_at_desk).hours == -1
    with pytest.raises(ValidationError, match="已经更正过"):
        hours.correct(**correction, by=worker_at_desk)
    assert hours.counted(helper, at=NEXT_WEEK) == 1


@pytest.mark.parametrize("model", [HoursEntry, PointsEntry])
def test_the_database_refuses_to_change_or_remove_an_entry(served, resident, model):
    draw(served, "rate", resident, "好", at=AFTER, score=5, is_solved=True)
    for act in (lambda rows: rows.update(noted_at=AFTER), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(InternalError, match="append-only"), transaction.atomic():
            act(model.objects.all())


def test_points_follow_the_rules_once(served, helper, resident):
    draw(served, "rate", resident, "好", at=AFTER, score=5, is_solved=True)
    assert points.balance(helper) == 5 + 2 * 2 + 3
    points.award(case=served, by=None, at=AFTER, score=5)
    assert points.balance(helper) == 12


def test_the_rule_of_the_day_of_the_service_counts(served, helper, resident, kinds):
    PointRule.objects.create(what="service", points=50, from_date=(VISIT + timedelta(days=1)).date())
    PointRule.objects.create(what="hour", points=4, from_date=VISIT.date(), category=kinds["探访陪伴"])
    draw(served, "rate", resident, "好", at=VISIT + timedelta(days=2), score=4, is_solved=True)
    assert points.balance(helper) == 5 + 2 * 4


def test_whoever_is_killed_in_the_middle_awards_once(served, helper, monkeypatch):
    """The order closes and awards in one transaction: torn off, nothing happened; tried again, once."""
    served.refresh_from_db()
    due = served.due_at
    whole = PointsEntry.objects.bulk_create

    def torn_off(*args, **kwargs):
        whole(*args, **kwargs)
        raise ConnectionError("killed")

    monkeypatch.setattr(PointsEntry.objects, "bulk_create", torn_off)
    sweep(at=due)
    served.refresh_from_db()
    assert served.state == "awaiting_rating"
    assert not PointsEntry.objects.exists()
    monkeypatch.undo()
    for hour in range(3):
        sweep(at=due + timedelta(hours=hour))
    served.refresh_from_db()
    assert served.state == "done"
    assert points.balance(helper) == 9


def test_a_wrong_award_is_countered(served, helper, resident, worker_at_desk, other_cadre):
    draw(served, "rate", resident, "好", at=AFTER, score=4, is_solved=True)
    entry = PointsEntry.objects.get(key__endswith="service")
    with pytest.raises(ValidationError, match="不由您冲正"):
        points.correct(entry=entry, reason="重复", by=other_cadre, at=AFTER)
    points.correct(entry=entry, reason="重复", by=worker_at_desk, at=AFTER)
    assert points.balance(helper) == 4
    with pytest.raises(ValidationError, match="已经冲正过"):
        points.correct(entry=entry, reason="重复", by=worker_at_desk, at=AFTER)


@pytest.fixture
def umbrella(town):
    return Reward.objects.create(name="雨伞", points=5, stocked=2, grid=town.estate, place="宜和邻里服务中心")


def give(person: User, amount: int, key: str) -> None:
    PointsEntry.objects.create(person=person, points=amount, words="试", noted_at=MONDAY, key=key)


def test_redeeming_handing_over_and_giving_back(umbrella, helper, worker_at_desk, other_cadre):
    with pytest.raises(ValidationError, match="您有 0 分"):
        points.redeem(reward=umbrella, person=helper, at=MONDAY)
    give(helper, 12, "one")
    first = points.redeem(reward=umbrella, person=helper, at=MONDAY)
    second = points.redeem(reward=umbrella, person=helper, at=MONDAY)
    assert (points.balance(helper), points.left_of(umbrella)) == (2, 0)
    points.cancel(redemption=second, by=helper, at=MONDAY)
    assert (points.balance(helper), points.left_of(umbrella)) == (7, 1)
    with pytest.raises(ValidationError, match="不在您的辖区"):
        points.hand_over(redemption=first, code=first.code, by=other_cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="领取码不对"):
        points.hand_over(redemption=first, code="x", by=worker_at_desk, at=MONDAY)
    points.hand_over(redemption=first, code=first.code, by=worker_at_desk, at=MONDAY)
    for act in (points.cancel, lambda **more: points.hand_over(code=first.code, **more)):
        with pytest.raises(ValidationError, match="已经领取或取消"):
            act(redemption=first, by=worker_at_desk, at=MONDAY)


STEP = st.tuples(st.sampled_from(["give", "redeem", "cancel", "hand", "counter"]), st.integers(0, 2), st.integers(1, 9))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=30))
def test_sums_equal_balances_after_any_run(umbrella, helper, other_helper, team_leader, served, worker_at_desk, steps):
    """Whatever is done in whatever order: nobody's sum goes below nought, stock and points are where they should be."""
    crowd = [helper, other_helper, team_leader]
    with transaction.atomic():
        expected = dict.fromkeys([person.pk for person in crowd], 0)
        for serial, (what, who, amount) in enumerate(steps):
            person = crowd[who]
            try:
                if what == "give":
                    PointsEntry.objects.create(
                        person=person, points=amount, words="试", case=served, noted_at=MONDAY, key=f"run:{serial}"
                    )
                    expected[person.pk] += amount
                elif what == "redeem":
                    points.redeem(reward=umbrella, person=person, at=MONDAY)
                    expected[person.pk] -= umbrella.points
                elif what == "counter":
                    entry = PointsEntry.objects.filter(person=person, case=served, corrects=None).first()
                    if entry is not None and expected[person.pk] >= entry.points:
                        points.correct(entry=entry, reason="试", by=worker_at_desk, at=MONDAY)
                        expected[person.pk] -= entry.points
                elif redemption := Redemption.objects.filter(person=person).last():
                    if what == "cancel":
                        points.cancel(redemption=redemption, by=person, at=MONDAY)
                        expected[person.pk] += umbrella.points
                    else:
                        points.hand_over(redemption=redemption, code=redemption.code, by=worker_at_desk, at=MONDAY)
            except ValidationError:
                continue
        for person in crowd:
            assert points.balance(person) == expected[person.pk] >= 0
        taken = Redemption.objects.exclude(state="cancelled").count()
        assert 0 <= points.left_of(umbrella) == umbrella.stocked - taken
        transaction.set_rollback(True)
