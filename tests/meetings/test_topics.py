"""A topic from its proposal to what came of it, through the services and the sweep; what is refused, and by whom."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from cases.engine.turns import ArrowRefused, CaseMovedOn
from cases.escalation import sweep
from cases.models import Case
from meetings.homes.roster import end_tenure
from meetings.models import Comment, Matter, Topic
from meetings.topics import services as topics
from tests.meetings.neighbours import (
    CLOSES,
    DURING,
    a_home,
    a_person,
    a_topic,
    adopted,
    announced,
    at_home,
    cast,
    draw,
    settle,
)
from tests.support.cast import MONDAY, post_of, signed_in
from tests.support.cast import draw as draw_case
from tests.support.heard import heard
from tests.support.pages import inside, words

BY_FRIDAY = localdate(MONDAY + timedelta(days=11))


def state(topic: Topic) -> str:
    topic.case.refresh_from_db()
    return topic.case.state


def test_a_resident_finds_cosigners_first(defaults, town, staff, resident, people):
    settle(town, people)
    topic = a_topic(town, resident)
    assert state(topic) == "seconding"
    for person in people[:4]:
        topics.cosign(topic=topic, person=person, at=MONDAY)
        topics.cosign(topic=topic, person=person, at=MONDAY)  # twice is once
    assert state(topic) == "seconding"
    topics.cosign(topic=topic, person=people[4], at=MONDAY)
    assert state(topic) == "screening"
    assert topic.case.holder == post_of(staff["community_worker"])
    with pytest.raises(ArrowRefused, match="不用联署"):
        topics.cosign(topic=topic, person=people[5], at=MONDAY)


def test_who_has_no_home_there_carries_nothing(defaults, town, staff, resident, people):
    """Five accounts made for it, four neighbours, one who has moved out: not enough."""
    settle(town, people[:5])
    end_tenure(tenure=people[4].tenures.get(), at=MONDAY - timedelta(days=1))
    topic = a_topic(town, resident)
    for person in [*(a_person(n) for n in range(20, 25)), *people[:5]]:
        topics.cosign(topic=topic, person=person, at=MONDAY)
    assert state(topic) == "seconding"
    page = signed_in(people[5]).get(topic.get_absolute_url())
    assert inside(page, "//section[@aria-labelledby='cosign']/p[1]").startswith("已有 4 人联署，还差 1 人")
    assert "别处的人也可以点，表示支持，不计入人数（现有 6 人）" in inside(
        page, "//section[@aria-labelledby='cosign']/p[2]"
    )
    listed = signed_in(people[5]).get("/topics/?tab=seconding")
    assert words(listed, "//a[@class='case-card']//span[2]") == ["4 / 5 人联署"]
    at_home(a_home(town.building, "999"), people[5], owns=False)  # rents there
    topics.cosign(topic=topic, person=people[5], at=MONDAY)
    assert state(topic) == "screening"


def test_a_supporter_counts_once_in_the_register(defaults, town, staff, resident, people):
    topic = a_topic(town, resident)
    client = signed_in(people[0])
    address = f"{topic.get_absolute_url()}cosign/"
    shown = client.post(address, follow=True)
    assert words(shown, "//*[@id='cosign']/../p[@role='status']") == [
        "您已表示支持，不计入人数。住在这里或在这里有房的，请先联系社区登记户册，再点一次“我联署”。"
    ]
    at_home(a_home(town.building, "101"), people[0])
    for _ in range(2):
        shown = client.post(address, follow=True)
        assert words(shown, "//*[@id='cosign']/../p[@role='status']") == ["您已联署。"]
    assert topic.cosigns.filter(is_counted=True).count() == topic.cosigns.count() == 1


def test_two_of_one_home_both_count_and_a_topic_of_the_community_is_all_its_estates(
    defaults, town, staff, resident, people
):
    home = a_home(town.building, "101")
    for person in people[:2]:
        at_home(home, person)
    topic = a_topic(town, resident, grid=town.community)
    for person in people[:2]:
        topics.cosign(topic=topic, person=person, at=MONDAY)
    assert topic.cosigns.filter(is_counted=True).count() == 2


def test_ones_own_topic_is_not_cosigned(defaults, town, staff, resident):
    topic = a_topic(town, resident)
    with pytest.raises(ArrowRefused, match="您自己提的"):
        topics.cosign(topic=topic, person=resident, at=MONDAY)


def test_without_enough_cosigners_it_ends_and_says_so(defaults, town, staff, resident):
    topic = a_topic(town, resident)
    sweep(at=MONDAY + timedelta(days=16))
    assert state(topic) == "unsupported"
    assert heard("联署不足", resident)
    assert not topic.case.was_late  # nobody's delay


def test_staff_and_grid_leaders_put_forward_at_once(defaults, town, staff):
    assert state(a_topic(town, staff["grid_leader"])) == "screening"
    assert state(a_topic(town, staff["community_worker"])) == "screening"


def test_the_same_form_twice_is_one_topic(defaults, town, staff, resident):
    assert a_topic(town, resident) == a_topic(town, resident)
    assert Case.objects.filter(kind="topic").count() == 1


def test_screening_late_climbs(defaults, town, staff):
    topic = a_topic(town, staff["grid_leader"])
    late = MONDAY + timedelta(days=8)
    sweep(at=late)
    sweep(at=late + timedelta(days=6))
    topic.case.refresh_from_db()
    assert topic.case.was_late
    assert topic.case.holder == post_of(staff["street_cadre"])


def test_refusing_needs_a_reason_that_the_proposer_reads(defaults, town, staff, resident, people):
    settle(town, people)
    topic = a_topic(town, resident)
    for person in people[:5]:
        topics.cosign(topic=topic, person=person, at=MONDAY)
    with pytest.raises(ArrowRefused):
        draw(topic, "refuse", staff["community_worker"], "")
    draw(topic, "refuse", staff["community_worker"], "这件事已经在年度计划里")
    assert state(topic) == "refused"
    assert heard("年度计划", resident)


@pytest.mark.parametrize(
    ("matter", "place", "words"),
    [
        ("筹集维修资金", "community", "要在小区提出"),
        ("居民公约", "estate", "要在社区提出"),
    ],
)
def test_a_matter_outside_the_bodys_competence(defaults, town, staff, matter, place, words):
    topic = a_topic(town, staff["community_worker"], grid=getattr(town, place))
    with pytest.raises(ValidationError, match=words) as refused:
        draw(topic, "adopt", staff["community_worker"], matter=Matter.objects.get(name=matter))
    assert "matter" in refused.value.message_dict
    assert state(topic) == "screening"
    assert topic.matter is None


def test_what_the_law_gives_to_a_vote_is_not_agreed_over_tea(defaults, town, staff):
    topic = adopted(town, staff["community_worker"], "筹集维修资金")
    with pytest.raises(ArrowRefused, match="依法要由业主共同决定"):
        draw(topic, "agree", staff["community_worker"])


def test_agreed_over_tea_then_done(defaults, town, staff, resident):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    topics.comment(topic=topic, person=resident, words="我同意，打 13800139999", at=MONDAY)
    assert Comment.objects.get().words == "我同意，打 138****9999"
    draw(topic, "agree", desk, "每周六上午大扫除")
    assert (state(topic), topic.agreed) == ("decided", "每周六上午大扫除")
    with pytest.raises(ArrowRefused, match="不再收意见"):
        topics.comment(topic=topic, person=resident, words="晚了", at=MONDAY)
    draw(topic, "hand_out", desk, "", post=post_of(staff["grid_leader"]), what="排大扫除值日表", by_date=BY_FRIDAY)
    draw(topic, "hand_out", desk, "", post=post_of(staff["grid_leader"]), what="买扫把", by_date=BY_FRIDAY)
    tasks = [task.case for task in topic.tasks.order_by("pk")]
    assert [task.title for task in tasks] == ["排大扫除值日表", "买扫把"]
    assert all(task.holder == post_of(staff["grid_leader"]) and task.due_at for task in tasks)
    with pytest.raises(ArrowRefused, match="还有 2 件"):
        draw(topic, "carried", desk, "都好了")
    for task in tasks:
        draw_case(task, "sign", staff["grid_leader"])
        draw_case(task, "finish", staff["grid_leader"])
        draw_case(task, "confirm", desk)
    draw(topic, "carried", desk, "都好了")
    assert state(topic) == "done"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"what": " "}, "what"), ({"by_date": localdate(MONDAY)}, "by_date")],
)
def test_a_task_needs_words_and_a_day_ahead(defaults, town, staff, wrong, field):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    draw(topic, "agree", desk)
    good = {"post": post_of(staff["grid_leader"]), "what": "排值日表", "by_date": BY_FRIDAY}
    with pytest.raises(ValidationError) as refused:
        draw(topic, "hand_out", desk, "", **(good | wrong))
    assert field in refused.value.message_dict
    assert (state(topic), Case.objects.filter(kind="task").count()) == ("decided", 0)


def test_a_task_for_somebody_of_another_street_changes_nothing(defaults, town, staff):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    draw(topic, "agree", desk)
    with pytest.raises(ValidationError):
        draw(topic, "hand_out", desk, "", post=post_of(staff["other_cadre"]), what="排值日表", by_date=BY_FRIDAY)
    assert (state(topic), Case.objects.filter(kind="task").count()) == ("decided", 0)


def test_from_proposal_to_task_by_a_vote(defaults, town, staff, people):
    desk = staff["community_worker"]
    settle(town, people)
    topic = adopted(town, desk)
    vote = announced(topic, desk)
    for person in people[:5]:
        cast(vote, person)
    sweep(at=CLOSES)
    vote.refresh_from_db()
    assert vote.counted_at == CLOSES
    assert (state(topic), topic.case.outcome) == ("decided", "pass")
    topic.refresh_from_db()
    assert topic.agreed == "动用维修资金加装扶手"
    assert topic.case.due_at > CLOSES  # handed out within a limit, or it climbs
    assert {notice.person for notice in heard("通过了")} >= set(people)


def test_not_passed_is_voted_again_or_ended(defaults, town, staff, people):
    desk = staff["community_worker"]
    settle(town, people)
    topic = adopted(town, desk)
    first = announced(topic, desk)
    cast(first, people[0])
    sweep(at=CLOSES)
    assert state(topic) == "undecided"
    later = CLOSES + timedelta(days=1)
    second = announced(topic, desk, at=later)
    assert second.round == 2
    for person in people:
        cast(second, person, "不同意", at=second.opens_at)
    sweep(at=second.closes_at)
    assert state(topic) == "undecided"
    draw(topic, "end", desk, "两次都没通过，不再表决", at=second.closes_at + timedelta(days=1))
    assert state(topic) == "rejected"
    assert first.ballots.count() == 1  # what was cast in the first round still stands


def test_a_stale_page_changes_nothing(defaults, town, staff):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    old = topic.case.version
    draw(topic, "agree", desk)
    with pytest.raises(CaseMovedOn):
        topics.hand_out(
            case=topic.case,
            by=desk,
            at=MONDAY,
            version=old,
            given=None,
            post=post_of(staff["grid_leader"]),
            what="排值日表",
            by_date=BY_FRIDAY,
        )
    assert Case.objects.filter(kind="task").count() == 0


def test_withheld_comments_show_their_reason(defaults, town, staff, resident):
    topic = adopted(town, staff["community_worker"], "邻里事务")
    comment = topics.comment(topic=topic, person=resident, words="某某家最不讲理", at=DURING)
    address, answer = f"/clearances/{comment.clearance.key}/", {"answer": "withheld", "reason": "指名骂人"}
    assert signed_in(staff["community_worker"]).post(address, answer).status_code == 302
    shown = signed_in(resident).get(topic.get_absolute_url()).content.decode()
    assert "某某家" not in shown
    assert "指名骂人" in shown
    assert signed_in(resident).post(address, answer).status_code in {403, 404}


def test_lists_and_pages_cost_the_same_with_more(defaults, town, staff, resident, people):
    desk = staff["community_worker"]
    client = signed_in(resident)
    topic = adopted(town, desk, "邻里事务")
    topics.comment(topic=topic, person=resident, words="同意", at=MONDAY)
    counts = [_queries(client, path) for path in ("/topics/", topic.get_absolute_url())]
    for n, person in enumerate(people):
        adopted(town, desk, "邻里事务", title=f"议题{n}")
        topics.comment(topic=topic, person=person, words="同意", at=MONDAY)
    assert [_queries(client, path) for path in ("/topics/", topic.get_absolute_url())] == counts


def _queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_a_talk_over_tea_stands_with_its_topic(defaults, town, staff):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    client = signed_in(desk)
    form = client.get(f"/tea-talks/new/?topic={topic.case.number}").context["form"]
    assert form["subject"].value() == topic.case.title
    posted = {
        "topic": topic.case.number, "subject": topic.case.title, "people_count": "6", "outcome": "agreed",
        "grid": town.estate.pk, "where": "3 幢楼下", "held_at": "2026-11-23T08:00", "is_public": "on",
        "key": form["key"].value(),
    }  # fmt: skip
    assert client.post("/tea-talks/new/", posted).status_code == 302
    assert topic.tea_talks.get().people_count == 6
    shown = signed_in(staff["grid_leader"]).get(topic.get_absolute_url()).content.decode()
    assert "一杯茶谈过" in shown
    assert "3 幢楼下" in shown


def test_a_talk_about_a_topic_of_another_place_is_refused(defaults, town, staff):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    posted = {
        "topic": topic.case.number, "subject": "别处的事", "people_count": "6", "outcome": "agreed",
        "grid": town.community.pk, "where": "楼下", "held_at": "2026-11-23T08:00", "key": str(uuid.uuid4()),
    }  # fmt: skip
    page = signed_in(desk).post("/tea-talks/new/", posted)
    assert page.status_code == 200
    assert "这个议题是别处的" in page.content.decode()
    assert not topic.tea_talks.exists()
