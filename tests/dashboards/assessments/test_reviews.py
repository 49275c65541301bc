"""A review from its draft to a plan's end: who scores what, what freezing keeps, appeals with their trace, the weakest
tenth, tasks to their end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cases.engine.turns import Given
from cases.escalation import sweep
from cases.services import act, route
from dashboards.assessments.privacy import HOLDINGS, KEEPINGS
from dashboards.assessments.services import appeals, plans, reviews, scores
from dashboards.figures.counting import count
from dashboards.models import Indicator, Outcome, Plan, Ranked, Review, Score
from grids.models import TerritoryPost
from grids.posts import services as grid_services
from grids.territory import tree as territory_tree
from grids.tree import services as tree
from notices.models import Notice
from tests.dashboards.assessments.reviewing import (
    JULY,
    SUMMER,
    a_review,
    a_set,
    being_scored,
    closed,
    frozen,
    give,
    of_node,
)
from tests.support.cast import MONDAY, draw, submit
from tests.support.heard import heard

pytestmark = pytest.mark.django_db


def twelve_requests(town, resident, leader, *, late=0):
    """Of July, signed for at once, but the late ones."""
    cases = [file(town, resident, f"july-{number}", JULY) for number in range(12)]
    for case in cases[late:]:
        draw(case, "sign", leader, at=JULY + timedelta(minutes=5))
    if late:
        after = max(case.due_at for case in cases) + timedelta(minutes=1)
        sweep(at=after)
        for case in cases[:late]:
            draw(case, "sign", leader, at=after)


def file(town, resident, key, at):
    case = submit(resident, town, key=key, at=at)
    route(case_id=case.pk, at=at)
    case.refresh_from_db()
    return case


# --- reviews


def test_a_review_needs_its_own_street_a_sound_set_and_a_period(cadre, staff, town):
    indicator_set = a_set()
    with pytest.raises(ValidationError, match="不负责"):
        a_review(staff["community_secretary"], town.street, indicator_set)
    with pytest.raises(ValidationError, match="不负责"):
        a_review(staff["other_cadre"], town.street, indicator_set)
    with pytest.raises(ValidationError, match="还没有开始"):
        reviews.make_review(of=indicator_set, street=town.street, period=SUMMER.after.after, by=cadre, at=MONDAY)
    a_review(cadre, town.street, indicator_set)
    with pytest.raises(ValidationError, match="已经用这套"):
        a_review(cadre, town.street, indicator_set)
    indicator_set.indicators.filter(number=1).delete()
    with pytest.raises(ValidationError, match="现在是 60"):
        a_review(cadre, town.street, indicator_set)


def test_whoever_is_asked_hears_of_it(scoring, neighbour):
    told = Notice.objects.get(person=neighbour, path=f"/assessment/{scoring.key}/score/")
    assert "请您为“拉练 2026年第3季度”打分" in told.words


def test_secretaries_score_one_another_and_nobody_their_own(defaults, cadre, staff, town, estates):
    other = tree.add(parent=town.street, name="凤嘴社区", code="350725001007")
    elsewhere = tree.add(parent=other, name="凤嘴小区")
    made = a_review(cadre, town.street)
    assert reviews.invite_role(review=made, role="peer", by=cadre, at=MONDAY) == 1
    assert reviews.invite_role(review=made, role="peer", by=cadre, at=MONDAY) == 0
    reviews.open_scoring(review=made, by=cadre, at=MONDAY)
    made.refresh_from_db()
    secretary = staff["community_secretary"]
    rows = scores.to_score(made.scorers.get(), at=MONDAY)
    assert {row.assessed.name for row in rows if not row.is_own} == {"凤嘴小区（凤嘴社区）"}
    give(made, secretary, elsewhere, 50)
    with pytest.raises(ValidationError, match="自己的地方"):
        give(made, secretary, town.estate, 50)


def test_a_representative_needs_a_home_and_does_not_score_it(scoring, cadre, town, estates, neighbour, resident):
    with pytest.raises(ValidationError) as refusal:
        reviews.invite(review=scoring, person=resident, role="resident", home=None, by=cadre, at=MONDAY)
    assert "home" in refusal.value.error_dict
    with pytest.raises(ValidationError, match="已经是评委"):
        reviews.invite(review=scoring, person=neighbour, role="owners", home=estates[0], by=cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="自己的地方"):
        give(scoring, neighbour, estates[-1], 60)
    with pytest.raises(ValidationError, match="不由群众代表打分"):
        give(scoring, neighbour, town.estate, 3, label="特色")
    with pytest.raises(ValidationError, match="0 到 60"):
        give(scoring, neighbour, town.estate, 61)


def test_a_score_may_change_until_the_freezing_and_leaves_its_trace(scoring, cadre, town, neighbour):
    give(scoring, neighbour, town.estate, 40, words="台账缺")
    give(scoring, neighbour, town.estate, 40, words="台账缺")
    give(scoring, neighbour, town.estate, 50, words="补上了", at=MONDAY + timedelta(hours=1))
    assert list(Score.objects.order_by("pk").values_list("points", "words", "replaced_at")) == [
        (40, "台账缺", MONDAY + timedelta(hours=1)),
        (50, "补上了", None),
    ]
    frozen(scoring, cadre)
    with pytest.raises(ValidationError, match="得分已核定"):
        give(scoring, neighbour, town.estate, 60)


def test_the_running_quarter_is_not_frozen(scoring, cadre):
    with pytest.raises(ValidationError, match="还没有结束"):
        reviews.freeze(review=scoring, by=cadre, at=JULY)
    scoring.refresh_from_db()
    assert scoring.state == Review.State.SCORING
    assert not Outcome.objects.exists()


def test_what_is_frozen_stays_and_the_page_says_what_would_differ(
    scoring, cadre, town, estates, neighbour, resident, staff
):  # fmt: skip
    twelve_requests(town, resident, staff["grid_leader"], late=3)
    give(scoring, neighbour, town.estate, 45)
    give(scoring, neighbour, estates[0], 54)
    made = frozen(scoring, cadre)
    own = of_node(made, town.estate)
    share, hand, extra = own.outcomes.order_by("indicator__number")
    assert (share.part, share.whole, share.value, share.points) == (9, 12, Decimal("75.00"), 30)
    assert "响应率" in share.label
    assert "应响应" in share.means
    assert share.formula == "0 % 及以下 0 分，100 % 及以上 40 分，中间按比例"
    assert (hand.given, hand.points) == ([Decimal(45)], 45)
    assert (extra.points, extra.left_out) == (None, "没有人打分，不计分")
    assert (own.total, own.rank) == (75, 2)
    # Of an estate without requests, the share says nothing: its weight goes to the item that was scored.
    small = of_node(made, estates[0])
    assert small.outcomes.get(label="响应率").left_out == "分母 0，少于 10，不计分"
    assert (small.total, small.rank) == (90, 1)
    assert (of_node(made, estates[1]).total, of_node(made, estates[1]).rank) == (None, None)
    assert reviews.differing(made) == 0
    case = file(town, resident, "august", JULY + timedelta(days=30))
    draw(case, "sign", staff["grid_leader"], at=JULY + timedelta(days=30, minutes=5))
    count(at=MONDAY)
    assert reviews.differing(made) == 1
    Indicator.objects.filter(pk=share.indicator_id).update(label="改过的")
    own.refresh_from_db()
    again = own.outcomes.get(pk=share.pk)
    assert (own.total, again.part, again.whole, again.label) == (75, 9, 12, "响应率")


def test_freezing_is_all_or_nothing(scoring, cadre, town, neighbour, monkeypatch):
    give(scoring, neighbour, town.estate, 45)
    monkeypatch.setattr(reviews, "rescore", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError):
        reviews.freeze(review=scoring, by=cadre, at=MONDAY)
    scoring.refresh_from_db()
    assert scoring.state == Review.State.SCORING
    assert not Outcome.objects.exists()


def test_areas_are_ranked_by_the_community_they_are_linked_to(defaults, cadre, town, neighbour, resident, staff):
    first = territory_tree.add_area(name="宜和第一片区", community=town.community)
    territory_tree.add_area(name="宜和第二片区", community=town.community)
    made = being_scored(cadre, town.street, cadre, None, of=a_set(ranked=Ranked.AREA))
    twelve_requests(town, resident, staff["grid_leader"])
    for node, points in zip(made.assessed.order_by("pk"), (30, 60), strict=True):
        scores.give(
            scorer=made.scorers.get(),
            assessed=node,
            indicator=made.of.indicators.get(number=2),
            at=MONDAY,
            points=Decimal(points),
        )
    frozen(made, cadre)
    assert list(made.assessed.order_by("pk").values_list("name", "total", "rank")) == [
        ("宜和第一片区（宜和社区）", 70, 2),
        ("宜和第二片区（宜和社区）", 100, 1),
    ]
    TerritoryPost.objects.create(person=neighbour, node=first, from_at=JULY)
    outcome = made.assessed.get(area=first).outcomes.get(label="规范建设")
    appeals.appeal(outcome=outcome, words="台账是齐的", by=neighbour, at=MONDAY)
    other = made.assessed.exclude(area=first).get().outcomes.get(label="规范建设")
    with pytest.raises(ValidationError, match="只有负责人"):
        appeals.appeal(outcome=other, words="也不对", by=neighbour, at=MONDAY)


# --- appeals


@pytest.fixture
def doubted(scoring, cadre, town, estates, neighbour, staff):
    give(scoring, neighbour, town.estate, 30)
    give(scoring, neighbour, estates[0], 40)
    made = frozen(scoring, cadre)
    outcome = of_node(made, town.estate).outcomes.get(label="规范建设")
    return appeals.appeal(outcome=outcome, words="台账在二楼，没有看", by=staff["branch_secretary"], at=MONDAY)


def test_an_accepted_appeal_counts_and_what_was_frozen_stays_readable(doubted, cadre, town, estates, staff):
    review = doubted.outcome.assessed.review
    with pytest.raises(ValidationError, match="还没有过"):
        reviews.close(review=review, by=cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="1 件申诉没有答复"):
        reviews.close(review=review, by=cadre, at=MONDAY + timedelta(days=6))
    appeals.decide(appeal=doubted, is_accepted=True, points=Decimal(48), reason="核实属实", by=cadre, at=MONDAY)
    outcome = Outcome.objects.get(pk=doubted.outcome_id)
    assert (outcome.points, outcome.corrected, outcome.stands) == (30, 48, 48)
    node = of_node(review, town.estate)
    assert (node.first_total, node.first_rank, node.total, node.rank) == (50, 2, 80, 1)
    assert of_node(review, estates[0]).rank == 2
    assert heard("已采纳", staff["branch_secretary"])
    with pytest.raises(ValidationError, match="已经答复"):
        appeals.decide(appeal=doubted, is_accepted=False, reason="又想想", by=cadre, at=MONDAY)
    closed(review, cadre)
    assert review.state == Review.State.CLOSED


def test_a_refused_appeal_changes_nothing_and_says_why(doubted, cadre, town):
    with pytest.raises(ValidationError) as refusal:
        appeals.decide(appeal=doubted, is_accepted=False, reason=" ", by=cadre, at=MONDAY)
    assert "reason" in refusal.value.error_dict
    with pytest.raises(ValidationError) as refusal:
        appeals.decide(appeal=doubted, is_accepted=True, points=Decimal(61), reason="好", by=cadre, at=MONDAY)
    assert "points" in refusal.value.error_dict
    appeals.decide(appeal=doubted, is_accepted=False, reason="当天确实没有台账", by=cadre, at=MONDAY)
    node = of_node(doubted.outcome.assessed.review, town.estate)
    assert (node.total, node.first_total) == (50, 50)


def test_appeals_come_from_leaders_once_and_in_time(doubted, staff, town):
    outcome = doubted.outcome
    for person in (staff["community_secretary"], staff["street_cadre"], staff["group_leader"]):
        with pytest.raises(ValidationError, match="只有负责人"):
            appeals.appeal(outcome=outcome, words="不对", by=person, at=MONDAY)
    with pytest.raises(ValidationError, match="已经申诉过"):
        appeals.appeal(outcome=outcome, words="还是不对", by=staff["branch_secretary"], at=MONDAY)
    other = outcome.assessed.outcomes.get(label="响应率")
    with pytest.raises(ValidationError, match="申诉期已经过了"):
        appeals.appeal(outcome=other, words="迟了", by=staff["branch_secretary"], at=MONDAY + timedelta(days=6))


# --- the weakest, and what is done


@pytest.fixture
def plan(scoring, cadre, town, estates, neighbour, resident, staff):
    """The town's own estate came last of three."""
    twelve_requests(town, resident, staff["grid_leader"], late=6)
    for node, points in ((town.estate, 20), (estates[0], 50), (estates[1], 55)):
        give(scoring, neighbour, node, points)
    closed(frozen(scoring, cadre), cadre)
    return Plan.objects.get()


