"""公开前核对: a person of the desk says yes or no, and changes it."""

from datetime import timedelta

import pytest

from accounts.privacy import rights
from cases.services import move
from grids.posts.services import appoint
from meetings.models import Comment, Matter
from moderation.models import Clearance
from moderation.privacy import KEEPINGS
from notices.models import Notice
from notices.texts import sentence
from tests.meetings.moderation import fixtures
from tests.meetings.moderation.fixtures import COMMENT, TITLE, WORDS, after, commented, proposed, read_by_all, state
from tests.meetings.neighbours import a_person, announced, draw, settle
from tests.support.cast import MONDAY, signed_in

writer, desk, talked = fixtures.writer, fixtures.desk, fixtures.talked


@pytest.fixture(autouse=True)
def by_person(settings):
    settings.PUBLIC_BY_PERSON = True


def put_forward(topic) -> None:
    """As the last co-signer does."""
    move(case=topic.case, verb="put_forward", by=None, at=MONDAY)


def answer(person, written, **data):
    return signed_in(person).post(f"/clearances/{written.clearance.key}/", data)


def test_the_desk_makes_words_public(talked, resident, desk):
    comment = commented(talked, resident)
    assert COMMENT in signed_in(desk).get("/clearances/").content.decode()
    assert answer(desk, comment, answer="public").status_code == 302
    assert COMMENT in read_by_all(talked.get_absolute_url())
    assert COMMENT not in signed_in(desk).get("/clearances/").content.decode()


def test_what_is_not_public_shows_why_and_its_writer_is_told(talked, resident, desk):
    comment = commented(talked, resident)
    answer(desk, comment, answer="withheld", reason="写了别人的名字")
    page = read_by_all(talked.get_absolute_url())
    assert COMMENT not in page
    assert "内容没有公开：写了别人的名字" in page
    told = Notice.objects.get(kind="words.withheld.writer")
    assert told.person == resident
    assert sentence(told.kind, told.facts) == "您对议题的意见没有公开：写了别人的名字"


def test_nobody_decides_on_their_own_words(talked, neighbour, desk, town):
    """A comment of somebody who came to work at that desk later."""
    comment = commented(talked, neighbour)
    appoint(person=neighbour, role="community_worker", grid=town.community, from_at=MONDAY)
    neighbour.refresh_from_db()
    page = answer(neighbour, comment, answer="public")
    assert page.context["form"].non_field_errors() == ["这是您自己写的，请同事核对。"]
    assert state(comment) == "review"
    answer(desk, comment, answer="public")
    assert state(comment) == "public"


def test_withholding_wants_a_reason_and_an_answer_a_button(talked, resident, desk):
    comment = commented(talked, resident)
    for data in ({"answer": "withheld", "reason": " "}, {"reason": "说明"}, {"answer": "?"}):
        page = answer(desk, comment, **data)
        assert page.status_code == 200
        assert page.context["form"].errors
    assert state(comment) == "review"


def test_a_person_may_change_it(talked, resident, desk):
    comment = commented(talked, resident)
    answer(desk, comment, answer="withheld", reason="广告")
    answer(desk, comment, answer="public")
    assert COMMENT in read_by_all(talked.get_absolute_url())
    assert Clearance.objects.get(pk=comment.clearance_id).reason == ""


def test_it_is_the_desk_of_the_place_who_decides(talked, resident, neighbour, staff):
    comment = commented(talked, resident)
    for person in (resident, neighbour, staff["grid_leader"], staff["other_cadre"]):
        assert answer(person, comment, answer="public").status_code in {403, 404}
        assert COMMENT not in signed_in(person).get("/clearances/").content.decode()
    assert state(comment) == "review"


def test_the_writer_and_the_desk_read_meanwhile_what_others_do_not(town, talked, resident, neighbour, desk):
    comment, topic = commented(talked, resident), proposed(town, resident)
    for person, reads in ((resident, True), (desk, True), (neighbour, False)):
        client = signed_in(person)
        assert (comment.words in client.get(talked.get_absolute_url()).content.decode()) is reads
        assert (WORDS in client.get(topic.get_absolute_url()).content.decode()) is reads


def test_adopting_a_topic_is_a_yes(town, resident, desk):
    topic = proposed(town, resident)
    put_forward(topic)
    assert TITLE not in read_by_all(topic.get_absolute_url(), "/topics/?tab=seconding")
    draw(topic, "adopt", desk, matter=Matter.objects.get(name="邻里事务"))
    assert WORDS in read_by_all(topic.get_absolute_url())


def test_a_withheld_title_stands_nowhere_also_when_it_comes_to_a_vote(defaults, town, resident, desk):
    settle(town, [a_person(number) for number in range(3)])
    topic = proposed(town, resident)
    put_forward(topic)
    answer(desk, topic, answer="withheld", reason="标题里有人名")
    draw(topic, "adopt", desk, matter=Matter.objects.get(name="使用维修资金"))
    vote = announced(topic, desk)
    shown = read_by_all(topic.get_absolute_url(), "/topics/", vote.get_absolute_url(), "/topics/?tab=settled")
    assert TITLE not in shown
    told = Notice.objects.filter(kind="vote.announced")
    assert {notice.facts["title"] for notice in told} == {f"{topic.case.place}的议题"}


def test_whoever_leaves_takes_along_what_was_thought_of_their_words(wechat, settings, town, talked, writer, desk):
    comment, topic = commented(talked, writer), proposed(town, writer)
    answer(desk, topic, answer="withheld", reason="写了别人的名字")
    rights.erase(person=writer, at=after(9))
    assert not Comment.objects.filter(pk=comment.pk).exists()
    assert not Clearance.objects.filter(pk=comment.clearance_id).exists()
    kept = Clearance.objects.get(topic=topic)
    assert (kept.digest, kept.verdict, kept.label, kept.reason, kept.state) == ("", "", "", "", "withheld")


def test_after_a_year_the_digest_goes_and_the_yes_stays(talked, resident, desk):
    comment = commented(talked, resident)
    answer(desk, comment, answer="public")
    decided_at = Clearance.objects.get(pk=comment.clearance_id).decided_at
    (keeping,) = KEEPINGS
    keeping.clear(decided_at, decided_at)
    assert Clearance.objects.get(pk=comment.clearance_id).digest != ""
    keeping.clear(decided_at + timedelta(days=1), decided_at + timedelta(days=366))
    assert Clearance.objects.get(pk=comment.clearance_id).digest == ""
    assert COMMENT in read_by_all(talked.get_absolute_url())


def test_the_queue_is_offered_to_the_desk_alone(desk, resident):
    link = 'href="/clearances/"'
    assert link in signed_in(desk).get("/cases/").content.decode()
    assert link not in signed_in(resident).get("/cases/").content.decode()
