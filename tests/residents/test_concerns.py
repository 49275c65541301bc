"""被反映人: what is about somebody in post goes to who stands above them; they neither handle nor see it."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.engine.routing import find_route, superior
from cases.engine.turns import ArrowRefused
from cases.escalation import sweep
from cases.models import Case, Referral, Seat
from grids.models import Post
from residents.models import Draft, Request
from tests.support.cast import MONDAY, ZONE, _appointed, draw, post_of, signed_in, submit
from tests.support.pages import MESSAGE, inside

LONG_AGO = datetime(2026, 1, 1, tzinfo=ZONE)
WORDS = "网格长来了三次都不管"


@pytest.fixture
def officer(town):
    return _appointed("马警官", 20, "police_officer", town.community)


@pytest.fixture
def about_leader(defaults, town, staff, resident):
    case = submit(resident, town, words=WORDS, about="grid_leader")
    sweep(at=MONDAY)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize(
    ("role", "superior"),
    [
        ("grid_leader", "group_leader"),
        ("group_leader", "branch_secretary"),
        ("branch_secretary", "community_secretary"),
        ("community_worker", "street_cadre"),
        ("community_secretary", "street_cadre"),
        ("police_officer", "street_cadre"),
        ("street_cadre", "county_admin"),
    ],
)
def test_who_stands_above_has_it_from_the_first_moment(defaults, town, staff, resident, officer, role, superior):
    case = submit(resident, town, about=role)
    assert case.holder == post_of(staff[superior])
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert (case.state, case.holder, case.is_private) == ("dispatched", post_of(staff[superior]), True)
    assert list(unsound_cases()) == []


def test_above_the_county_stands_nobody_so_somebody_else_of_it_hears_of_it(defaults, town, staff):
    about, other = post_of(staff["county_admin"]), User.objects.create_user(phone="13600000009", name="钱多")
    barred = frozenset({about.person_id})
    with pytest.raises(ValidationError, match="12388"):
        superior(town.grid, [about], at=MONDAY, barred=barred)
    post = Post.objects.create(person=other, role="county_admin", grid=None, from_at=LONG_AGO)
    assert superior(town.grid, [about], at=MONDAY, barred=barred) == post


def test_whom_it_is_about_neither_sees_nor_hears_of_it(about_leader, grid_leader, group_leader):
    client = signed_in(grid_leader)
    for path in ("/cases/{}/", "/api/v1/cases/{}/", "/cases/{}/sign/", "/cases/{}/asker-phone/"):
        assert client.get(path.format(about_leader.number)).status_code == 404
    for tab in ("todo", "area", "mine"):
        assert about_leader not in client.get(f"/cases/?tab={tab}").context["page"].object_list
    assert not grid_leader.notices.exists()
    assert WORDS in signed_in(group_leader).get(f"/cases/{about_leader.number}/").content.decode()
    with pytest.raises(ArrowRefused):
        draw(about_leader, "sign", grid_leader)


def test_not_even_beside_who_has_it_or_when_promoted(about_leader, grid_leader, town, group_leader):
    """Somebody in the same role at the same node stands in for the holder; not who it is about."""
    Post.objects.create(person=grid_leader, role="group_leader", grid=town.group, from_at=LONG_AGO)
    client = signed_in(grid_leader)
    assert client.get(f"/cases/{about_leader.number}/").status_code == 404
    assert about_leader not in Case.objects.visible_to(grid_leader)
    assert about_leader not in client.get("/cases/?tab=mine").context["page"].object_list
    Post.objects.filter(person=group_leader).update(until_at=MONDAY + timedelta(minutes=1))
    sweep(at=MONDAY + timedelta(minutes=2))
    about_leader.refresh_from_db()
    assert about_leader.holder.person not in {grid_leader, group_leader}


def test_their_post_ended_it_is_still_about_them(about_leader, grid_leader, town):
    Post.objects.filter(person=grid_leader).update(until_at=MONDAY)
    Post.objects.create(person=grid_leader, role="branch_secretary", grid=town.estate, from_at=MONDAY)
    assert signed_in(grid_leader).get(f"/cases/{about_leader.number}/").status_code == 404


def test_it_is_given_to_nobody_it_is_about(about_leader, grid_leader, group_leader, secretary):
    draw(about_leader, "sign", group_leader)
    draw(about_leader, "send_up", group_leader)
    draw(about_leader, "send_up", about_leader.holder.person)
    assert about_leader.holder.person == secretary
    for verb, field in (("transfer", "post"), ("ask_help", "helper")):
        form = signed_in(secretary).get(f"/cases/{about_leader.number}/{verb}/").context["form"]
        assert grid_leader not in {post.person for post in form.fields[field].queryset}
        with pytest.raises(ValidationError, match="应当回避"):
            draw(about_leader, verb, secretary, **{field: post_of(grid_leader)})


def test_it_goes_to_nobody_below_whom_it_is_about(defaults, town, staff, resident, street_cadre, worker_at_desk):
    case = submit(resident, town, about="community_secretary")
    sweep(at=MONDAY)
    for verb, field in (("transfer", "post"), ("ask_help", "helper")):
        with pytest.raises(ValidationError, match="要由其上级办理"):
            draw(case, verb, street_cadre, **{field: post_of(worker_at_desk)})
    draw(case, "send_back", street_cadre)
    assert case.holder.person == street_cadre  # not the secretary's own workers
    with pytest.raises(ValidationError, match="要由其上级办理"):
        draw(case, "dispatch", street_cadre, post=post_of(worker_at_desk))


def test_the_officer_it_is_about_is_not_asked(defaults, town, staff, resident, officer):
    case = submit(resident, town, about="police_officer")
    sweep(at=MONDAY)
    with pytest.raises(ArrowRefused, match="没有在岗的社区民警"):
        draw(case, "refer_police", staff["street_cadre"])


def test_late_it_climbs_past_them(defaults, town, staff, resident, group_leader):
    case = submit(resident, town, about="grid_leader")
    Post.objects.create(person=staff["grid_leader"], role="branch_secretary", grid=town.estate, from_at=LONG_AGO)
    Post.objects.filter(person=staff["branch_secretary"]).update(until_at=MONDAY)
    sweep(at=MONDAY)
    for day in range(1, 8):
        sweep(at=MONDAY + timedelta(days=day))
        case.refresh_from_db()
        assert case.holder.person != staff["grid_leader"]
    assert case.was_late


# Given later, by staff.


@pytest.fixture
def signed(request_case, grid_leader, officer):
    draw(request_case, "sign", grid_leader)
    return request_case


def test_named_at_the_desk_it_leaves_their_hands(signed, grid_leader, group_leader, worker_at_desk, resident):
    page = signed_in(worker_at_desk).get(f"/cases/{signed.number}/name_concerned/")
    assert post_of(grid_leader) in page.context["form"].fields["concerned"].queryset
    posted = {"version": signed.version, "concerned": post_of(grid_leader).pk}
    assert signed_in(worker_at_desk).post(f"/cases/{signed.number}/name_concerned/", posted).status_code == 302
    signed.refresh_from_db()
    assert (signed.state, signed.holder.person, signed.is_private) == ("dispatched", group_leader, True)
    assert signed_in(grid_leader).get(f"/cases/{signed.number}/").status_code == 404
    assert signed_in(resident).get(f"/cases/{signed.number}/").status_code == 200
    assert find_route(case=signed, at=MONDAY).post == post_of(group_leader)


def test_whoever_helped_helps_no_more(signed, grid_leader, branch_secretary, worker_at_desk, secretary):
    draw(signed, "ask_help", grid_leader, helper=post_of(branch_secretary))
    draw(signed, "name_concerned", worker_at_desk, concerned=post_of(branch_secretary))
    assert signed.holder.person == secretary
    assert not Seat.objects.filter(case=signed, role="co_holder", until_at=None).exists()
    assert signed_in(branch_secretary).get(f"/cases/{signed.number}/").status_code == 404


def test_whoever_was_asked_for_the_police_is_asked_no_more(signed, grid_leader, officer, worker_at_desk):
    draw(signed, "refer_police", grid_leader)
    draw(signed, "name_concerned", worker_at_desk, concerned=post_of(officer))
    assert Referral.objects.get().end == Referral.End.RECALLED
    assert signed_in(officer).get(f"/cases/{signed.number}/").status_code == 404


def test_what_the_police_answered_is_not_theirs_any_more_when_it_is_about_them(
    signed, grid_leader, officer, worker_at_desk
):
    draw(signed, "refer_police", grid_leader)
    draw(signed, "answer_police", officer)
    assert signed_in(officer).get(f"/cases/{signed.number}/").status_code == 200
    draw(signed, "name_concerned", worker_at_desk, concerned=post_of(officer))
    assert signed_in(officer).get(f"/cases/{signed.number}/").status_code == 404


def test_somebody_elsewhere_is_not_named(signed, worker_at_desk, next_grid_leader):
    with pytest.raises(ValidationError, match="不负责"):
        draw(signed, "name_concerned", worker_at_desk, concerned=post_of(next_grid_leader))


# As residents say it.


def test_a_resident_says_so_on_the_second_screen(defaults, town, staff, resident, group_leader):
    client = signed_in(resident)
    place = {"place": town.estate.pk, "building": town.building.pk}
    words = client.post("/requests/new/", place)["Location"]
    assert client.post(words, {"words": WORDS, "about": "grid_leader"}).status_code == 302
    confirm = words.replace("/words/", "/confirm/")
    assert "反映谁网格长。由其上级办理" in inside(client.get(confirm), "//dl")
    client.post(confirm, {"category": ""})
    case = Request.objects.get().case
    assert (case.holder.person, case.is_private) == (group_leader, True)


def test_where_nobody_is_in_that_role_it_is_said_at_the_field(defaults, town, staff, resident):
    client = signed_in(resident)
    words = client.post("/requests/new/", {"place": town.estate.pk})["Location"]
    page = client.post(words, {"words": WORDS, "about": "grid_leader"})
    assert "请把地点选到楼栋" in page.context["form"].errors["about"][0]
    assert Draft.objects.get().words == WORDS
    assert page.context["form"]["about"].value() == "grid_leader"


def test_an_app_says_so_too(defaults, town, staff, resident, group_leader):
    posted = {
        "key": "7f3d1c1e-1111-4111-8111-111111111111", "place": town.estate.pk, "building": town.building.pk,
        "words": WORDS, "about": "grid_leader",
    }  # fmt: skip
    assert signed_in(resident).post("/api/v1/requests/", posted).status_code == 201
    assert Case.objects.get().holder.person == group_leader
    wrong = signed_in(resident).post("/api/v1/requests/", {**posted, "about": "nobody"})
    assert wrong.status_code == 400
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["#/about"]


def test_at_the_desk_it_is_written_down(defaults, town, staff, group_leader, worker_at_desk):
    posted = {
        "key": "7f3d1c1e-1111-4111-8111-111111111112", "place": town.estate.pk, "building": town.building.pk,
        "words": WORDS, "about": "grid_leader", "urgency": "normal",
    }  # fmt: skip
    answer = signed_in(worker_at_desk).post("/requests/register/", posted, follow=True)
    case = Case.objects.get()
    assert case.holder.person == group_leader
    assert answer.status_code == 200
    assert case.number in inside(answer, MESSAGE)
