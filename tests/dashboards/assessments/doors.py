"""One object of each kind of an assessment for the walk over every door (tests/house/test_permissions.py): a set of the street, a
review that `owner` scores, one that is frozen, with an appeal and a plan."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from dashboards.assessments.services import appeals, reviews
from dashboards.models import Evidence, Plan, Scorer
from grids.models import UnitKind
from grids.units.services import register_unit
from tests.dashboards.assessments.reviewing import SUMMER, a_set


def assessment_doors(town: Any, owner: User, staff: dict[str, User]) -> dict[str, Any]:
    """Door -> its arguments."""
    at, cadre = timezone.now(), staff["street_cadre"]
    indicator_set = a_set(street=town.street, name="权限试用")
    running, still = (
        reviews.make_review(of=indicator_set, street=town.street, period=period, by=cadre, at=at)
        for period in (SUMMER, SUMMER.before)
    )
    Scorer.objects.create(review=running, person=owner, role="resident", invited_at=at)
    was_asked = Scorer.objects.create(review=still, person=owner, role="resident", invited_at=at)
    Scorer.objects.create(review=still, person=cadre, role="street", invited_at=at)
    for review in (running, still):
        reviews.open_scoring(review=review, by=cadre, at=at)
    place = running.assessed.get(grid=town.estate)
    node, second = still.assessed.get(grid=town.estate), indicator_set.indicators.get(number=2)
    photo = Evidence(scorer=was_asked, assessed=node, indicator=second, sha256="a" * 64, added_at=at)
    photo.file.save("e.jpg", ContentFile(b"x"))
    reviews.freeze(review=still, by=cadre, at=at)
    node.refresh_from_db()
    doubted, other = node.outcomes.order_by("pk")[:2]
    made = appeals.appeal(outcome=doubted, words="不对", by=staff["branch_secretary"], at=at)
    plan = {"plan_id": Plan.objects.create(assessed=node, proposed_at=at).pk}
    frozen, scored, of = {"key": still.key}, {"key": running.key}, {"set_id": indicator_set.pk}
    indicator = {**of, "indicator_id": indicator_set.indicators.get(number=1).pk}
    leader = {"person_id": staff["grid_leader"].pk}
    unit = {"unit_id": register_unit(name="成绩单试用单位", kind=UnitKind.OFFICE).pk}
    doors = {
        "assessment-set": of, "assessment-set-copy": {**of, "street_id": town.street.pk}, "indicator-new": of,
        "indicator": indicator, "indicator-drop": indicator, "assessment-new": {"street_id": town.street.pk},
        "assessment-review": frozen, "assessment-scorers": frozen, "assessment-step": frozen,
        "assessment-node": {**frozen, "assessed_id": node.pk}, "appeal": {**frozen, "outcome_id": other.pk},
        "appeal-answer": {**frozen, "appeal_id": made.pk}, "assessment-places": scored,
        "assessment-score": {**scored, "assessed_id": place.pk}, "evidence": {**frozen, "photo_id": photo.pk},
        "plan": plan, "plan-decide": plan, "plan-item": plan,
        "sheet": leader, "sheet-behind": {**leader, "code": "held"}, "sheet-paper": leader,
        "unit-card": unit, "unit-card-behind": {**unit, "code": "hours"},
    }  # fmt: skip
    return {f"dashboards:{name}": arguments for name, arguments in doors.items()}
