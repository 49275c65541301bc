"""Words wait for WeChat's answer, and are public after "pass" alone; all else a person decides."""

import time
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import WeChatAccount
from meetings.models import Comment
from moderation import services
from moderation.checking import LEASE, check_due
from moderation.models import Clearance
from tests.meetings.moderation import fixtures
from tests.meetings.moderation.fixtures import (
    COMMENT,
    TITLE,
    WORDS,
    after,
    commented,
    in_mini_program,
    proposed,
    read_by_all,
    state,
)
from tests.support.cast import MONDAY, signed_in
from tests.support.standins.server import Answer, in_json
from tests.support.standins.wechat import error

writer, desk, talked = fixtures.writer, fixtures.desk, fixtures.talked


def checks(wechat) -> int:
    return wechat.server.paths().count("/wxa/msg_sec_check")


def fails(wechat, answer) -> None:
    wechat.server.fault = lambda asked: answer if "check" in asked.path else None


def test_pass_makes_a_topic_public(wechat, town, writer):
    topic = proposed(town, writer)
    listed, page = "/topics/?tab=seconding", topic.get_absolute_url()
    before = read_by_all(listed, page)
    assert TITLE not in before
    assert WORDS not in before
    assert before.count("内容正在核对，核对后公开。") == 2  # that there is something, everybody sees
    assert checks(wechat) == 0  # nobody waited for WeChat on a page
    assert check_due(at=MONDAY) == 1
    assert wechat.checked == [f"{TITLE}\n{WORDS}"]
    assert TITLE in read_by_all(listed)
    assert WORDS in read_by_all(page)


@pytest.mark.parametrize("label", [20001, "20001"])
@pytest.mark.parametrize("suggest", ["review", "risky"])
def test_whatever_is_no_pass_is_for_a_person(wechat, talked, writer, desk, suggest, label):
    wechat.thinks["书记"] = (suggest, label)
    comment = commented(talked, writer)
    check_due(at=MONDAY)
    assert state(comment) == "review"
    assert COMMENT not in read_by_all(talked.get_absolute_url())
    queue = signed_in(desk).get("/clearances/").content.decode()
    assert COMMENT in queue
    assert "归为“时政”" in queue


def test_the_matter_runs_on_at_once(wechat, town, writer, neighbour):
    wechat.thinks["井盖"] = ("risky", 20001)
    topic = proposed(town, writer)
    check_due(at=MONDAY)
    assert signed_in(neighbour).post(f"{topic.get_absolute_url()}cosign/").status_code == 302
    assert topic.cosigns.count() == 1
    assert topic.case.due_at is not None


@pytest.mark.parametrize("code", [40003, 40129, 43104, 43302, 44002, 47001, 61010, 87014])
def test_what_wechat_does_not_check_is_for_a_person(wechat, talked, writer, code):
    fails(wechat, error(code, "no"))
    comment = commented(talked, writer)
    check_due(at=MONDAY)
    assert state(comment) == "review"
    check_due(at=after(300))
    assert checks(wechat) == 1  # however often it is asked, it says no


@pytest.mark.parametrize(
    "answer",
    [
        error(-1, "busy"), error(45009, "quota"), in_json({"errcode": 0}), in_json({"errcode": 0, "result": "?"}),
        Answer(b"<html>", status=502), Answer(b"", is_broken_off=True),
    ],
    ids=["busy", "quota", "nothing", "strange", "bad gateway", "cut"],
)  # fmt: skip
def test_no_answer_is_asked_for_again_and_a_person_may_decide_meanwhile(wechat, talked, writer, desk, answer):
    fails(wechat, answer)
    comment = commented(talked, writer)
    assert check_due(at=MONDAY) == 0
    assert state(comment) == "waiting"
    assert comment.clearance in services.decidable_by(desk).for_people(before=after(1))
    services.decide(clearance=comment.clearance, is_public=True, reason="", by=desk, at=after(1))
    wechat.server.fault = lambda asked: None
    check_due(at=after(5))
    assert wechat.checked == []
    assert COMMENT in read_by_all(talked.get_absolute_url())


def test_slowness_of_wechat_costs_one_time_out_a_sweep(wechat, talked, writer):
    fails(wechat, Answer(b"", seconds=20))
    for number in range(5):
        commented(talked, writer, f"第{number}条")
    began = time.monotonic()
    assert check_due(at=MONDAY) == 0
    assert time.monotonic() - began < 4
    assert checks(wechat) == 1


