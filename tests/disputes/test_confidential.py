"""Who sees what of a dispute, at every door: page, acts, API, admin, photos, messages."""

import pytest
from django.utils import timezone

from accounts.models import User
from cases.engine.turns import Given
from cases.models import Case
from cases.services import act
from disputes.models import Party, Side
from disputes.services.opening import PartySaid
from grids.posts.services import appoint
from photos.cleaning import Photo
from tests.disputes.conftest import apply, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard

PHOTO = Photo(content=b"full", thumbnail=b"small", width=1, height=1, sha256="x")
SECRET = "空调滴水"
BLIND = ["grid_leader", "next_grid_leader", "branch_secretary", "community_worker", "community_secretary", "street_cadre",
         "county_admin", "other_cadre"]  # fmt: skip


@pytest.fixture
def noted(dispute, group_leader, neighbour) -> Case:
    """A working note with a photo, by the mediator."""
    take_on(dispute, group_leader, neighbour)
    dispute.refresh_from_db()
    given = Given("对方其实愿意赔", (PHOTO,))
    act(case=dispute, verb="note", by=group_leader, at=MONDAY, version=dispute.version, given=given)
    return dispute


def doors(case: Case) -> list[str]:
    token = case.attachments.get().token
    base = f"/cases/{case.number}/"
    own = f"/disputes/{case.number}/"
    return [
        base,
        f"{base}note/",
        f"{base}photos/{token}/",
        f"{base}photos/{token}/thumbnail/",
        f"/api/v1/cases/{case.number}/",
        f"{own}talk/",
        f"{own}plan-session/",
    ]


def test_who_mediates_comes_in_everywhere(noted, group_leader):
    client = signed_in(group_leader)
    assert [client.get(door).status_code for door in doors(noted)] == [200] * 7


@pytest.mark.parametrize("who", BLIND)
def test_other_levels_and_neighbours_find_nothing(noted, staff, who):
    client = signed_in(staff[who])
    assert {client.get(door).status_code for door in doors(noted)} == {404}
    for door in (f"/cases/{noted.number}/hand_up/", f"/api/v1/cases/{noted.number}/acts/hand_up/"):
        assert client.post(door, {"version": noted.version, "words": "x"}).status_code == 404
    assert noted.number not in client.get("/cases/?tab=area").content.decode()


@pytest.mark.parametrize("who", ["resident", "neighbour"])
def test_a_party_does_not_read_what_the_mediators_note(noted, request, who):
    client = signed_in(request.getfixturevalue(who))
    for door in (f"/cases/{noted.number}/", f"/api/v1/cases/{noted.number}/"):
        page = client.get(door)
        assert page.status_code == 200
        assert "愿意赔" not in page.content.decode()
    token = noted.attachments.get().token
    assert client.get(f"/cases/{noted.number}/photos/{token}/").status_code == 404


def test_what_one_side_says_stays_there(noted, group_leader, resident, neighbour):
    draw(noted, "ask_mediator", resident, "调解员和他是同学")
    for door in (f"/cases/{noted.number}/", f"/api/v1/cases/{noted.number}/"):
        assert "调解员和他是同学" in signed_in(resident).get(door).content.decode()
        assert "调解员和他是同学" in signed_in(group_leader).get(door).content.decode()
        assert "是同学" not in signed_in(neighbour).get(door).content.decode()
    assert not heard("同学", neighbour)


def test_a_private_talk_is_between_one_side_and_the_mediators(noted, group_leader, resident, neighbour):
    talk = f"/disputes/{noted.number}/talk/"
    mine = Party.objects.get(person=resident)
    assert signed_in(resident).post(talk, {"words": "其实我只要他道个歉"}).status_code == 302
    assert "其实我只要他道个歉" in signed_in(group_leader).get(f"{talk}?party={mine.pk}").content.decode()
    assert "道个歉" not in signed_in(neighbour).get(talk).content.decode()
    assert signed_in(neighbour).get(f"{talk}?party={mine.pk}").status_code == 404
    assert signed_in(neighbour).post(talk, {"party": mine.pk, "words": "偷看"}).status_code == 404
    assert heard("单独", group_leader)
    assert not heard("单独", neighbour)


