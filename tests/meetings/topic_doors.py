"""A topic in each state that a door asks for, for the walk over every door (tests/house/test_permissions.py), in the case's 小区;
`owner` owns a home there and is on the roll."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.engine.turns import Given
from cases.services import move
from meetings.covenants import services as covenants
from meetings.models import Matter, Version, VoteRule
from meetings.topics import services as topics
from meetings.votes import counts
from meetings.votes import services as votes
from tests.meetings.neighbours import NOTICE, URN, a_home, a_topic, adopted, announced, at_home, draw
from tests.support.cast import Town


def topic_doors(town: Town, owner: User, desk: User) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    at = timezone.now()
    tenure = at_home(a_home(town.building, "101"), owner)
    talked = a_topic(town, owner, title="订立公约", at=at)
    move(case=talked.case, verb="put_forward", by=None, at=at)
    draw(talked, "adopt", desk, at=at, matter=Matter.objects.get(name="小区公约（管理规约）"))
    covenants.draft(
        case=talked.case,
        by=desk,
        at=at,
        version=talked.case.version,
        given=Given(),
        title="宜和佳苑小区公约",
        clauses=["楼道不堆杂物。"],
    )
    comment = topics.comment(topic=talked, person=owner, words="同意", at=at)
    hours = {"opens_at": at, "closes_at": at + timedelta(days=7)}
    told_at = at - NOTICE
    voted = adopted(town, desk, title="加装扶手", at=told_at)
    vote = announced(voted, desk, at=told_at, **hours)
    voter = votes.voices_of(vote, owner)[0]
    asked = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community, title="关灯时间", at=at)
    announced(asked, desk, at=at, basis="adults", **hours, **URN)
    counts.count(case=asked.case, by=None, at=hours["closes_at"], version=None, given=Given())
    common = VoteRule.objects.first()
    ballot, version = {"key": vote.key, "voter_id": voter.pk}, Version.objects.latest("pk")
    doors: dict[str, Any] = {
        name: {"number": talked.case.number} for name in ("topic", "topic-comment", "vote-new", "draft")
    }
    doors |= {name: ballot for name in ("vote-cast", "vote-authorise", "vote-take-back")}
    doors |= {name: {"key": vote.key} for name in ("vote", "vote-check", "vote-desk")}
    doors |= {
        "vote-change": {"number": voted.case.number},
        "vote-open": {"number": asked.case.number},
        "topic-cosign": {"number": talked.case.number},
        "covenant": {"key": version.covenant.key},
        "covenant-poster": {"key": version.covenant.key, "number": 1},
        "homes": {"estate_id": town.estate.pk},
        "tenure-end": {"tenure_id": tenure.pk},
    }
    return {
        **{f"api:{name}": doors[name] for name in ("topic", "topic-comment", "topic-cosign", "vote", "vote-check")},
        **{f"api:{name}": ballot for name in ("vote-cast", "vote-authorise", "vote-take-back")},
        **{f"meetings:{name}": arguments for name, arguments in doors.items()},
        "moderation:clearance": {"key": comment.clearance.key},
        "meetings_matter": Matter.objects.first().pk,
        "meetings_voterule": VoteRule.objects.create(
            street=town.street, basis=common.basis, is_special=common.is_special, **common.terms
        ).pk,
        "topic": talked,
    }
