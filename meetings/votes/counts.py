"""Votes: closed, opened and counted once, and what came of them. Of a secret one docs/rooms/meetings.md says why each step is as
it is."""

import logging
import secrets
from datetime import datetime
from decimal import Decimal

from celery import current_app
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Sum

from accounts.models import User
from accounts.personal_data import blind_index
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.models import Case
from meetings.covenants import services as covenants
from meetings.facts import topic_facts
from meetings.models import Ballot, Receipt, SealedBallot, Topic, Vote
from meetings.votes import ballots, quorum, urn
from meetings.votes.quorum import Basis, Decision, Weight
from meetings.votes.services import BATCH, take_urn, tell_roll
from meetings.workflow import CLOSE, FAIL, OPEN, PASS

log = logging.getLogger(__name__)

PATIENCE = "2s"
"""How long mixing waits for the table: whoever wants to vote meanwhile waits behind it."""


@in_turn
def count(turn: Turn, given: Given) -> None:
    """The limit of a vote is over: one by name is counted, a secret one waits for its witnesses. Twice is once: the second
    draws an arrow that does not start from here."""
    vote = take_urn(turn, FAIL)
    if vote.is_secret:
        turn.draw(CLOSE)
        Vote.objects.filter(pk=vote.pk).update(closed_at=turn.at, needs_mixing=True)
        turn.facts.forget("votes")
        transaction.on_commit(_ring, robust=True)
    else:
        _conclude(turn, vote)


def open_urn(*, case: Case, by: User, at: datetime, version: int, slips: tuple[urn.Slip, urn.Slip]) -> None:
    """开箱计票 with the slips of two witnesses.

    Raises ValidationError at `second_slip`: they do not open this urn; ArrowRefused: not closed yet, or the papers are not
    those of the roll; CaseMovedOn."""
    mix_urns(at=at)
    with turn_on(case, by=by, at=at, version=version) as turn:
        vote = take_urn(turn, OPEN)
        turn.draw(OPEN)
        if vote.needs_mixing:
            raise ArrowRefused("票箱正在摇匀，请一分钟以后再开箱。")
        key = urn.joined(*slips)
        if urn.public_key(key) != vote.urn_key:
            raise ValidationError({"second_slip": "这两张不是这次表决的钥匙，请核对是哪一次的。"})
        _empty(vote, key)
        _conclude(turn, vote)
        transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    current_app.send_task("meetings.tasks.mix_urns")  # by name: tasks stand above services


def _empty(vote: Vote, key: X25519PrivateKey) -> None:
    """Opens every paper and writes what stood on them: the options and the receipts apart, each in an order of chance."""
    sealed = [bytes(paper) for paper in vote.papers.values_list("paper", flat=True)]
    try:
        papers = [ballots.unpack(paper) for paper in urn.open_papers(sealed, key=key, vote=str(vote.key))]
    except ValueError:
        raise ArrowRefused("票箱里有打不开的票，可能被人动过，不能计票。请作废这次表决重新发起，并报告街道。") from None
    cast = vote.voices.filter(is_cast=True).count()
    if len(papers) != cast or len({receipt for _, receipt in papers}) != cast:
        raise ArrowRefused(
            f"名册上投了 {cast} 票，票箱里有 {len(papers)} 张，对不上，不能计票。请作废这次表决重新发起，并报告街道。"
        )
    options = {option.number: option for option in vote.options.all()}
    chance = secrets.SystemRandom()
    given, receipts = [options[number] for number, _ in papers], [receipt for _, receipt in papers]
    chance.shuffle(given)
    chance.shuffle(receipts)
    Ballot.objects.bulk_create((Ballot(vote=vote, option=option) for option in given), BATCH)
    Receipt.objects.bulk_create((Receipt(vote=vote, index=_index(vote, receipt)) for receipt in receipts), BATCH)
    vote.papers.all().delete()
    Vote.objects.filter(pk=vote.pk).update(needs_mixing=True)


def _conclude(turn: Turn, vote: Vote) -> None:
    """Counts what lies there now, and draws 通过 or 未形成决定."""
    at, facts = turn.at, topic_facts(turn.facts)
    Vote.objects.filter(pk=vote.pk).update(counted_at=at)
    facts.forget("votes")
    decision = result(vote)
    verb = FAIL if decision.passed is None else PASS
    turn.draw(verb, by_itself=True, outcome=verb)
    if decision.passed is not None:
        passed = vote.options.get(number=decision.passed)
        agreed = vote.question if passed.words == "同意" else f"{vote.question}：{passed.words}"
        Topic.objects.filter(pk=vote.topic_id).update(agreed=agreed)
        if facts.covenant_version is not None:
            covenants.put_in_force(facts.covenant_version, at=at)
    title = facts.topic.public_title
    tell_roll("vote.undecided" if decision.passed is None else "vote.passed", vote, at, title=title)


def mix_urns(*, at: datetime) -> bool:
    """Writes the table of sealed papers anew, in an order of chance and by one transaction, when a vote was closed, counted
    or voided: so no row tells any more when it was put in, and of papers that were taken out no old row is left in the
    file (TRUNCATE gives the table a new one, and asks nobody's snapshot). False where the table was not free: then it is
    tried again."""
    if not Vote.objects.filter(needs_mixing=True).exists():
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE wants no check left for later
            cursor.execute(f"LOCK TABLE {SealedBallot._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            mixed = list(Vote.objects.filter(needs_mixing=True).order_by("pk").values_list("pk", flat=True))
            papers = list(SealedBallot.objects.values_list("vote_id", "paper"))
            cursor.execute(f"TRUNCATE {SealedBallot._meta.db_table}")
            secrets.SystemRandom().shuffle(papers)
            SealedBallot.objects.bulk_create((SealedBallot(vote_id=vote, paper=paper) for vote, paper in papers), BATCH)
            Vote.objects.filter(pk__in=mixed).update(needs_mixing=False)
    except OperationalError as fault:
        log.warning("the table of sealed ballots was not free, mixing is tried again: %s", fault)
        return False
    return True


def _index(vote: Vote, receipt: str) -> str:
    return blind_index(f"{vote.pk} {receipt}", purpose="ballot")


def is_counted(vote: Vote, typed: str) -> bool:
    """Whether the ballot of this receipt was counted: yes or no, and not for what, so that nobody can be made to prove
    how they voted. Raises ValidationError at `receipt` for what is none."""
    receipt = ballots.read_receipt(typed)
    if receipt is None:
        raise ValidationError({"receipt": "回执号是 12 个字母和数字，形如 7K3M-9QXT-4HDP，请核对。"})
    return vote.receipts.filter(index=_index(vote, receipt)).exists()


def roll_weight(vote: Vote) -> Weight:
    roll = vote.voices.aggregate(people=Count("pk"), area=Sum("area"))
    return Weight(roll["people"], roll["area"] or Decimal(0))


def given(vote: Vote) -> dict[int, Weight]:
    """What each option got, by its number. Of a running vote nothing is told."""
    rows = vote.ballots.values("option__number").annotate(people=Count("pk"), area=Sum("voice__area"))
    return {row["option__number"]: Weight(row["people"], row["area"] or Decimal(0)) for row in rows}


def result(vote: Vote) -> Decision:
    proposals = frozenset(vote.options.filter(is_proposal=True).values_list("number", flat=True))
    return quorum.decide(
        vote.rule, unit=Basis(vote.basis).unit, roll=roll_weight(vote), given=given(vote), proposals=proposals
    )
