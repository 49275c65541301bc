"""Pages of an assessment: what they show, to whom, what was typed is kept, and at what price."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.models import User
from dashboards.assessments.services import appeals, reviews
from dashboards.models import Appeal, Evidence, IndicatorSet, Plan, Review, Score
from grids.tree import services as tree
from tests.dashboards.assessments.reviewing import a_set, being_scored, by_hand, closed, frozen, give, of_node, picture
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import MESSAGE, inside, value

pytestmark = pytest.mark.django_db


def test_a_review_goes_from_draft_to_publication_by_its_buttons(cadre, town, estates, neighbour, settings, defaults):
    settings.ASSESSMENT_APPEAL_DAYS = 0
    a_set()
    client = signed_in(cadre)
    page = client.get(f"/assessment/new/{town.street.pk}/").content.decode()
    assert "2026年第3季度" in page
    indicator_set = IndicatorSet.objects.get()
    answer = client.post(f"/assessment/new/{town.street.pk}/", {"of": indicator_set.pk, "period": "quarter:2026-07-01"})
    review = Review.objects.get()
    assert answer["Location"] == f"/assessment/{review.key}/scorers/"
    step = f"/assessment/{review.key}/step/"
    refused = client.post(step, {"act": "open"}, follow=True).content.decode()
    assert "还没有邀请评委" in refused
    invited = {"person": neighbour.phone, "role": "resident", "home": ""}
    page = client.post(f"/assessment/{review.key}/scorers/", invited).content.decode()
    assert "请选他住在哪里" in page
    client.post(f"/assessment/{review.key}/scorers/", invited | {"home": estates[-1].pk})
    assert review.scorers.get().person == neighbour
    client.post(step, {"act": "ask", "role": "street"})
    assert review.scorers.filter(role="street").get().person == cadre
    client.post(step, {"act": "drop", "scorer": review.scorers.get(role="street").pk})
    assert review.scorers.count() == 1
    assert "开始打分" in client.post(step, {"act": "open"}, follow=True).content.decode()
    assert "已评 0/3 项" in client.get(f"/assessment/{review.key}/").content.decode()
    assert "得分已核定" in inside(client.post(step, {"act": "freeze"}, follow=True), MESSAGE)
    assert "公布了" in inside(client.post(step, {"act": "close"}, follow=True), MESSAGE)
    assert "请点页面上的按钮" in client.post(step, {"act": "shred"}, follow=True).content.decode()
    review.refresh_from_db()
    assert review.state == Review.State.CLOSED


def test_a_scorer_without_a_post_scores_item_by_item(scoring, neighbour, town):
    client = signed_in(neighbour)
    assert scoring.of.name in client.get("/assessment/").content.decode()
    places = client.get(f"/assessment/{scoring.key}/score/").content.decode()
    assert "您自己的辖区，不由您评分" in places
    item, node = by_hand(scoring), of_node(scoring, town.estate)
    path = f"/assessment/{scoring.key}/score/{node.pk}/"
    posted = {f"points_{item.pk}": "48", f"words_{item.pk}": "台账齐", f"photos_{item.pk}": [picture()]}
    assert client.post(path, posted)["Location"] == path
    given = Score.objects.get()
    assert (given.points, given.words, given.scorer.person) == (48, "台账齐", neighbour)
    page = client.get(path).content.decode()
    assert "已打 48 分" in page
    photo = Evidence.objects.get()
    answer = client.get(f"/assessment/{scoring.key}/photos/{photo.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    client.post(path, posted | {f"photos_{item.pk}": [picture()]})
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"points": "70", "words": "很好"}, "请打 0 到 60 分"), ({"points": "很多", "words": "很好"}, "请填写数字"),
        ({"points": "", "words": "很好"}, "请先打分"), ({"points": "50", "words": "很" * 301}, "最多 300 字"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_item_and_kept(scoring, neighbour, town, posted, words):
    item, node = by_hand(scoring), of_node(scoring, town.estate)
    path = f"/assessment/{scoring.key}/score/{node.pk}/"
    page = (
        signed_in(neighbour).post(path, {f"{name}_{item.pk}": text for name, text in posted.items()}).content.decode()
    )
    assert words in page
    assert posted["words"] in page
    assert not Score.objects.exists()


def test_a_wrong_item_stops_no_other(scoring, cadre, town, defaults):
    reviews.invite_role(review=scoring, role="street", by=cadre, at=MONDAY)
    built, extra = by_hand(scoring), by_hand(scoring, "特色")
    path = f"/assessment/{scoring.key}/score/{of_node(scoring, town.estate).pk}/"
    page = signed_in(cadre).post(path, {f"points_{built.pk}": "99", f"points_{extra.pk}": "4"}).content.decode()
    assert "保存了 1 项" in page
    assert Score.objects.get().indicator == extra
    assert 'value="99"' in page


def test_next_leads_to_the_next_place_that_waits(scoring, neighbour, town, estates):
    client, item = signed_in(neighbour), by_hand(scoring)
    first, second, third = (of_node(scoring, node) for node in (town.estate, estates[0], estates[1]))
    for node, onward in ((first, second), (second, third), (third, None)):
        path = f"/assessment/{scoring.key}/score/{node.pk}/"
        answer = client.post(path, {f"points_{item.pk}": "30", "next": "1"})
        expected = f"/assessment/{scoring.key}/score/{onward.pk}/" if onward else f"/assessment/{scoring.key}/score/"
        assert answer["Location"] == expected


def test_nobody_else_finds_the_scoring_nor_its_photos(scoring, neighbour, resident, staff, town):
    photo = picture()
    item, node = by_hand(scoring), of_node(scoring, town.estate)
    path = f"/assessment/{scoring.key}/score/{node.pk}/"
    signed_in(neighbour).post(path, {f"points_{item.pk}": "48", f"photos_{item.pk}": [photo]})
    shown = f"/assessment/{scoring.key}/photos/{Evidence.objects.get().pk}/"
    leader = staff["branch_secretary"]
    for person in (resident, leader, staff["other_cadre"]):
        client = signed_in(person)
        assert client.get(path).status_code == 404
        assert client.get(shown).status_code == 404
    assert signed_in(leader).get(f"/assessment/{scoring.key}/").status_code == 403  # points do not stand yet
    frozen(scoring, staff["street_cadre"])
    assert signed_in(leader).get(shown).status_code == 200
    assert signed_in(staff["group_leader"]).get(shown).status_code == 404
    assert signed_in(staff["other_cadre"]).get(f"/assessment/{scoring.key}/").status_code == 403
    assert signed_in(resident).get(f"/assessment/{scoring.key}/").status_code == 403


def test_what_points_were_given_for_is_read_by_street_and_leader(scoring, neighbour, cadre, staff, town):
    item, node = by_hand(scoring), of_node(scoring, town.estate)
    posted = {f"points_{item.pk}": "48", f"words_{item.pk}": "公示栏缺一期", f"photos_{item.pk}": [picture()]}
    signed_in(neighbour).post(f"/assessment/{scoring.key}/score/{node.pk}/", posted)
    path = f"/assessment/{scoring.key}/nodes/{node.pk}/"
    frozen(scoring, cadre)
    for who, reads in ((cadre, True), (staff["branch_secretary"], True), (staff["group_leader"], False)):
        page = signed_in(who).get(path).content.decode()
        assert "规范建设" in page
        assert ("公示栏缺一期" in page) == reads
        assert (f"/photos/{Evidence.objects.get().pk}/" in page) == reads
        assert neighbour.name not in page


def test_the_frozen_page_says_how_each_point_came_about(scoring, neighbour, cadre, staff, town, estates):
    give(scoring, neighbour, town.estate, 45)
    give(scoring, neighbour, estates[0], 50)
    frozen(scoring, cadre)
    client = signed_in(staff["branch_secretary"])
    page = client.get(f"/assessment/{scoring.key}/").content.decode()
    assert "今天重算，统计数都一样" in page
    assert "计分项目不足一半，不排名" in page
    page = client.get(f"/assessment/{scoring.key}/nodes/{of_node(scoring, town.estate).pk}/").content.decode()
    assert "分母 0，少于 10，不计分" in page
    assert "1 位评委：45" in page
    assert neighbour.name not in page
    assert page.count("申诉</a>") == 3
    other = client.get(f"/assessment/{scoring.key}/nodes/{of_node(scoring, estates[0]).pk}/").content.decode()
    assert "申诉</a>" not in other


def test_an_appeal_by_its_pages(scoring, neighbour, cadre, staff, town):
    give(scoring, neighbour, town.estate, 30)
    frozen(scoring, cadre)
    outcome = of_node(scoring, town.estate).outcomes.get(label="规范建设")
    path = f"/assessment/{scoring.key}/outcomes/{outcome.pk}/appeal/"
    client = signed_in(staff["branch_secretary"])
    assert "请写明哪里不对" in client.post(path, {"words": " "}).content.decode()
    client.post(path, {"words": "台账在二楼"})
    made = Appeal.objects.get()
    desk = signed_in(cadre)
    answer = f"/assessment/{scoring.key}/appeals/{made.pk}/"
    page = desk.post(answer, {"is_accepted": "1", "points": "", "reason": "属实"}).content.decode()
    assert "请填写更正后的得分" in page
    assert value(page, "reason") == "属实"
    desk.post(answer, {"is_accepted": "1", "points": "48", "reason": "属实"})
    page = client.get(f"/assessment/{scoring.key}/nodes/{outcome.assessed_id}/").content.decode()
    for words in ("30.00", "更正为", "48.00", "台账在二楼", "属实"):
        assert words in inside(page, "//*[@class='outcomes']")
    assert "核定时 50.00" in page


def test_a_plan_by_its_pages(scoring, neighbour, cadre, staff, town, estates):
    for node, points in ((town.estate, 20), (estates[0], 50)):
        give(scoring, neighbour, node, points)
    closed(frozen(scoring, cadre), cadre)
    plan, client = Plan.objects.get(), signed_in(cadre)
    path = f"/assessment/plans/{plan.pk}/"
    assert "等街道决定" in client.get(path).content.decode()
    assert "请写明为什么移出" in client.post(f"{path}decide/", {"is_confirmed": "0"}).content.decode()
    client.post(f"{path}decide/", {"is_confirmed": "1"})
    item = {"what": "楼道灯换好", "post": staff["grid_leader"].posts.get().pk, "by_date": "2020-01-01"}
    page = client.post(f"{path}item/", item).content.decode()
    assert "完成日期最早是明天" in page
    assert "楼道灯换好" in page
    foreign = staff["other_cadre"].posts.get().pk
    assert "选择一个有效的选项" in client.post(f"{path}item/", item | {"post": foreign}).content.decode()
    client.post(f"{path}item/", item | {"by_date": (localdate() + timedelta(days=20)).isoformat()})
    made = plan.items.get()
    assert made.case.holder.person == staff["grid_leader"]
    page = signed_in(staff["branch_secretary"]).get(path).content.decode()
    assert "楼道灯换好" in page
    assert "加一项措施" not in page
    assert "办结 <strong>0</strong> / 1" in page


def test_a_set_is_written_by_its_pages(cadre, town, staff):
    indicator_set = a_set()
    client = signed_in(cadre)
    assert client.get(f"/assessment/sets/{indicator_set.pk}/new/").status_code == 403
    client.post(f"/assessment/sets/{indicator_set.pk}/copy/{town.street.pk}/")
    own = IndicatorSet.objects.get(street=town.street)
    posted = {
        "label": "退单率", "weight": "10", "source": "share", "share": "", "floor": "20", "target": "0", "words": "",
        "evidence": "", "measure": "", "per": "",
    }  # fmt: skip
    page = client.post(f"/assessment/sets/{own.pk}/new/", posted).content.decode()
    assert "请选一项比率" in page
    client.post(f"/assessment/sets/{own.pk}/new/", posted | {"share": "sent_back"})
    page = client.get(f"/assessment/sets/{own.pk}/").content.decode()
    assert "20 % 及以上 0 分，0 % 及以下 10 分，中间按比例" in page
    assert "合计 <strong>110</strong> 分" in page
    made = own.indicators.get(label="退单率")
    path = f"/assessment/sets/{own.pk}/{made.pk}/"
    client.post(path, posted | {"share": "sent_back", "weight": "5"})
    made.refresh_from_db()
    assert made.weight == Decimal(5)
    client.post(f"{path}drop/")
    assert own.indicators.count() == 3
    for person in (staff["other_cadre"], staff["community_secretary"]):
        assert signed_in(person).get(f"/assessment/sets/{own.pk}/new/").status_code == 403
    assert signed_in(staff["other_cadre"]).get(f"/assessment/sets/{own.pk}/").status_code == 404
    assert signed_in(staff["grid_leader"]).get(f"/assessment/sets/{own.pk}/").status_code == 200


def test_pages_cost_the_same_with_more_places(scoring, cadre, town, neighbour, estates):
    give(scoring, neighbour, town.estate, 20)
    paths = (f"/assessment/{scoring.key}/", f"/assessment/{scoring.key}/nodes/{of_node(scoring, town.estate).pk}/")
    frozen(scoring, cadre)
    before = [_queries(cadre, path) for path in paths]
    assert max(before) <= 16
    for number in range(8):
        tree.add(parent=town.community, name=f"更多小区{number}")
    town.street.refresh_from_db()
    more = being_scored(cadre, town.street, neighbour, estates[-1], of=a_set(name="更多"))
    give(more, neighbour, town.estate, 20)
    frozen(more, cadre)
    paths = (f"/assessment/{more.key}/", f"/assessment/{more.key}/nodes/{of_node(more, town.estate).pk}/")
    assert [_queries(cadre, path) for path in paths] == before


def _queries(person: User, path: str) -> int:
    client = signed_in(person)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_an_appeal_is_told_to_the_street(scoring, neighbour, cadre, staff, town):
    give(scoring, neighbour, town.estate, 30)
    frozen(scoring, cadre)
    outcome = of_node(scoring, town.estate).outcomes.get(label="规范建设")
    appeals.appeal(outcome=outcome, words="不对", by=staff["branch_secretary"], at=MONDAY)
    page = signed_in(cadre).get("/notices/").content.decode()
    assert "提出申诉，请答复" in page
