"""A secret vote at the desk: three slips are shown once, it is announced when two were copied rightly, and two open it."""

import pytest
import time_machine

from accounts.unsent.forms import SECRET
from cases.escalation import sweep
from meetings.models import Topic, Vote
from meetings.topics.forms import SlipsForm
from meetings.votes import counts, urn
from tests.meetings import insider
from tests.meetings.neighbours import CLOSES, SLIPS, adopted, cast, settle
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import words

FIELD = "//*[contains(@class, 'field-error')]"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def topic(defaults, town, desk, people) -> Topic:
    settle(town, people)
    return adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)


@pytest.fixture
def announce(topic, desk):
    """Sends the form as filled in, with whatever else; the answer."""
    client = signed_in(desk)
    path = f"/topics/{topic.case.number}/vote/new/"
    first = {
        "version": topic.case.version, "question": "几点关灯", "proposals": "九点\n十点", "basis": "adults",
        "is_secret": "on", "opens_date": "2026-11-23", "opens_time": "09:10", "closes_date": "2026-11-26",
        "closes_time": "18:00",
    }  # fmt: skip
    return lambda **more: client.post(path, first | more)


@pytest.fixture
def shown(announce):
    """The key of the new urn, and its slips, as they stand on the page this once."""
    answer = announce()
    slips = words(answer, "//*[@class='key-slip']//code")
    return {"key": answer.context["lock"].initial["key"]}, slips


def test_slips_are_shown_and_nothing_is_announced_yet(shown):
    key, slips = shown
    assert len({urn.read_slip(slip) for slip in slips} - {None}) == 3
    assert Vote.objects.count() == 0


def test_copied_rightly_it_is_announced_with_its_witnesses(announce, shown):
    key, slips = shown
    answer = announce(**key, witnesses="郑大爷 孙阿姨，吴老师", first_slip=slips[2].lower(), second_slip=slips[0])
    vote = Vote.objects.get()
    assert answer.status_code == 302
    assert (vote.is_secret, vote.urn_key, vote.witnesses) == (True, key["key"], "郑大爷、孙阿姨、吴老师")
    assert [option.words for option in vote.options.all()] == ["九点", "十点", "不同意", "弃权"]


@pytest.mark.parametrize(
    ("copied", "says"),
    [
        ({"second_slip": SLIPS[0][:-1]}, ["这张抄错了或没有抄全：一共 24 个字母和数字，请对着纸条再看一遍。"]),
        ({"second_slip": ""}, ["请照纸条抄入。"]),
        ({"second_slip": SLIPS[1]}, ["这两张不是刚才这三张里的。请对着刚打印的抄；没有打印好的，请从头再来一次。"]),
        ({"witnesses": "郑大爷、孙阿姨"}, ["要写 3 位，不能重复，现在是 2 位。"]),
    ],
)
def test_copied_wrongly_nothing_is_announced_and_nothing_typed_is_lost(announce, shown, copied, says):
    key, slips = shown
    sent = {"witnesses": "郑大爷、孙阿姨、吴老师", "first_slip": slips[0], "second_slip": slips[1]} | copied
    answer = announce(**key, **sent)
    assert words(answer, FIELD) == says
    assert Vote.objects.count() == 0
    assert words(answer, "//*[@class='key-slip']") == []  # not shown a second time
    assert {name: answer.context["lock"][name].value() for name in sent} == sent
    assert answer.context["form"]["proposals"].value() == "九点\n十点"
    whole = {"witnesses": "郑大爷、孙阿姨、吴老师", "first_slip": slips[0], "second_slip": slips[1]}
    assert announce(**key, **whole).status_code == 302


def test_the_same_slip_twice_is_one(announce, shown):
    key, slips = shown
    answer = announce(**key, witnesses="甲、乙、丙", first_slip=slips[0], second_slip=slips[0])
    assert words(answer, FIELD) == ["两次抄的是同一张，请抄另一位监票人的。"]


def test_what_is_wrong_with_the_vote_is_said_before_slips_are_printed(announce):
    answer = announce(closes_date="2026-11-22")
    assert words(answer, FIELD) == ["截止要在开始之后。"]
    assert words(answer, "//*[@class='key-slip']") == []


def test_hours_that_went_by_meanwhile_can_be_mended_with_the_same_slips(announce, shown):
    key, slips = shown
    copied = {**key, "witnesses": "甲、乙、丙", "first_slip": slips[0], "second_slip": slips[1]}
    with time_machine.travel(MONDAY.replace(minute=20), tick=False):
        answer = announce(**copied)
        assert words(answer, FIELD) == ["开始时间不能早于现在。"]
        assert words(answer, "//label[@for='id_opens_date']") == ["开始日期"]
        assert announce(**copied, opens_time="10:00").status_code == 302


def test_the_slips_stand_nowhere_in_the_portal(announce, shown):
    key, slips = shown
    announce(**key, witnesses="甲、乙、丙", first_slip=slips[0], second_slip=slips[1])
    everything = "".join(row.readable for row in insider.every_row())
    assert key["key"] in everything
    assert not [slip for slip in slips if slip in everything or slip.replace("-", "") in everything]


def test_slips_are_not_kept_with_a_form_that_was_refused():
    """Kept forms are sealed with the server's keys: two slips among them would open the urn."""
    assert set(SlipsForm.base_fields) == {"first_slip", "second_slip"}
    assert set(SlipsForm.base_fields) <= SECRET


class TestOpening:
    @pytest.fixture
    def waiting(self, secret, people, desk):
        for person in people:
            cast(secret, person, receipt=f"7K3M-9QXT-{person.pk + 2222}")
        sweep(at=CLOSES)
        with time_machine.travel(CLOSES, tick=False):
            yield secret, signed_in(desk), f"/topics/{secret.topic.case.number}/vote/open/"

    def test_the_desk_is_led_there_from_the_case(self, waiting):
        vote, client, path = waiting
        client.get(path)
        page = client.get(vote.topic.case.get_absolute_url())
        assert "开箱计票" in words(page, "//main//a | //*[@class='actions']//a")
        assert words(client.get(vote.get_absolute_url()), "//main//p[@class='notice']") == [
            "投票截止了，共 6 票，等监票人开箱计票。"
        ]

    def test_two_slips_open_it_and_everybody_sees_the_result(self, waiting):
        vote, client, path = waiting
        vote.topic.case.refresh_from_db()
        answer = client.post(
            path, {"version": vote.topic.case.version, "first_slip": SLIPS[1], "second_slip": SLIPS[2]}, follow=True
        )
        assert words(answer, "//h2[@id='result']") == ["通过：同意"]
        assert client.get(path).status_code == 404

    def test_slips_of_another_urn_are_refused_at_the_field(self, waiting):
        vote, client, path = waiting
        vote.topic.case.refresh_from_db()
        others = urn.cut_keys()[1]
        answer = client.post(
            path, {"version": vote.topic.case.version, "first_slip": SLIPS[0], "second_slip": others[1]}
        )
        assert words(answer, FIELD) == ["这两张不是这次表决的钥匙，请核对是哪一次的。"]
        vote.refresh_from_db()
        assert vote.counted_at is None
        assert counts.given(vote) == {}
