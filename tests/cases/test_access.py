"""Who sees what: on every door a stranger finds nothing, and "not yours" looks like "not there"."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import AuditLine
from cases.engine.turns import Given
from cases.models import Case
from cases.reading.tracking import tracking_path
from cases.services import act
from grids.posts.services import appoint, vacate
from photos.cleaning import Photo
from tests.support.cast import MONDAY, draw, post_of, signed_in, submit
from tests.support.pages import CARD, TIMELINE, inside

PHOTO = Photo(content=b"full", thumbnail=b"small", width=1, height=1, sha256="x")
SEES = ["grid_leader", "group_leader", "branch_secretary", "community_worker", "community_secretary", "street_cadre",
        "county_admin"]  # fmt: skip
BLIND = ["next_grid_leader", "other_cadre", "neighbour"]


@pytest.fixture
def everybody(staff, resident, neighbour):
    return {**staff, "resident": resident, "neighbour": neighbour}


@pytest.fixture
def photographed(request_case, resident) -> tuple[Case, str]:
    given = Given("拍了照", (PHOTO,))
    act(case=request_case, verb="note", by=resident, at=MONDAY, version=request_case.version, given=given)
    return request_case, request_case.attachments.get().token


def doors(case: Case, token: str) -> list[str]:
    base = f"/cases/{case.number}/"
    return [
        base,
        f"{base}note/",
        f"{base}photos/{token}/",
        f"{base}photos/{token}/thumbnail/",
        f"/requests/{case.number}/done/",
        f"/api/v1/cases/{case.number}/",
    ]


@pytest.mark.parametrize("who", [*SEES, "resident"])
def test_those_concerned_come_in(photographed, everybody, who):
    client = signed_in(everybody[who])
    for door in doors(*photographed):
        assert client.get(door).status_code == 200, door


@pytest.mark.parametrize("who", BLIND)
def test_strangers_find_nothing_at_any_door(photographed, everybody, who):
    client = signed_in(everybody[who])
    case, token = photographed
    for door in [*doors(case, token), f"/cases/{case.number}/asker-phone/"]:
        assert client.get(door).status_code == 404, door
    for door in (f"/cases/{case.number}/sign/", f"/api/v1/cases/{case.number}/acts/sign/"):
        assert client.post(door, {"version": case.version}).status_code == 404, door
    case.refresh_from_db()
    assert case.state == "dispatched"


@pytest.mark.parametrize("who", [*SEES, *BLIND, "resident"])
def test_every_list_is_a_part_of_what_is_visible(photographed, everybody, who):
    person = everybody[who]
    visible = set(Case.objects.visible_to(person).values_list("pk", flat=True))
    for rows in (Case.objects.in_area_of(person), Case.objects.seated(person), Case.objects.held_by(person)):
        assert set(rows.values_list("pk", flat=True)) <= visible
    assert (photographed[0].pk in visible) == (who not in BLIND)


def test_nobody_signed_in_sees_nothing(request_case):
    for rows in ("visible_to", "in_area_of", "seated", "held_by"):
        assert not getattr(Case.objects, rows)(AnonymousUser()).exists()


def test_a_private_case_is_for_those_who_sit_on_it(photographed, everybody, grid_leader, resident, secretary):
    case, _ = photographed
    Case.objects.filter(pk=case.pk).update(is_private=True)
    assert signed_in(resident).get(f"/cases/{case.number}/").status_code == 200
    assert signed_in(grid_leader).get(f"/cases/{case.number}/").status_code == 200
    assert signed_in(secretary).get(f"/cases/{case.number}/").status_code == 404
    admin = signed_in(secretary).get("/admin/cases/case/")
    assert case.number not in admin.content.decode()


def test_a_post_that_ended_opens_no_door(request_case, grid_leader, group_leader):
    client = signed_in(group_leader)
    assert client.get(f"/cases/{request_case.number}/").status_code == 200
    vacate(post=post_of(group_leader), at=MONDAY)
    assert client.get(f"/cases/{request_case.number}/").status_code == 404


def test_acting_for_someone_is_a_post_like_any_other(request_case, town, neighbour):
    client = signed_in(neighbour)
    assert client.get(f"/cases/{request_case.number}/").status_code == 404
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY - timedelta(days=1))
    assert client.get(f"/cases/{request_case.number}/").status_code == 200
    draw(request_case, "sign", neighbour)
    assert request_case.state == "accepted"


def test_a_helper_sees_what_they_help_with(request_case, grid_leader, next_grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "ask_help", grid_leader, helper=post_of(next_grid_leader))
    page = signed_in(next_grid_leader).get(f"/cases/{request_case.number}/")
    assert page.status_code == 200


def test_a_resident_acts_only_on_what_is_theirs(request_case, resident, neighbour):
    client = signed_in(neighbour)
    answer = client.post(f"/cases/{request_case.number}/withdraw/", {"version": request_case.version})
    assert answer.status_code == 404


def test_anonymous_to_the_handler_means_no_name_on_any_page(defaults, town, staff, resident, grid_leader, secretary):
    from cases.services import route

    case = submit(resident, town, is_anonymous=True)
    route(case_id=case.pk, at=MONDAY)
    draw(case, "note", resident, "今晚在家")
    leader, desk = signed_in(grid_leader), signed_in(secretary)
    for page in (leader.get(f"/cases/{case.number}/"), leader.get(f"/api/v1/cases/{case.number}/")):
        assert "王" not in page.content.decode()
    assert leader.get(f"/cases/{case.number}/asker-phone/").status_code == 404
    assert "王**" in inside(desk.get(f"/cases/{case.number}/"), TIMELINE)
    assert desk.get(f"/cases/{case.number}/asker-phone/").status_code == 200


def reveals():
    return AuditLine.objects.filter(act="reveal")


def test_the_full_phone_needs_a_reason_and_is_logged(request_case, grid_leader, resident):
    client, url = signed_in(grid_leader), f"/cases/{request_case.number}/asker-phone/"
    assert resident.phone not in client.get(f"/cases/{request_case.number}/").content.decode()
    assert resident.phone not in client.post(url, {"reason": " "}).content.decode()
    assert not reveals().exists()
    assert resident.phone in client.post(url, {"reason": "约上门时间"}).content.decode()
    logged = reveals().get()
    assert (logged.by, logged.about) == (grid_leader.pk, resident.pk)
    assert request_case.number in logged.thing
    assert logged.spoken.words == "约上门时间"


def test_the_tracking_link_shows_how_it_stands_and_no_name_of_a_resident(photographed, resident):
    case, token = photographed
    page = Client().get(tracking_path(case)).content.decode()
    assert "李强" in inside(page, CARD)
    assert resident.name not in page
    assert "王*" not in page
    assert token not in page


@pytest.mark.parametrize(
    "spoil", [lambda path: path[:-2] + "x/", lambda path: path.replace("/t/ZH-", "/t/ZH-")[:-9] + "/"]
)
def test_a_tracking_link_cannot_be_guessed(request_case, spoil):
    assert Client().get(spoil(tracking_path(request_case))).status_code == 404


def test_a_link_of_one_case_does_not_open_another(request_case, town, resident):
    other = submit(resident, town, key="other")
    signature = tracking_path(request_case).split("/")[3]
    assert Client().get(f"/t/{other.number}/{signature}/").status_code == 404
