"""Votes: announced with a roll, and given. Who gives a ballot and who counts (counts.py) never pass each other: ballots
take a shared lock on their vote, counting takes it alone, so that what was acknowledged is counted. Locks are taken in
this order: the topic's case, the urn, the voice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

import locks
from accounts.models import User
from cases.engine.acts import with_facts
from cases.engine.facts import facts_of
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.limits.clock import Limit, Unit
from cases.models import Case, Wake
from grids.models import Grid
from grids.rights.jurisdiction import may
from locks import Lock
from meetings.facts import topic_facts
from meetings.models import Ballot, Home, Option, SealedBallot, Tenure, Voice, Vote, Voter, VoteRule
from meetings.models.rule import Terms
from meetings.votes import ballots, rolls, urn
from meetings.votes.quorum import Basis
from meetings.votes.rules import rule_for
from notices.services import News, notify
from web.moments import spoken
from web.text import tidy

BATCH = 2000
SHORTEST = timedelta(hours=1)
"""Where a rule asks for no whole day."""
PROXIES = 3
"""Voices of others that one person may give (本平台建议值; 民法典 161–162 let owners authorise, and say no number)."""
NO, ABSTAIN = "不同意", "弃权"


class AlreadyCast(ArrowRefused):
    """This voice was given before: by this person, or by another one of the household or owners."""

    def __init__(self) -> None:
        super().__init__("这一票已经投过了，每户（每位）只计一票。")


@in_turn
def announce(
    turn: Turn,
    given: Given,
    question: str,
    proposals: Sequence[str],
    basis: str,
    opens_at: datetime,
    closes_at: datetime,
    urn_key: str = "",
    witnesses: Sequence[str] = (),
) -> Vote:
    """公告表决 with the roll and the rule of this day. Every proposal, then 不同意 and 弃权, are the options. With the key of an urn
    (`meetings.votes.urn.cut_keys`) it is secret, and `witnesses` have its slips.

    Raises ValidationError as `check` does, and at `witnesses`; ArrowRefused."""
    case, at, facts = turn.case, turn.at, topic_facts(turn.facts)
    rule, options = check(
        case=case,
        at=at,
        question=question,
        proposals=proposals,
        basis=basis,
        opens_at=opens_at,
        closes_at=closes_at,
        is_secret=bool(urn_key),
    )
    if urn_key and not len(set(witnesses)) == len(witnesses) == urn.WITNESSES:
        raise ValidationError({"witnesses": f"请写 {urn.WITNESSES} 位监票人的姓名，不能重复。"})
    number = len(facts.votes) + 1
    turn.draw("announce", with_facts(given, round=number), **_until(closes_at, at))
    vote = Vote.objects.create(
        topic=facts.topic,
        round=number,
        question=tidy(question)[:200],
        basis=basis,
        is_special=rule.is_special,
        is_secret=bool(urn_key),
        urn_key=urn_key,
        witnesses="、".join(witnesses),
        announced_at=at,
        opens_at=opens_at,
        closes_at=closes_at,
        **rule.terms,
    )
    facts.forget("votes")
    _write_options(vote, options)
    _draw_roll(vote, case.grid, at)
    tell_roll("vote.announced", vote, at, title=facts.topic.public_title, **_times(vote))
    return vote


def check(
    *,
    case: Case,
    at: datetime,
    question: str,
    proposals: Sequence[str],
    basis: str,
    opens_at: datetime,
    closes_at: datetime,
    is_secret: bool,
) -> tuple[VoteRule, list[tuple[str, bool]]]:
    """Whether a vote may be held like this; the rule it goes by, and its options, and which of them are proposals.

    Raises ValidationError at `question`, `proposals`, `basis`, `opens_at`, `closes_at` or `is_secret`."""
    rule = rule_for(topic_facts(facts_of(case)).topic.matter, basis, case.grid)
    if is_secret and basis == Basis.OWNERS:
        raise ValidationError({"is_secret": "业主表决按面积计票，面积会认出是谁，只能记名。"})
    options = _checked(question, proposals)
    if opens_at < at:
        raise ValidationError({"opens_at": "开始时间不能早于现在。"})
    _check_times(rule, opens_at, closes_at, told_at=at)
    return rule, options


def _checked(question: str, proposals: Sequence[str]) -> list[tuple[str, bool]]:
    """The options. Raises ValidationError at the field."""
    options = _options(proposals)
    if not tidy(question):
        raise ValidationError({"question": "请写明表决什么。"})
    return options


def _check_times(terms: Terms, opens_at: datetime, closes_at: datetime, *, told_at: datetime) -> None:
    """Raises ValidationError at `opens_at` (before the notice is over) or `closes_at` (turned, too short)."""
    if opens_at < (earliest := terms.opens_from(told_at)):
        by = f"（{terms.notice_source}）" if terms.notice_source else ""
        raise ValidationError({"opens_at": f"要先公告满 {terms.notice_days} 天{by}，最早{spoken(earliest)}开始。"})
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": "截止要在开始之后。"})
    if closes_at < (earliest := opens_at + timedelta(days=terms.least_days)):
        raise ValidationError({"closes_at": f"至少留 {terms.least_days} 天投票，最早{spoken(earliest)}截止。"})
    if closes_at - opens_at < SHORTEST:
        raise ValidationError({"closes_at": "至少留一个小时投票。"})


def _until(closes_at: datetime, at: datetime) -> dict[str, Any]:
    """What `Turn.draw` takes for a stage that ends at that very minute: the engine counts whole hours."""
    hours = ceil((closes_at - at) / timedelta(hours=1))
    return {"limit": Limit(hours, Unit.HOUR), "due_at": closes_at, "wake_at": closes_at, "wake_for": Wake.DUE}


def _write_options(vote: Vote, options: list[tuple[str, bool]]) -> None:
    Option.objects.bulk_create(
        Option(vote=vote, number=number, words=words, is_proposal=is_proposal)
        for number, (words, is_proposal) in enumerate(options, 1)
    )


def tell_roll(kind: str, vote: Vote, at: datetime, *, key: str = "", **facts: str) -> None:
    """Everybody on the roll."""
    people = list(User.objects.filter(voices__voice__vote=vote, is_active=True).distinct())
    cause = f"vote:{vote.pk}"
    notify(News(kind=kind, people=people, path=vote.get_absolute_url(), cause=cause, key=key, at=at, facts=facts))


def _times(vote: Vote) -> dict[str, str]:
    return {
        "opens": vote.opens_words,
        "opens_at": vote.opens_at.isoformat(),
        "closes": vote.closes_words,
        "closes_at": vote.closes_at.isoformat(),
    }


def _options(proposals: Sequence[str]) -> list[tuple[str, bool]]:
    proposed = [tidy(words)[:100] for words in proposals if tidy(words)]
    if not proposed:
        raise ValidationError({"proposals": "请至少写一个方案，例如“同意”。"})
    if len(set(proposed)) < len(proposed) or {NO, ABSTAIN} & set(proposed):
        raise ValidationError({"proposals": "方案不能重复；“不同意”和“弃权”会自动加上，不用写。"})
    return [*((words, True) for words in proposed), (NO, False), (ABSTAIN, False)]


def _draw_roll(vote: Vote, grid: Grid, at: datetime) -> None:
    """Raises ValidationError at `basis` where nobody is on it."""
    area = Grid.objects.in_area([grid]).order_by()
    tenures = Tenure.objects.held_at(at).filter(home__estate__in=area)
    members = [
        rolls.Member(
            home=tenure.home_id,
            person=tenure.person_id,
            is_adult=tenure.is_adult_at(at),
            lives_there=tenure.lives_there,
            owns=tenure.owns,
            is_spokesperson=tenure.is_spokesperson,
        )
        for tenure in tenures.select_related("person")
    ]
    # A home whose owner is not registered counts as well (司法解释 9): the share is of all there are.
    homes = Home.objects.filter(estate__in=area).values_list("pk", "area", "building__name")
    areas, labels = {}, {}
    for home, size, building in homes:
        areas[home], labels[home] = size, building
    groups = rolls.voices(vote.basis, members, areas)
    if not any(group.people for group in groups):
        raise ValidationError({"basis": "户册里没有可以这样表决的人，请先在户册里登记。"})
    voices = Voice.objects.bulk_create(
        (Voice(vote=vote, label=labels[min(group.homes)], area=group.area) for group in groups), BATCH
    )
    Voter.objects.bulk_create(
        (
            Voter(voice=voice, person_id=person)
            for voice, group in zip(voices, groups, strict=True)
            for person in sorted(group.people)
        ),
        BATCH,
    )


def change(
    *,
    vote: Vote,
    by: User,
    at: datetime,
    version: int,
    question: str,
    proposals: Sequence[str],
    opens_at: datetime,
    closes_at: datetime,
) -> None:
    """Other options or other times, until the first ballot lies in the urn; everybody on the roll is told. Other options, or
    an earlier beginning, are made known today: the notice begins anew.

    Raises ArrowRefused after that; ValidationError as `announce`."""
    options = _checked(question, proposals)
    with turn_on(vote.topic.case, by=by, at=at, version=version) as turn:
        lock_urn(vote, alone=True)  # after the case, as counting does, and before it is asked who voted
        vote.refresh_from_db()
        _check_running(vote)
        turn.check("change_vote", by)
        current = list(vote.options.values_list("words", "is_proposal"))
        is_known = (vote.question, current) == (tidy(question)[:200], options) and opens_at >= vote.opens_at
        begins = opens_at if is_known else max(opens_at, at)
        _check_times(vote, begins, closes_at, told_at=vote.announced_at if is_known else at)
        if closes_at - at < SHORTEST:
            raise ValidationError({"closes_at": "至少留一个小时投票。"})
        vote.options.all().delete()
        _write_options(vote, options)
        vote.question, vote.opens_at, vote.closes_at = tidy(question)[:200], opens_at, closes_at
        vote.save(update_fields=["question", "opens_at", "closes_at"])
        turn.draw("change_vote", **_until(closes_at, at))
        title = topic_facts(turn.facts).topic.public_title
        tell_roll("vote.changed", vote, at, key=str(turn.case.version), title=title, **_times(vote))


def take_urn(turn: Turn, verb: str) -> Vote:
    """The vote that runs on a topic of which `verb` may be drawn now: no ballot is given until the turn ends."""
    turn.check(verb, turn.by)
    vote = topic_facts(turn.facts).running_vote
    assert vote is not None, "a state in which a vote runs has one"
    lock_urn(vote, alone=True)
    return vote


def lock_urn(vote: Vote, *, alone: bool) -> None:
    """Until the transaction ends. Ballots share it, so that they do not wait for each other."""
    locks.take(Lock.VOTE_URN, vote.pk, shared=not alone)


def _check_running(vote: Vote) -> None:
    if vote.voided_at is not None:
        raise ArrowRefused("这次表决已经作废，投的票不算，会重新发起。")
    if vote.counted_at is not None:
        raise ArrowRefused("表决已经截止，正在看的是结果。")
    if vote.closed_at is not None:
        raise ArrowRefused("表决已经截止，等监票人开箱计票。")


def voices_of(vote: Vote, person: User) -> list[Voter]:
    """The voices this person may give, their own first."""
    return list(
        Voter.objects.filter(voice__vote=vote, person=person)
        .select_related("voice")
        .order_by(F("given_by").asc(nulls_first=True), "pk")
    )


def cast(*, voter: Voter, option: Option, at: datetime, receipt: str = "") -> None:
    """投票. A secret ballot needs the `receipt` that the voter was shown. Each voice is given once, whoever gives it.

    Raises AlreadyCast; ArrowRefused: not open yet, closed, voided, or the option is of another vote."""
    with transaction.atomic():
        vote = _take_voice(voter.voice, option, at)
        if vote.is_secret:
            paper = ballots.pack(option=option.number, receipt=receipt)
            sealed = urn.seal_paper(paper, key=vote.urn_key, vote=str(vote.key))
            SealedBallot.objects.create(vote=vote, paper=sealed)
        else:
            Ballot.objects.create(vote=vote, voice=voter.voice, option=option)


def enter_paper(*, voice: Voice, option: Option, by: User, at: datetime) -> None:
    """A ballot on paper, signed by the voter, written down by staff who keep the paper.

    Raises as `cast`; ArrowRefused: not one's area, or a secret vote, which whoever enters it would read."""
    if not may(by, "dispatch", voice.vote.topic.case.grid, at=at):
        raise ArrowRefused("这次表决不在您的辖区。")
    with transaction.atomic():
        vote = _take_voice(voice, option, at)
        if vote.is_secret:
            raise ArrowRefused("不记名表决不能由别人录入纸质票，请投票人用手机，或用社区的设备自己投。")
        Ballot.objects.create(vote=vote, voice=voice, option=option, entered_by=by)


