"""转警格: what the police are given, until when, what they may see of it, and how it comes back."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.engine.facts import facts_of
from cases.engine.turns import ArrowRefused, Given
from cases.escalation import sweep
from cases.models import Case, Referral, Seat
from cases.reading.story import cards
from cases.services import act
from grids.models import Post
from grids.posts import services as grid_services
from grids.tree import services as tree
from tests.accounts.test_rights import photo
from tests.support.cast import MONDAY, ZONE, Town, _appointed, draw, post_of, signed_in, submit
from tests.support.heard import heard
from tests.support.pages import inside

WHY = "夜里有人在楼下起哄，请民警看看"
DUE = datetime(2026, 11, 26, 18, 0, tzinfo=ZONE)
"""Three working days after MONDAY: the close of the third."""


@pytest.fixture
def officer(town: Town) -> User:
    return _appointed("马警官", 20, "police_officer", town.community)


@pytest.fixture
def taken(request_case: Case, grid_leader: User) -> Case:
    draw(request_case, "sign", grid_leader)
    return request_case


@pytest.fixture
def referred(taken: Case, grid_leader: User, officer: User) -> Case:
    draw(taken, "refer_police", grid_leader, WHY)
    return taken


def test_the_officer_is_told_by_whom_why_and_until_when(referred, officer, grid_leader):
    referral = referred.referrals.get()
    assert (referral.post, referral.by, referral.due_at) == (post_of(officer), grid_leader, DUE)
    words = officer.notices.get().words
    assert "李强" in words
    assert WHY in words
    assert "11月26日" in words or "周四" in words


def test_what_lies_with_the_police_is_known_of_that_case_alone(referred, town, resident):
    other = submit(resident, town, key="another")
    assert facts_of(Case.objects.get(pk=other.pk)).referral is None
    assert facts_of(Case.objects.get(pk=referred.pk)).referral == referred.referrals.get()


def test_the_holder_stays_and_both_limits_stand_on_the_page(referred, grid_leader, officer, resident):
    before = Case.objects.get(pk=referred.pk)
    assert (before.holder, before.finish_by_at) == (post_of(grid_leader), referred.finish_by_at)
    for person in (grid_leader, officer):
        page = signed_in(person).get(f"/cases/{referred.number}/").content.decode()
        assert "宜和社区民警 马警官" in page
        assert "宜和佳苑1号网格长 李强" in page
        assert WHY in page
    assert heard("社区民警协助", resident)
    assert WHY not in signed_in(resident).get(f"/cases/{referred.number}/").content.decode()


def test_the_answer_goes_back_to_the_holder_and_takes_the_seat(referred, officer, grid_leader):
    draw(referred, "answer_police", officer, "已到场劝离，登记在案", at=MONDAY + timedelta(hours=2))
    referral = referred.referrals.get()
    assert (referral.end, referral.ended_at) == ("answered", MONDAY + timedelta(hours=2))
    assert heard("已到场劝离", grid_leader)
    assert "已到场劝离" in signed_in(grid_leader).get(f"/cases/{referred.number}/").content.decode()


def test_what_was_answered_stays_theirs_to_read_and_nothing_else(referred, officer, grid_leader, town, resident):
    draw(referred, "note", grid_leader, "转办以后的内部话")
    draw(referred, "answer_police", officer, "已到场劝离，登记在案", at=MONDAY + timedelta(hours=2))
    draw(referred, "finish", grid_leader, "邻里已和好", at=MONDAY + timedelta(hours=3))
    client = signed_in(officer)
    page = inside(client.get(f"/cases/{referred.number}/").content.decode(), "//main")
    assert WHY in page
    assert "已到场劝离，登记在案" in page
    assert "转办以后的内部话" not in page
    assert "邻里已和好" not in page
    assert client.get(f"/api/v1/cases/{referred.number}/").status_code == 404
    assert client.get(f"/cases/{referred.number}/note/").status_code == 404
    assert client.get(f"/cases/{submit(resident, town, key='other').number}/").status_code == 404
    colleague = _appointed("牛警官", 21, "police_officer", town.community)
    assert signed_in(colleague).get(f"/cases/{referred.number}/").status_code == 404


def test_twice_and_by_whom_it_is_not(referred, grid_leader, officer, resident, town):
    with pytest.raises(ArrowRefused, match="已经转给警格"):
        draw(referred, "refer_police", grid_leader, WHY)
    for person in (grid_leader, resident):
        with pytest.raises(ArrowRefused, match="由民警来做"):
            draw(referred, "answer_police", person)
    second = _appointed("新警官", 21, "police_officer", town.community)
    with pytest.raises(ArrowRefused, match="由民警来做"):
        draw(referred, "answer_police", second)
    with pytest.raises(ArrowRefused, match="写几句话"):
        draw(referred, "answer_police", officer, " ")
    draw(referred, "recall_police", grid_leader, "已经散了")
    with pytest.raises(ArrowRefused):
        draw(referred, "answer_police", officer)


def test_the_database_allows_one_at_a_time(referred, officer, grid_leader):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(
            case=referred, post=post_of(officer), by=grid_leader, at=MONDAY, due_at=DUE, amount=1, unit="day"
        )


def test_a_second_referral_stands_on_the_list_once_with_its_own_limit(referred, officer, grid_leader):
    draw(referred, "answer_police", officer, "已办")
    draw(referred, "refer_police", grid_leader, "又来了", at=MONDAY + timedelta(days=1))
    (listed,) = Case.objects.referred_to([post_of(officer)])
    assert listed.answer_by == DUE + timedelta(days=1)


def test_where_no_officer_is_in_post_it_is_said(taken, grid_leader):
    with pytest.raises(ArrowRefused, match="没有在岗的社区民警"):
        draw(taken, "refer_police", grid_leader, WHY)
    assert not Seat.objects.filter(role="police").exists()


def test_an_emergency_is_to_be_answered_in_hours(taken, grid_leader, officer):
    Case.objects.filter(pk=taken.pk).update(urgency="critical")
    draw(taken, "refer_police", grid_leader, WHY)
    assert taken.referrals.get().due_at == MONDAY + timedelta(hours=2)


def test_late_is_told_once_to_all_who_should_know(referred, officer, grid_leader, group_leader):
    sweep(at=DUE - timedelta(minutes=1))
    assert not referred.events.filter(verb="police_late").exists()
    sweep(at=DUE + timedelta(minutes=1))
    sweep(at=DUE + timedelta(minutes=2))
    assert referred.events.filter(verb="police_late").count() == 1
    assert len(heard("已过答复时限", officer)) == 1
    assert len(heard("没有按时答复", grid_leader)) == 1
    assert len(heard("没有按时答复", group_leader)) == 1
    draw(referred, "answer_police", officer, "迟了，已办", at=DUE + timedelta(hours=1))


def test_on_the_list_of_the_police_their_own_limit_counts(referred, officer):
    cases = list(Case.objects.referred_to([post_of(officer)]).with_cards().order_by("answer_by"))
    (soon,), (late,) = cards(cases, at=MONDAY), cards(cases, at=DUE + timedelta(minutes=90))
    assert (soon.time_left_words, soon.lateness) == ("还剩 3 个工作日", "calm")
    assert (late.time_left_words, late.lateness) == ("已超时 1 小时 30 分", "late")


def test_who_follows_the_officer_answers_by_the_same_limit(referred, officer, town):
    second = _appointed("新警官", 21, "police_officer", town.community)
    grid_services.vacate(post=post_of(officer), at=MONDAY + timedelta(hours=1))
    referral = referred.referrals.get()
    assert (referral.post, referral.due_at, referral.ended_at) == (post_of(second), DUE, None)
    assert signed_in(officer).get(f"/cases/{referred.number}/").status_code == 404
    assert WHY in signed_in(second).get(f"/cases/{referred.number}/").content.decode()
    draw(referred, "answer_police", second, "已办", at=MONDAY + timedelta(hours=2))


def test_an_officer_nobody_follows_leaves_it_with_the_holder(referred, officer, grid_leader):
    Post.objects.filter(pk=post_of(officer).pk).update(until_at=MONDAY + timedelta(hours=1))  # by its date
    sweep(at=MONDAY + timedelta(hours=1))
    assert referred.referrals.get().end == "unmanned"
    assert heard("转办已退回", grid_leader)
    assert [fault for fault in unsound_cases() if "转警格" in fault] == []


def test_a_case_that_moves_to_another_community_is_answered_there(referred, officer, town):
    theirs = _appointed("石警官", 22, "police_officer", town.other_community)
    tree.move(node=town.estate, to=town.other_community, at=MONDAY + timedelta(hours=1))
    referral = referred.referrals.get()
    assert (referral.post, referral.due_at) == (post_of(theirs), DUE)
    assert signed_in(officer).get(f"/cases/{referred.number}/").status_code == 404


def test_a_case_that_closes_takes_the_referral_along(request_case, grid_leader, officer, resident):
    draw(request_case, "refer_police", grid_leader, WHY)
    draw(request_case, "withdraw", resident, "")
    assert request_case.referrals.get().end == "closed"
    assert signed_in(officer).get(f"/cases/{request_case.number}/").status_code == 404
    assert list(unsound_cases()) == []


def test_checks_find_a_referral_that_lies_nowhere(referred, officer):
    Case.objects.filter(pk=referred.pk).update(closed_at=MONDAY)
    assert any("转警格还没有了结" in fault for fault in unsound_cases())
    Post.objects.filter(pk=post_of(officer).pk).update(until_at=MONDAY)
    assert any("转警格的民警已离任" in fault for fault in unsound_cases())


class TestWhatThePoliceSee:
    """What was referred and nothing else: page, API, photos, lists, admin, phone, tracking."""

    @pytest.fixture
    def case(self, defaults, town, staff, resident, officer) -> Case:
        made = submit(resident, town, photos=[photo()], address_note="502 室")
        other = submit(resident, town, key="other", words="井盖松了")
        sweep(at=MONDAY)
        for each in (made, other):
            each.refresh_from_db()
        draw(made, "sign", staff["grid_leader"])
        inner = Given("内部：先问了楼上", [photo("b" * 64)])
        act(case=made, verb="start", by=staff["grid_leader"], at=MONDAY, version=made.version, given=inner)
        draw(made, "refer_police", staff["grid_leader"], WHY)
        draw(made, "note", staff["grid_leader"], "转办以后的内部话")
        return made

    @pytest.fixture
    def client(self, officer):
        return signed_in(officer)

    def test_nothing_before_it_is_referred(self, request_case, officer):
        client = signed_in(officer)
        for path in ("/cases/{}/", "/api/v1/cases/{}/", "/cases/{}/answer_police/", "/cases/{}/asker-phone/"):
            assert client.get(path.format(request_case.number)).status_code == 404

    def test_page_and_api_hold_what_was_referred(self, case, client):
        page = client.get(f"/cases/{case.number}/").content.decode()
        told = client.get(f"/api/v1/cases/{case.number}/").json()
        for words in ("楼道灯坏了三天", WHY):
            assert words in page
        for words in ("内部：先问了楼上", "转办以后的内部话", "502 室", "联系居民", "13800130001"):
            assert words not in page
            assert words not in str(told)
        assert [line["title"] for line in told["story"]] == ["已转警格，请民警协助", "已提交"]
        assert told["referral"]["why"] == WHY
        assert {arrow["verb"] for arrow in told["arrows"]} == {"answer_police"}

    def test_photos_of_what_was_referred_only(self, case, client):
        first, inner = case.attachments.order_by("pk")
        assert client.get(f"/cases/{case.number}/photos/{first.token}/").status_code == 200
        assert client.get(f"/cases/{case.number}/photos/{inner.token}/").status_code == 404

    def test_no_phone_no_other_case_no_desk(self, case, client, resident):
        assert client.get(f"/cases/{case.number}/asker-phone/").status_code == 404
        other = Case.objects.get(request__submit_key="other")
        assert client.get(f"/cases/{other.number}/").status_code == 404
        lists = {tab: client.get(f"/cases/?tab={tab}").content.decode() for tab in ("referred", "todo", "area", "mine")}
        assert [case.number in page or case.title in page for page in lists.values()] == [True, False, False, True]
        assert not any(other.title in page for page in lists.values())
        numbers = [row["number"] for row in client.get("/api/v1/cases/?list=referred").json()["results"]]
        assert numbers == [case.number]
        for path in ("/admin/", f"/admin/cases/case/{case.pk}/change/", "/admin/cases/case/"):
            assert client.get(path).status_code in {302, 403, 404}

    def test_nothing_after_the_answer(self, case, client, officer):
        draw(case, "answer_police", officer, "已办")
        token = case.attachments.order_by("pk").first().token
        for path in (f"/api/v1/cases/{case.number}/", f"/cases/{case.number}/photos/{token}/"):
            assert client.get(path).status_code == 404
        assert "内部：先问了楼上" not in client.get(f"/cases/{case.number}/").content.decode()
        assert case.title not in client.get("/cases/?tab=mine").content.decode()

    def test_another_communitys_officer_sees_nothing(self, case, town):
        stranger = _appointed("石警官", 22, "police_officer", town.other_community)
        assert signed_in(stranger).get(f"/cases/{case.number}/").status_code == 404


def test_a_stale_page_changes_nothing(taken, grid_leader, officer):
    page = taken.version
    draw(taken, "finish", grid_leader)
    answer = signed_in(grid_leader).post(f"/cases/{taken.number}/refer_police/", {"version": page, "words": WHY})
    assert "已被他人处理" in answer.content.decode() or answer.status_code == 200
    assert not taken.referrals.exists()


def test_no_words_no_referral(taken, grid_leader, officer):
    answer = signed_in(grid_leader).post(
        f"/cases/{taken.number}/refer_police/", {"version": taken.version, "words": ""}
    )
    assert "请写几句话说明" in answer.content.decode()
    with pytest.raises(ValidationError):
        draw(taken, "refer_police", grid_leader, "")
