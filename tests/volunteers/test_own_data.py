"""What the room holds about a person is shown, and goes without moving a sum or a figure."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Consent, Purpose
from accounts.privacy.holdings import KEEPINGS
from accounts.privacy.rights import erase, held
from tests.dashboards.cuts import overview
from tests.support.cast import MONDAY, draw, signed_in
from tests.volunteers.cast import VISIT, serve
from volunteers.models import HoursEntry, Offer, PointsEntry, TeamMember
from volunteers.services import orders, people

LATER = VISIT + timedelta(days=30)


def sums():
    figures, _ = overview(LATER)
    ledgers = [model.objects.values_list("pk", flat=True).count() for model in (HoursEntry, PointsEntry)]
    return figures["served"], figures["hours"], ledgers


def test_whoever_leaves_is_forgotten_and_no_sum_moves(visit, ask, helper, team):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    serve(visit, helper)
    assert {"志愿者资料", "服务邀请", "服务时数", "单位和队伍"} <= {label for label, _ in held(helper)}
    before = sums()
    erase(person=helper, at=LATER)
    assert sums() == before
    helper.volunteer.refresh_from_db()
    assert (helper.volunteer.grid, helper.volunteer.free_times, helper.volunteer.is_active) == (None, [], False)
    assert not TeamMember.objects.filter(person=helper, until_at=None).exists()


def test_a_promise_is_given_back_when_its_volunteer_is_erased(visit, ask, helper, other_helper):
    ask(visit, helper, other_helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    erase(person=helper, at=MONDAY + timedelta(hours=1))
    visit.refresh_from_db()
    assert visit.state == "offered"
    assert Offer.objects.get(person=other_helper).state == "offered"


def test_where_whoever_was_helped_has_left_the_desk_looks(served, resident, worker_at_desk):
    erase(person=resident, at=VISIT + timedelta(hours=3))
    served.refresh_from_db()
    draw(served, "verify", worker_at_desk, "问过邻居，药送到了", at=VISIT + timedelta(hours=4))
    assert (served.state, served.outcome) == ("done", "verified")


def test_leaving_takes_the_consent_back(helper):
    people.leave(volunteer=helper.volunteer, at=MONDAY)
    assert Consent.objects.get(person=helper, purpose=Purpose.VOLUNTEER).withdrawn_at == MONDAY


def test_who_did_not_come_is_forgotten_after_a_while(visit, ask, helper, other_helper, team):
    ask(visit, helper, other_helper)
    orders.decline(case=visit, by=helper, at=MONDAY)
    keeping = next(keeping for keeping in KEEPINGS if keeping.code == "service_refusals")
    assert keeping.clear(timezone.now() + timedelta(days=999), LATER) == 0  # not before it is over
    visit.__class__.objects.filter(pk=visit.pk).update(state="cancelled", closed_at=MONDAY)
    assert keeping.clear(LATER, LATER) >= 1
    assert not Offer.objects.filter(person=helper).exists()


def test_what_a_volunteer_said_goes_a_while_after_they_left(helper):
    assert helper.volunteer.skills.exists()
    assert helper.volunteer.grid is not None
    people.leave(volunteer=helper.volunteer, at=MONDAY)
    keeping = next(keeping for keeping in KEEPINGS if keeping.code == "volunteer_left")
    assert keeping.clear(MONDAY, LATER) == 0  # not yet
    assert keeping.clear(MONDAY + timedelta(days=1), LATER) == 1
    helper.volunteer.refresh_from_db()
    assert helper.volunteer.grid is None
    assert not helper.volunteer.skills.exists()


def test_only_who_chose_it_is_ranked(visit, ask, helper, resident):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    serve(visit, helper)
    assert helper.name not in signed_in(resident).get("/volunteers/ranking/").content.decode()