def test_down_for_an_hour_then_working(wechat, talked, writer):
    fails(wechat, error(-1, "system error"))
    comment = commented(talked, writer)
    for minute in range(60):
        check_due(at=after(minute))
    assert state(comment) == "waiting"
    assert checks(wechat) == 5  # after 0, 2, 6, 14 and 30 minutes
    wechat.server.fault = lambda asked: None
    for minute in range(60, 70):
        check_due(at=after(minute))
    assert state(comment) == "public"
    assert COMMENT in read_by_all(talked.get_absolute_url())


def test_down_for_longer_than_wechat_knows_the_writer_leaves_it_to_people(wechat, talked, writer):
    fails(wechat, error(-1, "system error"))
    comment = commented(talked, writer)
    for minute in range(0, 300, 5):
        check_due(at=after(minute))
    assert state(comment) == "review"
    assert checks(wechat) == 7


def test_who_does_not_use_the_mini_program_is_for_a_person_at_once(wechat, talked, resident):
    comment = commented(talked, resident)
    assert state(comment) == "review"
    assert check_due(at=MONDAY) == 0
    assert checks(wechat) == 0


def test_who_left_wechat_meanwhile_is_for_a_person(wechat, talked, writer):
    comment = commented(talked, writer)
    WeChatAccount.objects.all().delete()
    check_due(at=MONDAY)
    assert state(comment) == "review"


def test_the_same_words_are_checked_once(wechat, talked, writer, neighbour):
    in_mini_program(neighbour, "o-neighbour")
    wechat.thinks["书记"] = ("review", 20001)
    written = [commented(talked, person) for person in (writer, neighbour)]
    other = commented(talked, neighbour, "我同意")
    assert check_due(at=MONDAY) == 3
    assert wechat.checked == [COMMENT, "我同意"]
    assert [state(comment) for comment in (*written, other)] == ["review", "review", "public"]


def test_of_the_words_only_a_digest_with_a_key_is_kept(wechat, talked, writer):
    comment = commented(talked, writer)
    check_due(at=MONDAY)
    kept = Clearance.objects.filter(pk=comment.clearance_id).values().get()
    assert COMMENT not in str(kept)
    assert len(kept["digest"]) == 64


def test_a_killed_worker_leaves_it_to_the_next(wechat, talked, writer, monkeypatch):
    comment = commented(talked, writer)
    monkeypatch.setattr("moderation.checking._check", lambda clearance, at: False)
    check_due(at=MONDAY)
    monkeypatch.undo()
    check_due(at=MONDAY + LEASE / 2)
    assert state(comment) == "waiting"
    check_due(at=MONDAY + LEASE + timedelta(seconds=1))
    assert state(comment) == "public"


def test_the_desk_writes_for_everybody_at_once(wechat, talked, desk):
    assert state(commented(talked, desk, "周六上午九点")) == "public"
    assert state(talked) == "public"


def test_without_wechat_all_is_public_at_once(town, talked, resident):
    topic = proposed(town, resident)
    commented(talked, resident)
    assert WORDS in read_by_all(topic.get_absolute_url())
    assert COMMENT in read_by_all(talked.get_absolute_url())


def test_where_people_decide_wechat_is_not_asked(wechat, settings, talked, writer):
    settings.PUBLIC_BY_PERSON = True
    comment = commented(talked, writer)
    assert state(comment) == "review"
    assert check_due(at=after(5)) == 0
    assert checks(wechat) == 0


ANSWERS = {
    "pass": None, "review": "review", "risky": "risky", "busy": error(-1, ""), "quota": error(45009, ""),
    "stranger": error(61010, ""), "nothing": in_json({"errcode": 0, "result": {}}), "yes": "yes", "no": "no",
}  # fmt: skip
"""What happens next: an answer of WeChat's, or a person of the desk who says yes or no."""


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(ANSWERS)), max_size=5))
def test_nothing_of_a_resident_is_public_before_a_yes(wechat, talked, writer, desk, steps):
    Comment.objects.all().delete()
    Clearance.objects.exclude(topic__isnull=False).delete()
    comment = commented(talked, writer, at=MONDAY)
    is_open, has_yes = True, False
    for number, step in enumerate(steps):
        answer, at = ANSWERS[step], after(20 * number + 20 * number**2)
        if step in {"yes", "no"}:
            services.decide(clearance=comment.clearance, is_public=step == "yes", reason="说明", by=desk, at=at)
            is_open, has_yes = False, step == "yes"
        else:
            wechat.thinks = {"书记": (answer, 20001)} if isinstance(answer, str) else {}
            fails(wechat, None if answer is None or isinstance(answer, str) else answer)
            answered = check_due(at=at)
            has_yes = has_yes or (is_open and answered == 1 and step == "pass")
            is_open = is_open and answered == 0
        is_public = COMMENT in read_by_all(talked.get_absolute_url())
        assert is_public == has_yes, (step, steps)