def test_the_last_is_proposed_and_confirmed_or_left_out(plan, cadre, town):
    assert plan.assessed.grid == town.estate
    with pytest.raises(ValidationError, match="先确定"):
        plans.add_item(plan=plan, what="换灯", post=None, by_date=date(2026, 12, 20), by=cadre, at=MONDAY)
    with pytest.raises(ValidationError) as refusal:
        plans.decide(plan=plan, is_confirmed=False, reason="", by=cadre, at=MONDAY)
    assert "reason" in refusal.value.error_dict
    plans.decide(plan=plan, is_confirmed=False, reason="整体搬迁，明年拆除", by=cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="已经决定过"):
        plans.decide(plan=plan, is_confirmed=True, reason="", by=cadre, at=MONDAY)


def test_those_at_the_edge_are_proposed_together(scoring, cadre, town, estates, neighbour):
    for node, points in ((town.estate, 20), (estates[0], 20), (estates[1], 55)):
        give(scoring, neighbour, node, points)
    closed(frozen(scoring, cadre), cadre)
    assert {plan.assessed.grid for plan in Plan.objects.select_related("assessed__grid")} == {town.estate, estates[0]}


def test_a_plan_is_tasks_to_their_end_and_compared(plan, cadre, staff, town, resident, defaults):
    plans.decide(plan=plan, is_confirmed=True, reason="", by=cadre, at=MONDAY)
    leader, secretary = staff["grid_leader"], staff["branch_secretary"]
    assert secretary.posts.get() in plans.may_be_given(plan, at=MONDAY)
    assert staff["other_cadre"].posts.get() not in plans.may_be_given(plan, at=MONDAY)
    by_date = date(2026, 12, 18)
    with pytest.raises(ValidationError) as refusal:
        plans.add_item(plan=plan, what="换灯", post=leader.posts.get(), by_date=date(2026, 11, 23), by=cadre, at=MONDAY)
    assert "by_date" in refusal.value.error_dict
    plan_item = plans.add_item(
        plan=plan, what="楼道灯全部换好", post=leader.posts.get(), by_date=by_date, by=cadre, at=MONDAY
    )
    plans.add_item(plan=plan, what="每周巡查", post=secretary.posts.get(), by_date=by_date, by=cadre, at=MONDAY)
    assert (plan_item.case.kind, plan_item.case.holder.person, plan_item.case.grid) == ("task", leader, town.grid)
    assert plans.ended_on(plan) is None
    assert plans.compare(plan, at=MONDAY) is None
    for item in plan.items.select_related("case"):
        case = item.case
        holder = case.holder.person
        act(case=case, verb="sign", by=holder, at=MONDAY, version=case.version, given=Given())
        case.refresh_from_db()
        act(case=case, verb="finish", by=holder, at=MONDAY, version=case.version, given=Given("办好了"))
        case.refresh_from_db()
        act(case=case, verb="confirm", by=cadre, at=MONDAY, version=case.version, given=Given())
    assert plans.ended_on(plan) == date(2026, 11, 23)
    assert [row.item.case.state for row in plans.progress_of(plan, at=MONDAY)] == ["archived", "archived"]
    with pytest.raises(ValidationError, match="已经结束"):
        plans.add_item(plan=plan, what="再来", post=leader.posts.get(), by_date=by_date, by=cadre, at=MONDAY)
    later = MONDAY + timedelta(days=60)
    for number in range(10):
        case = file(town, resident, f"january-{number}", later)
        draw(case, "sign", leader, at=later + timedelta(minutes=5))
    count(at=later + timedelta(hours=1))
    comparison = plans.compare(plan, at=later + timedelta(hours=1))
    assert (comparison.before, comparison.after.words, comparison.is_running) == (SUMMER, "2027年第1季度", True)
    (row,) = comparison.rows
    assert row.values == (Decimal("50.00"), Decimal("100.00"))
    assert row.words == "好转"


