"""业委会 at a review: they look on, or score where the set says so and never at home; who came is noted; they read the result."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from dashboards.assessments.services import reviews
from dashboards.models import Scorer
from notices.models import Notice
from tests.dashboards.assessments.reviewing import a_review, a_set, frozen, give, of_node
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import MESSAGE, inside, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(defaults, cadre, town, estates, resident, neighbour):
    """王秀英 for the residents of a new estate, 赵建国 for the 业委会 of the town's own; the set asks no 业委会 to score."""
    made = a_review(cadre, town.street)
    for person, role, home in ((resident, "resident", estates[-1]), (neighbour, "owners", town.estate)):
        reviews.invite(review=made, person=person, role=role, home=home, by=cadre, at=MONDAY)
    reviews.open_scoring(review=made, by=cadre, at=MONDAY)
    made.refresh_from_db()
    return made


def test_whom_the_set_gives_nothing_looks_on(invited, resident, neighbour, estates):
    path = f"/assessment/{invited.key}/score/"
    asked = {notice.person_id: notice.words for notice in Notice.objects.filter(path=path)}
    assert "请您观察" in asked[neighbour.pk]
    assert "打分" not in asked[neighbour.pk]
    assert "打分" in asked[resident.pk]
    page = signed_in(neighbour).get(path)
    assert "业委会观察员" in inside(page)
    assert not words(page, f"//main//a[contains(@href, '{path}')]")
    assert "您是群众代表评委" in inside(signed_in(resident).get(path))
    with pytest.raises(ValidationError, match="不由业委会打分"):
        give(invited, neighbour, estates[0], 50)
    form = signed_in(neighbour).get(f"{path}{of_node(invited, estates[0]).pk}/")
    assert not words(form, "//input[contains(@name, 'points_')]")


def test_owners_score_where_the_set_says_so_and_not_at_home(defaults, cadre, town, estates, neighbour):
    of = a_set()
    of.indicators.filter(label="规范建设").update(scorers=["owners"])
    made = a_review(cadre, town.street, of)
    reviews.invite(review=made, person=neighbour, role="owners", home=town.estate, by=cadre, at=MONDAY)
    reviews.open_scoring(review=made, by=cadre, at=MONDAY)
    assert give(made, neighbour, estates[0], 50).points == 50
    with pytest.raises(ValidationError, match="不能给自己的地方打分"):
        give(made, neighbour, town.estate, 60)


def test_they_read_the_result_once_points_stand(invited, cadre, town, neighbour, resident, other_cadre):
    paths = (f"/assessment/{invited.key}/", f"/assessment/{invited.key}/nodes/{of_node(invited, town.estate).pk}/")
    for path in paths:
        assert signed_in(neighbour).get(path).status_code == 403, "still being scored"
    assert str(invited) not in words(signed_in(neighbour).get("/assessment/"), "//section[h2='各期考核']//strong")
    frozen(invited, cadre)
    for path in paths:
        assert signed_in(neighbour).get(path).status_code == signed_in(resident).get(path).status_code == 200
        assert signed_in(other_cadre).get(path).status_code == 403
    assert str(invited) in words(signed_in(neighbour).get("/assessment/"), "//section[h2='各期考核']//strong")
    Scorer.objects.filter(person=neighbour).delete()
    assert signed_in(neighbour).get(paths[0]).status_code == 403, "not asked, not told"


def test_who_came_is_noted_by_the_street(invited, cadre, neighbour):
    scorer = invited.scorers.get(person=neighbour)
    step, posted = f"/assessment/{invited.key}/step/", {"act": "present", "scorer": scorer.pk}
    assert signed_in(neighbour).post(step, posted).status_code == 403
    desk = signed_in(cadre)
    assert "已登记到场" in inside(desk.post(step, posted, follow=True), MESSAGE)
    scorers = f"/assessment/{invited.key}/scorers/"
    assert words(desk.get(scorers), "//li[contains(., '赵建国')]//*[@class='badge']") == ["业委会", "观察", "已到场"]
    assert "取消" in inside(desk.post(step, posted, follow=True), MESSAGE)
    desk.post(step, posted)
    frozen(invited, cadre)
    assert "到场：业委会 1 人。" in inside(signed_in(neighbour).get(f"/assessment/{invited.key}/"))
    assert "不能这样做" in inside(desk.post(step, posted, follow=True), MESSAGE)
    scorer.refresh_from_db()
    assert scorer.present_at is not None


def test_somebody_has_to_score(defaults, cadre, town, estates, neighbour):
    made = a_review(cadre, town.street)
    reviews.invite(review=made, person=neighbour, role="owners", home=town.estate, by=cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="还没有邀请评委打分"):
        reviews.open_scoring(review=made, by=cadre, at=MONDAY + timedelta(hours=1))