def _take_voice(voice: Voice, option: Option, at: datetime) -> Vote:
    """Notes the voice as cast, under the urn's shared lock; the vote it is in.

    The option is looked for among all of them: the database never hears which one it was, neither in a statement (they
    stand in logs and in pg_stat_activity) nor by a lock on its row."""
    lock_urn(voice.vote, alone=False)
    vote = Vote.objects.get(pk=voice.vote_id)
    _check_running(vote)
    if at < vote.opens_at:
        raise ArrowRefused(f"表决还没有开始，{vote.opens_words}开始。")
    if at >= vote.closes_at:
        raise ArrowRefused("表决已经截止。")
    if option not in list(vote.options.all()):
        raise ArrowRefused("选项刚刚有改动，请重新看过再投。")
    if not Voice.objects.filter(pk=voice.pk, is_cast=False).update(is_cast=True):
        raise AlreadyCast
    return vote


def authorise(*, voter: Voter, to: User, at: datetime) -> None:
    """委托代理: an owner lets somebody else give their voice (书面委托); whoever gives it first, has. Twice is once.

    Raises ArrowRefused: only owners, only their own voice, not once it is cast, not to oneself, not more than PROXIES."""
    with transaction.atomic():
        lock_urn(voter.voice.vote, alone=True)
        vote = Vote.objects.get(pk=voter.voice.vote_id)
        _check_running(vote)
        if vote.basis != Basis.OWNERS:
            raise ArrowRefused(f"{vote.get_basis_display()}表决由本人（本户）投票，不能委托。")
        if voter.given_by_id is not None:
            raise ArrowRefused("别人委托给您的票不能再转委托。")
        if Voice.objects.filter(pk=voter.voice_id, is_cast=True).exists():
            raise AlreadyCast
        if not to.is_active:
            raise ArrowRefused("这位已经停用或注销，请另托一位。")
        if to.pk == voter.person_id:
            raise ArrowRefused("不用委托给自己，直接投票就行。")
        if Voter.objects.filter(voice=voter.voice, person=to).exists():
            return
        if Voter.objects.filter(voice__vote=vote, person=to).exclude(given_by=None).count() >= PROXIES:
            raise ArrowRefused(f"这位已经受 {PROXIES} 位业主委托，请另托一位。")
        Voter.objects.create(voice=voter.voice, person=to, given_by=voter.person)


def withdraw_authority(*, voter: Voter) -> None:
    """Takes back what this owner authorised, until it is cast. Raises AlreadyCast."""
    with transaction.atomic():
        lock_urn(voter.voice.vote, alone=True)
        if Voice.objects.filter(pk=voter.voice_id, is_cast=True).exists():
            raise AlreadyCast
        Voter.objects.filter(voice=voter.voice, given_by=voter.person_id).delete()


@in_turn
def void(turn: Turn, given: Given) -> None:
    """作废: the roll or the question was wrong; what was cast counts for nothing, and everybody on the roll is told."""
    vote, at = take_urn(turn, "void"), turn.at
    turn.draw("void", given)
    vote.ballots.all().delete()
    vote.papers.all().delete()  # before the row of the vote, as mixing locks them
    Vote.objects.filter(pk=vote.pk).update(voided_at=at, needs_mixing=vote.is_secret)
    turn.facts.forget("votes")
    tell_roll("vote.void", vote, at, title=topic_facts(turn.facts).topic.public_title, reason=given.words)
