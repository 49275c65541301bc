"""The demonstration: made once, through the services."""

from datetime import timedelta

import pytest

from accounts.models import User
from dashboards.assessments.demo import seed_assessment
from dashboards.models import Assessed, Plan, Review, Score
from grids.posts.services import appoint
from grids.territory import tree as territory_tree
from grids.tree import services as tree
from tests.dashboards.assessments.reviewing import more_estates
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(defaults, town, staff, resident, neighbour):
    more_estates(town.community, 11)
    other = tree.add(parent=town.street, name="凤嘴社区", code="350725001007")
    secretary = User.objects.create_user(phone="13900990001", name="凤书记")
    appoint(person=secretary, role="community_secretary", grid=other, from_at=MONDAY - timedelta(days=90))
    territory_tree.add_area(name="宜和第一片区", community=town.community)
    return town


def test_it_is_made_once_with_a_ranking_a_plan_and_open_appeals(demo, staff):
    assert seed_assessment(at=MONDAY) == 2
    assert seed_assessment(at=MONDAY) == 0
    tour, estates = Review.objects.order_by("of__name")[1], Review.objects.get(of__ranked="estate")
    assert {tour.state, estates.state} == {Review.State.FROZEN, Review.State.CLOSED}
    assert Assessed.objects.filter(review=estates, rank__isnull=False).count() == 12
    assert Score.objects.filter(assessed__review=estates).exists()
    plan = Plan.objects.get(is_confirmed=True)
    assert plan.assessed.rank == 12
    assert Plan.objects.count() >= 2  # a tenth of twelve, rounded up
    assert {item.case.state for item in plan.items.select_related("case")} == {"handling", "assigned"}