def test_parties_do_not_read_each_others_phones(noted, group_leader, resident, neighbour):
    assert resident.phone not in signed_in(neighbour).get(f"/cases/{noted.number}/").content.decode()
    assert resident.masked_phone not in signed_in(neighbour).get(f"/cases/{noted.number}/").content.decode()
    assert resident.masked_phone in signed_in(group_leader).get(f"/cases/{noted.number}/").content.decode()


def test_the_list_above_shows_type_and_place_only(noted, secretary, street_cadre, other_cadre):
    for person in (secretary, street_cadre):
        page = signed_in(person).get("/admin/disputes/dispute/").content.decode()
        assert noted.number in page
        assert "用水排水" in page
        for secret in (SECRET, "王秀英", "赵建国", "滴水"):
            assert secret not in page
        assert signed_in(person).get(f"/admin/disputes/dispute/{noted.pk}/change/").status_code in {302, 403}
        assert noted.number not in signed_in(person).get("/admin/cases/case/").content.decode()
    assert noted.number not in signed_in(other_cadre).get("/admin/disputes/dispute/").content.decode()


def test_titles_and_messages_name_the_type_only(noted, secretary):

    assert SECRET not in noted.title
    assert not heard("滴水")


def test_who_stands_in_for_the_holder_sees_it(noted, town, neighbour):
    helper = User.objects.create_user(phone="13800139999", name="代岗", password="Test-password-1")
    assert signed_in(helper).get(f"/cases/{noted.number}/").status_code == 404
    appoint(person=helper, role="group_leader", grid=town.group, from_at=MONDAY.replace(month=1))
    assert signed_in(helper).get(f"/cases/{noted.number}/").status_code == 200


def test_somebody_named_by_phone_finds_it_when_they_sign_in(dispute_defaults, town, staff, resident, client):
    parties = [
        PartySaid(Side.APPLICANT, person=resident),
        PartySaid(Side.RESPONDENT, name="陈三", phone="13900002222"),
    ]
    case = apply(resident, None, town, parties=parties)
    named = User.objects.create_user(phone="13900002222", name="陈三", password="Test-password-1")
    client.post("/sign-in/password/", {"phone": "13900002222", "password": "Test-password-1"})
    assert Party.objects.get(side=Side.RESPONDENT).person == named
    assert client.get(f"/cases/{case.number}/").status_code == 200
    draw(case, "consent", named, at=timezone.now())


def test_the_police_see_what_was_referred_and_no_more(noted, police, group_leader, resident):
    assert signed_in(police).get(f"/cases/{noted.number}/").status_code == 404
    draw(noted, "report_police", resident, "他说要动手")
    assert signed_in(police).get(f"/cases/{noted.number}/").status_code == 200
    assert signed_in(police).get(f"/disputes/{noted.number}/talk/").status_code == 404


def test_the_api_draws_arrows_by_the_forms_of_their_pages(noted, group_leader, resident):
    noted.refresh_from_db()
    url = f"/api/v1/cases/{noted.number}/acts"
    refused = signed_in(group_leader).post(f"{url}/plan_session/", {"version": noted.version})
    assert refused.status_code == 400
    noted.refresh_from_db()
    done = signed_in(resident).post(f"{url}/withdraw/", {"version": noted.version})
    assert done.status_code == 200


def test_a_party_is_added_through_the_api_by_the_mediator_alone(dispute, group_leader, resident):
    dispute.refresh_from_db()
    url = f"/api/v1/cases/{dispute.number}/acts/add_party/"
    party = {"side": "third", "name": "周五", "version": dispute.version}
    assert signed_in(resident).post(url, party).status_code == 400
    assert not dispute.dispute.parties.filter(name="周五").exists()
    nameless = signed_in(group_leader).post(url, {**party, "side": "nobody"}).json()
    assert [error["pointer"] for error in nameless["errors"]] == ["#/side"]
    assert signed_in(group_leader).post(url, party).status_code == 200
    assert dispute.dispute.parties.filter(name="周五").count() == 1
