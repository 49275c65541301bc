"""联席会议: called, people invited, their answers, called off. Bad input leaves nothing half-done."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.privacy import rights
from cases.models import Case
from grids.models import Pairing, Room, UnitKind
from grids.places.services import check_place
from grids.posts.services import vacate
from grids.tree import services as tree
from grids.units.services import end_pairing, register_unit
from meetings.centres import rooms
from meetings.conferences import proceedings
from meetings.conferences import services as conferences
from meetings.models import Booking, Conference, Invitation
from meetings.privacy import HOLDINGS, KEEPINGS
from notices.models import Notice
from tests.meetings.council import (
    DURING,
    OPENS,
    a_conference,
    attended,
    conference,
    invited,
    officer,
    refused,
    resolved,
    unit,
)
from tests.support.cast import MONDAY, post_of
from tests.support.heard import heard

__all__ = ["conference", "invited", "officer", "unit"]  # fixtures


# --- called ---------------------------------------------------------------------------------------------------------


def test_it_is_called_with_its_agenda_in_order(conference, secretary):
    assert list(conference.agenda.order_by("number").values_list("number", "words")) == [
        (1, "低洼楼栋怎么排查"),
        (2, "物资谁来备"),
    ]
    assert (conference.host, conference.when) == (secretary, "11月24日 周二 15:00–17:00")


CALLS = {
    "over before it begins": ({"until_at": OPENS}, "until_at", "结束时间要在开始之后"),
    "past": ({"from_at": MONDAY, "until_at": OPENS}, "from_at", "要在现在之后"),
    "no agenda": ({"agenda": ["  ", ""]}, "agenda", "至少写一个议题"),
    "too long an agenda": ({"agenda": ["议题"] * 21}, "agenda", "最多 20 个议题"),
    "an item too long": ({"agenda": ["长" * 201]}, "agenda", "最多 200 字"),
    "no title": ({"title": " "}, "title", "写明开什么会"),
    "nowhere": ({"where": " "}, "where", "写明在哪里开"),
}


@pytest.mark.parametrize(("call", "field", "words"), CALLS.values(), ids=CALLS)
def test_bad_calls_are_refused_at_the_field(defaults, secretary, town, call, field, words):
    with refused(field, words):
        a_conference(secretary, town.community, **call)
    assert not Conference.objects.exists()


def test_it_is_called_by_the_desk_for_a_community_or_street(
    defaults, secretary, branch_secretary, resident, other_cadre, street_cadre, town
):
    for person in (branch_secretary, resident, other_cadre):
        with refused("grid", "您不负责宜和社区"):
            a_conference(person, town.community)
    with refused("grid", "由社区或街道召开"):
        a_conference(secretary, town.estate)
    with refused("host", "何军不负责宜和社区"):
        a_conference(secretary, town.community, host=other_cadre)
    assert a_conference(street_cadre, town.street).host == street_cadre


def test_in_a_room_it_keeps_the_room_until_it_is_called_off(defaults, secretary, room, town, neighbour):
    made = a_conference(secretary, town.community, room=room, where="")
    assert (made.booking.room, made.where_words) == (room, "宜和社区邻里服务中心 议事厅")
    with refused("", "为联席会议留的"):
        rooms.cancel(booking=made.booking, by=secretary, at=MONDAY, reason="让给别人")
    with pytest.raises(ValidationError, match="已经有人约了"):
        a_conference(secretary, town.community, room=room, title="另一个会")
    assert Conference.objects.count() == 1
    room.place.closed_date = OPENS.date()
    with refused("closed_date", "那天以后还有1 次联席会议"):
        check_place(room.place)
    conferences.call_off(conference=made, reason="改期", by=secretary, at=MONDAY)
    assert not Booking.objects.live().exists()
    check_place(room.place)


# --- invited --------------------------------------------------------------------------------------------------------


def test_whoever_is_invited_by_name_is_told(invited, conference, resident, officer):
    told = Notice.objects.filter(path=conference.get_absolute_url())
    assert {notice.person for notice in told} == {resident, officer}
    assert "请答复能不能来" in told[0].words
    assert [invitation.who for invitation in invited] == ["县水利局", "宜和社区民警 郭民警", "居民代表 王秀英"]


def test_twice_is_refused(invited, conference, secretary, resident, officer, unit):
    who = {"conference": conference, "by": secretary, "at": MONDAY}
    with refused("unit", "县水利局已经在邀请名单里"):
        conferences.invite_unit(unit=unit, **who)
    with refused("post", "郭民警已经在邀请名单里"):
        conferences.invite_post(post=post_of(officer), **who)
    with refused("person", "王秀英已经在邀请名单里"):
        conferences.invite_resident(person=resident, **who)
    with refused("person", "王秀英已经在邀请名单里"):
        conferences.represent(invitation=invited[0], person=resident, by=secretary, at=MONDAY)
    assert conference.invitations.count() == 3
    assert Notice.objects.filter(path=conference.get_absolute_url()).count() == 2


def test_who_left_is_not_invited(conference, secretary, resident, neighbour, officer, unit, other_cadre):
    who = {"conference": conference, "by": secretary, "at": MONDAY}
    rights.erase(person=resident, at=MONDAY)
    resident.refresh_from_db()
    with refused("person", "已停用或注销"):
        conferences.invite_resident(person=resident, **who)
    neighbour.is_active = False
    neighbour.save()
    with refused("person", "赵建国的账号已停用"):
        conferences.invite_unit(unit=unit, person=neighbour, **who)
    post = post_of(officer)
    vacate(post=post, at=MONDAY)
    with refused("post", "郭民警已不在任"):
        conferences.invite_post(post=post, **who)
    with refused("post", "何军不在宜和社区"):
        conferences.invite_post(post=post_of(other_cadre), **who)
    assert not Invitation.objects.exists()
    assert not Notice.objects.filter(path=conference.get_absolute_url()).exists()


def test_a_unit_whose_report_ended_is_not_invited(conference, secretary, unit):
    who = {"conference": conference, "by": secretary, "at": MONDAY}
    stranger = register_unit(name="县气象局", kind=UnitKind.OFFICE)
    with refused("unit", "县气象局没有向宜和社区报到"):
        conferences.invite_unit(unit=stranger, **who)
    end_pairing(pairing=Pairing.objects.get(unit=unit), at=MONDAY + timedelta(minutes=1))
    with refused("unit", "报到已经结束"):
        conferences.invite_unit(unit=unit, **who)
    unit.is_active = False
    unit.save()
    with refused("unit", "县水利局已停用"):
        conferences.invite_unit(unit=unit, **who)
    assert not Invitation.objects.exists()


def test_only_its_desk_invites_and_only_before_it_begins(conference, secretary, branch_secretary, neighbour):
    with refused("", "不在您的辖区"):
        conferences.invite_resident(conference=conference, person=neighbour, by=branch_secretary, at=MONDAY)
    with refused("", "已经开始"):
        conferences.invite_resident(conference=conference, person=neighbour, by=secretary, at=OPENS)
    assert not Invitation.objects.exists()


def test_a_unit_names_who_comes_later_and_changes(invited, secretary, neighbour, grid_leader):
    conferences.answer(invitation=invited[0], by=secretary, answer="yes", at=MONDAY)  # by phone: nobody is named
    for person in (neighbour, neighbour, grid_leader):
        conferences.represent(invitation=invited[0], person=person, by=secretary, at=MONDAY)
    invited[0].refresh_from_db()
    assert (invited[0].person, invited[0].answer) == (grid_leader, "")
    assert Notice.objects.filter(person=neighbour).count() == 1
    with refused("", "只有单位的邀请"):
        conferences.represent(invitation=invited[2], person=neighbour, by=secretary, at=MONDAY)


# --- answered -------------------------------------------------------------------------------------------------------


def test_answers_are_ones_own_and_may_change_until_it_begins(invited, resident, secretary):
    mine = invited[2]
    conferences.answer(invitation=mine, by=resident, answer="yes", at=MONDAY)
    conferences.answer(invitation=mine, by=resident, answer="yes", at=MONDAY + timedelta(hours=1))
    assert (mine.answer, mine.answered_at) == ("yes", MONDAY)  # twice is once
    conferences.answer(invitation=mine, by=resident, answer="substitute", substitute="李姐", at=MONDAY)
    assert (mine.answer, mine.substitute) == ("substitute", "李姐")
    conferences.answer(invitation=mine, by=resident, answer="no", at=MONDAY)
    assert (mine.answer, mine.substitute) == ("no", "")
    with refused("", "已经开始"):
        conferences.answer(invitation=mine, by=resident, answer="yes", at=OPENS)
    with refused("substitute", "请写谁替您来"):
        conferences.answer(invitation=mine, by=resident, answer="substitute", at=MONDAY)
    with refused("answer", "请选能不能来"):
        conferences.answer(invitation=mine, by=resident, answer="maybe", at=MONDAY)
    with refused("", "不是给您的邀请"):
        conferences.answer(invitation=mine, by=secretary, answer="yes", at=MONDAY)  # the desk answers for no person
    mine.refresh_from_db()
    assert mine.answer == "no"


def test_called_off_everybody_is_told_and_nothing_goes_on(invited, conference, secretary, resident, officer):
    with refused("reason", "请写明原因"):
        conferences.call_off(conference=conference, reason=" ", by=secretary, at=MONDAY)
    conferences.call_off(conference=conference, reason="台风改期", by=secretary, at=MONDAY)
    told = heard("取消了：台风改期")
    assert {notice.person for notice in told} == {resident, officer}
    for act in (
        lambda: conferences.answer(invitation=invited[2], by=resident, answer="yes", at=MONDAY),
        lambda: conferences.call_off(conference=conference, reason="再取消", by=secretary, at=MONDAY),
        lambda: attended(conference, secretary),
        lambda: resolved(conference, secretary, secretary),
        lambda: proceedings.close(conference=conference, minutes="开过了", by=secretary, at=DURING),
    ):
        with refused("", "已经取消"):
            act()
    assert not Case.objects.exists()


def test_what_did_not_take_place_is_called_off_what_did_is_not(invited, conference, secretary, room, town):
    attended(conference, secretary)
    with refused("", "有签到或决议，不能取消"):
        conferences.call_off(conference=conference, reason="改期", by=secretary, at=DURING)
    nobody_came = a_conference(secretary, town.community, room=room)
    conferences.call_off(conference=nobody_came, reason="人没到齐", by=secretary, at=DURING)
    nobody_came.refresh_from_db()
    assert nobody_came.reason == "人没到齐"
    assert nobody_came.booking.cancelled_at is None  # the room was kept for it


# --- what follows, what is kept -------------------------------------------------------------------------------------


def test_a_conference_follows_when_communities_merge(conference, town, street_cadre):
    into = tree.add(parent=town.street, name="新社区", code="350725001099")
    tree.merge(source=town.community, into=into, by=street_cadre, at=MONDAY)
    conference.refresh_from_db()
    assert conference.grid == into


def test_erased_people_leave_what_is_ahead_and_their_names_what_was(
    invited, conference, secretary, resident, neighbour
):
    conferences.represent(invitation=invited[0], person=neighbour, by=secretary, at=MONDAY)
    rights.erase(person=neighbour, at=MONDAY)
    rights.erase(person=resident, at=MONDAY)
    left = list(conference.invitations.order_by("pk"))
    assert [(invitation.invited_as, invitation.person_id) for invitation in left] == [
        ("unit", None),
        ("post", invited[1].person_id),
    ]


def test_people_see_what_is_held_about_them(invited, conference, resident, secretary):
    conferences.answer(invitation=invited[2], by=resident, answer="yes", at=MONDAY)
    held = {holding.label: holding for holding in HOLDINGS}
    (mine,) = held["会议邀请"].rows(resident)
    assert (mine["会议"], mine["受邀身份"], mine["答复"]) == ("防汛联席会议", "居民代表", "参加")
    assert [row["主持"] for row in held["主持的会议和茶话"].rows(secretary)] == ["防汛联席会议"]
    assert "还没有发布纪要" in held["主持的会议和茶话"].blocks(secretary)
    conferences.call_off(conference=conference, reason="改期", by=secretary, at=MONDAY)
    assert held["主持的会议和茶话"].blocks(secretary) == ""


def test_names_of_substitutes_are_forgotten_after_a_year(invited, conference, secretary):
    proceedings.take_attendance(conference=conference, came={invited[2].pk: "李姐"}, by=secretary, at=DURING)
    (keeping,) = [keeping for keeping in KEEPINGS if keeping.code == "conference_substitutes"]
    assert keeping.clear(OPENS, OPENS) == 0
    assert keeping.clear(OPENS + timedelta(days=1), OPENS) == 1
    assert not Invitation.objects.exclude(substitute="").exists()


def test_a_room_of_a_conference_is_nobodys_own_booking(defaults, secretary, centre, town):
    room = Room.objects.create(place=centre, name="大厅", seats=80)
    a_conference(secretary, town.community, room=room)
    assert not Booking.objects.own().exists()