def test_two_leaders_of_one_estate_both_hear_of_the_freezing(scoring, cadre, town, resident, staff):
    grid_services.appoint(person=resident, role="branch_secretary", grid=town.estate, from_at=JULY)
    made = frozen(scoring, cadre)
    told = Notice.objects.filter(path=f"/assessment/{made.key}/").values_list("person", flat=True)
    assert {resident.pk, staff["branch_secretary"].pk} <= set(told)


def test_an_appeal_is_answered_before_its_person_goes(doubted, cadre, staff):
    person = staff["branch_secretary"]
    held = next(holding for holding in HOLDINGS if holding.label == "考核申诉")
    assert next(iter(held.rows(person)))["申诉理由"] == "台账在二楼，没有看"
    assert "等答复" in held.blocks(person)
    appeals.decide(appeal=doubted, is_accepted=False, reason="当天确实没有", by=cadre, at=MONDAY)
    assert held.blocks(person) == ""
    held.erase(person, MONDAY)
    doubted.refresh_from_db()
    assert "台账" not in doubted.words
    assert doubted.reason == "当天确实没有"
    keeping = next(keeping for keeping in KEEPINGS if keeping.code == "assessment_appeals")
    assert keeping.clear(MONDAY + timedelta(days=1), MONDAY) == 0  # forgotten already
