"""What the pages and the API read of topics and votes that everybody may see."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from grids.rights.jurisdiction import Visitor, may
from meetings.models import Clause, Comment, Topic, Vote, Voter
from meetings.topics.details import details
from meetings.votes import ballots, counts
from meetings.votes import services as votes
from meetings.votes.quorum import Basis, Weight
from moderation.models import Clearance

TABS = {
    "open": ("正在商量", ("discussing", "voting", "unopened", "undecided")),
    "seconding": ("征集联署", ("seconding", "screening")),
    "settled": ("已有结果", ("decided", "carrying", "done", "rejected")),
}
"""What did not become a topic (不予立项, 联署不足, 撤回) is shown to who proposed it, on their own page."""
IN_PUBLIC = tuple(state for _, states in TABS.values() for state in states)


def listed() -> QuerySet[Topic]:
    """Each with how many have co-signed it."""
    public = Topic.objects.filter(case__state__in=IN_PUBLIC).select_related("case__grid", "matter", "clearance")
    return public.annotate(cosigned=Count("cosigns", filter=Q(cosigns__is_counted=True)))


def public_topic(number: str) -> Topic:
    """Raises Http404 for what is none, or is not shown to everybody."""
    related = Topic.objects.select_related(
        "case__grid", "case__holder__grid", "case__holder__person", "matter", "clearance"
    )
    return get_object_or_404(related, case__number=number, case__state__in=IN_PUBLIC)


def clauses_of(topic: Topic) -> dict[int, Clause]:
    """Of the covenant that is drafted on it, by their keys."""
    version = getattr(topic, "covenant_version", None)
    return {clause.pk: clause for clause in version.clauses.all()} if version else {}


def seen_by(topic: Topic, reader: Visitor, *, at: datetime) -> dict[str, Any]:
    """`details`, what is this reader's own, and which words they may read (moderation/models.py)."""
    shown = details(case=topic.case, reader=reader, at=at)
    person = reader if isinstance(reader, User) else None
    is_own = person is not None and topic.case.seats.filter(person=person, role="asker").exists()
    is_desk = may(reader, "dispatch", topic.case.grid)
    reads = _reads(topic.clearance, is_writer=is_own, is_desk=is_desk)
    return {
        **shown,
        "is_own": is_own,
        "is_desk": is_desk,
        "clearance": topic.clearance,
        "reads": reads,
        "title": topic.case.title if reads else topic.public_title,
        "own_cosign": topic.cosigns.filter(person=person).first() if person else None,
        "missing": max(0, topic.cosign_needed - shown["topic"].cosigned),
        "comments": _comments(topic, person, is_desk=is_desk),
    }


def _reads(clearance: Clearance, *, is_writer: bool, is_desk: bool) -> bool:
    """Until somebody has decided, whoever wrote it and the desk read it too."""
    return clearance.is_public or (clearance.is_undecided and (is_writer or is_desk))


def _comments(topic: Topic, person: User | None, *, is_desk: bool) -> list[Comment]:
    """Each with `is_read`: whether this person reads its words."""
    comments = list(topic.comments.select_related("person", "clause", "clearance").order_by("at", "pk"))
    for comment in comments:
        is_writer = person is not None and comment.person_id == person.pk
        comment.is_read = _reads(comment.clearance, is_writer=is_writer, is_desk=is_desk)  # type: ignore[attr-defined]  # of this reader
    return comments


def vote_of(key: UUID) -> Vote:
    """Raises Http404."""
    return get_object_or_404(
        Vote.objects.select_related("topic__case__grid", "topic__matter", "topic__clearance"), key=key
    )


def voter_of(vote: Vote, voter_id: int, person: Visitor) -> Voter:
    """As which this person votes there. Raises Http404."""
    voters = Voter.objects.select_related("voice__vote", "person")
    return get_object_or_404(voters, pk=voter_id, person=person, voice__vote=vote)


def look_at(vote: Vote, reader: Visitor, *, at: datetime) -> dict[str, Any]:
    """Of one vote what this reader sees: their own voices, how many have voted, and once it is counted what came of it."""
    mine = votes.voices_of(vote, reader) if isinstance(reader, User) else []
    is_open = vote.counted_at is None and vote.voided_at is None and vote.opens_at <= at < vote.closes_at
    given_by = [voter.person_id for voter in mine]
    authorised = Voter.objects.filter(voice__vote=vote, given_by__in=given_by).values_list("voice", flat=True)
    return {
        "vote": vote,
        "is_open": is_open,
        "is_ahead": at < vote.opens_at,
        "is_over": at >= vote.closes_at,
        "rule": vote.rule,
        "mine": mine,
        "may_authorise": is_open and vote.basis == Basis.OWNERS and any(not voter.voice.is_cast for voter in mine),
        "authorised": set(authorised),
        "outcome": outcome_of(vote),
        "turnout": vote.voices.filter(is_cast=True).count(),
        "roll": counts.roll_weight(vote),
    }


def outcome_of(vote: Vote) -> dict[str, Any] | None:
    """Told once it is counted, not before."""
    if vote.counted_at is None:
        return None
    decision, given = counts.result(vote), counts.given(vote)
    options = [(option, given.get(option.number, Weight())) for option in vote.options.all()]
    hurdles = [*decision.turnout]
    for option, _ in options:
        asked = decision.approval.get(option.number, ())
        hurdles += [replace(hurdle, label=f"“{option.words}”{hurdle.label}") for hurdle in asked]
    passed = next((option for option, _ in options if option.number == decision.passed), None)
    return {"decision": decision, "options": options, "passed": passed, "hurdles": hurdles}


def new_slip(voter: Voter) -> tuple[str, str]:
    """For a secret vote: a receipt, and the same signed for this voice alone, which an app keeps and sends back with its
    ballot. Nothing of it is stored, as nothing is of the cookie in which a browser keeps it. No two papers of an urn bear one
    receipt: a slip is good for one voice, and a voice is given once."""
    receipt = ballots.new_receipt()
    return receipt, signing.dumps(receipt, salt=_salt(voter))


def read_slip(voter: Voter, slip: str) -> str:
    """The receipt. Raises ValidationError at `slip`."""
    try:
        return str(signing.loads(slip, salt=_salt(voter)))
    except signing.BadSignature as fault:
        raise ValidationError({"slip": "请先读取这次表决，用那里给的 slip。"}) from fault


def _salt(voter: Voter) -> str:
    return f"receipt {voter.pk}"
