"""Each guard of a topic, as it lets through and as it refuses, on facts that no database knows of."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from cases.limits.clock import ZONE
from meetings.workflow import TOPIC

AT = datetime(2026, 11, 23, 9, tzinfo=ZONE)


def a_matter(body: str = "owners", *, is_covenant: bool = False) -> SimpleNamespace:
    return SimpleNamespace(name="使用维修资金", body=body, is_covenant=is_covenant)


def of_matter(matter: SimpleNamespace | None) -> dict[str, Any]:
    return {"topic": SimpleNamespace(matter=matter)}


def of_vote(**vote: bool) -> dict[str, Any]:
    return {"running_vote": SimpleNamespace(**vote) if vote else None}


def of_tasks(*closed_at: datetime | None) -> dict[str, Any]:
    return {"tasks": [SimpleNamespace(closed_at=at) for at in closed_at]}


def refusal(verb: str, facts: dict[str, Any]) -> str:
    arrow = TOPIC.arrow(verb)
    assert arrow is not None
    return arrow.refusal(SimpleNamespace(**facts), None, AT)


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("agree", of_matter(None)),
        ("agree", of_matter(a_matter("consent"))),
        ("announce", of_matter(a_matter("owners"))),
        ("announce", of_matter(a_matter("residents"))),
        ("change_vote", of_vote(is_begun=False)),
        ("change_vote", of_vote()),
        ("carried", of_tasks()),
        ("carried", of_tasks(AT, AT)),
        ("draft", of_matter(a_matter(is_covenant=True))),
    ],
)
def test_it_may_be_drawn(verb, facts):
    assert refusal(verb, facts) == ""


@pytest.mark.parametrize(
    ("verb", "facts", "says"),
    [
        ("agree", of_matter(a_matter("owners")), "“使用维修资金”依法要由业主共同决定，请发起表决。"),
        ("agree", of_matter(a_matter("residents")), "“使用维修资金”依法要由居民会议，请发起表决。"),
        ("announce", of_matter(None), "这类事项协商一致即可，不用表决；要表决请先改事项类别。"),
        (
            "announce",
            of_matter(a_matter("consent")),
            "这类事项协商一致即可，不用表决；要表决请先改事项类别。",
        ),
        (
            "change_vote",
            of_vote(is_begun=True),
            "已经有人投票，选项和时间不能再改。确有错误，请作废这次表决重新发起。",
        ),
        ("carried", of_tasks(AT, None, None), "还有 2 件落实事项没有办完。"),
        ("draft", of_matter(None), "这件议题不是订立公约。"),
        ("draft", of_matter(a_matter()), "这件议题不是订立公约。"),
    ],
)
def test_it_is_refused_and_says_why(verb, facts, says):
    assert refusal(verb, facts) == says


def test_no_guard_is_left_out():
    guarded = {arrow.verb for arrow in TOPIC.arrows if arrow.guard or arrow.own_guard}
    assert guarded == {"agree", "announce", "change_vote", "carried", "draft"}
