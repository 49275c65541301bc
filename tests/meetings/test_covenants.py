"""公约 in versions: drafted, commented clause by clause, adopted by a vote, what changed; and what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.engine.turns import ArrowRefused, Given
from cases.escalation import sweep
from meetings.covenants import services as covenants
from meetings.models import Comment, Covenant
from meetings.topics import services as topics
from tests.meetings.neighbours import CLOSES, adopted, announced, cast, settle
from tests.support.cast import MONDAY

OWN_RULES = "小区公约（管理规约）"


@pytest.fixture
def topic(defaults, town, desk, people):
    settle(town, people)
    return adopted(town, desk, OWN_RULES)


def draft(topic, desk, clauses, *, at=MONDAY, title="宜和佳苑小区公约"):
    topic.case.refresh_from_db()
    return covenants.draft(
        case=topic.case, by=desk, at=at, version=topic.case.version, given=Given(), title=title, clauses=clauses
    )


def voted(topic, desk, people, option="同意", *, at=MONDAY):
    vote = announced(topic, desk, at=at)
    for person in people:
        cast(vote, person, option, at=vote.opens_at)
    sweep(at=vote.closes_at)
    topic.case.refresh_from_db()


def test_comments_stay_with_their_clause_through_a_new_draft(topic, desk, people):
    version = draft(topic, desk, ["楼道不堆物。", "九点后不跳舞。"])
    clause = version.clauses.get(number=2)
    topics.comment(topic=topic, person=people[0], words="夏天晚一点", at=MONDAY, clause=clause)
    draft(topic, desk, ["楼道不堆物。", "九点半后不跳舞。", "高空不抛物。"])
    assert [c.words for c in version.clauses.all()] == ["楼道不堆物。", "九点半后不跳舞。", "高空不抛物。"]
    assert Comment.objects.get().clause.number == 2


def test_a_vote_puts_it_in_force_and_the_next_takes_its_place(topic, town, desk, people):
    draft(topic, desk, ["甲。", "乙。", "丙。"])
    voted(topic, desk, people)
    covenant = Covenant.objects.get()
    first = covenant.versions.get()
    assert (first.is_in_force, covenants.changes(first)) == (True, [])
    later = CLOSES + timedelta(days=1)
    again = adopted(town, desk, OWN_RULES, at=later, title="修改公约")
    second = draft(again, desk, ["甲。", "乙改。", "丙。", "丁。"], at=later)
    assert not second.is_in_force  # a draft changes nothing yet
    assert [(c.label, c.number, c.before, c.after) for c in covenants.changes(second)] == [
        ("修改", 2, "乙。", "乙改。"),
        ("新增", 4, "", "丁。"),
    ]
    voted(again, desk, people, at=later)
    states = [version.is_in_force for version in covenant.versions.order_by("number")]
    assert states == [False, True]


def test_what_is_not_adopted_is_not_in_force(topic, desk, people):
    draft(topic, desk, ["甲。"])
    voted(topic, desk, people, "不同意")
    assert not Covenant.objects.get().versions.get().is_in_force


def test_nothing_is_redrafted_while_it_is_voted_on(topic, desk):
    draft(topic, desk, ["甲。"])
    announced(topic, desk)
    with pytest.raises(ArrowRefused):
        draft(topic, desk, ["乙。"])
    assert Covenant.objects.get().versions.get().clauses.get().words == "甲。"


@pytest.mark.parametrize(
    ("title", "clauses", "field", "words"),
    [
        (" ", ["甲。"], "title", "名称"),
        ("公约", [" ", ""], "clauses", "至少写一条"),
        ("公约", ["甲。", "甲。"], "clauses", "一模一样"),
        ("公约", ["长" * 501], "clauses", "第 1 条超过"),
        ("公约", [f"第{n}" for n in range(61)], "clauses", "最多 60 条"),
    ],
)
def test_a_draft_that_cannot_stand(topic, desk, title, clauses, field, words):
    with pytest.raises(ValidationError, match=words) as refused:
        draft(topic, desk, clauses, title=title)
    assert field in refused.value.message_dict
    assert not Covenant.objects.exists()


def test_a_topic_that_is_no_covenant_is_not_drafted(defaults, town, desk, people):
    settle(town, people)
    with pytest.raises(ArrowRefused, match="不是订立公约"):
        draft(adopted(town, desk), desk, ["甲。"])


def test_a_clause_of_another_draft_takes_no_comment(topic, town, desk, people):
    version = draft(topic, desk, ["甲。"])
    other = adopted(town, desk, "邻里事务", title="别的事")
    with pytest.raises(ArrowRefused, match="不在这份草案里"):
        topics.comment(topic=other, person=people[0], words="同意", at=MONDAY, clause=version.clauses.get())


def test_the_poster_is_a_pdf(topic, desk):
    assert covenants.poster(draft(topic, desk, ["甲。"]), url="https://example.test/").startswith(b"%PDF")
