"""Three levels and the street above: up when not settled, refused or late; ended with the other ways told; the whole
time limit and its one extension."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cases.engine import routing
from cases.engine.acts import decide_extension, with_facts
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.limits.deadlines import extend_finish, set_finish
from cases.models import Extension
from cases.workflow import MEDIATOR
from disputes.facts import facts_of_dispute
from disputes.guards.mediation import STREET, is_late, level_of
from disputes.models import Guidance, Outcome, Party
from disputes.services.archiving import check_file
from disputes.services.consents import own_party, party_in, told, told_in_short, write_of
from disputes.services.mediators import hand_over
from disputes.workflow import BEFORE_PEACE
from grids.models import Post
from web.period_ends import last_day
from web.text import tidy

ENDINGS = {
    "no_agreement": ("达不成协议", Outcome.FAILED),
    "gave_up": ("一方拒绝或放弃继续调解", Outcome.TERMINATED),
    "impossible": ("因特定事由不能进行", Outcome.TERMINATED),
    "concealed": ("隐瞒重要事实或故意拖延", Outcome.TERMINATED),
    "collusion": ("恶意串通损害他人利益", Outcome.TERMINATED),
}
"""Grounds for ending it without an agreement (宁波、深圳条例), and the outcome each counts as."""
MAX_EXTENSION_DAYS = 30


def _above(turn: Turn) -> Post | None:
    """Who mediates one level up: none above the street."""
    if turn.case.holder is None or level_of(turn.case) == STREET:
        return None
    return routing.leader_above(turn.case.holder, at=turn.at, barred=turn.facts.kept_out)


def _go_up(turn: Turn, verb: str, given: Given, above: Post) -> None:
    """Everything goes along; the mediators of this level get up."""
    given = with_facts(given, post=above.pk, from_level=level_of(turn.case))
    turn.draw(verb, given, **hand_over(turn.case, above))
    turn.unseat(MEDIATOR)


@in_turn
def hand_up(turn: Turn, given: Given) -> None:
    """上交: not settled here, or not for this level to handle."""
    above = _above(turn)
    if above is None:
        raise ArrowRefused("上面没有能接手的一级了：街道是最后一级。达不成协议的请终止调解，并告知其他途径。")
    _go_up(turn, "hand_up", given, above)


@in_turn
def pull_up(turn: Turn, given: Given) -> None:
    """提级: a level above takes it over without waiting."""
    post = routing.post_for(user=turn.person, verb="supervise", case=turn.case, at=turn.at)
    if post is None or turn.person.pk in turn.facts.kept_out:
        raise ArrowRefused("提级由上一级负责人来做，与当事人有利害关系的应当回避。")
    _go_up(turn, "pull_up", given, post)


@in_turn
def climb(turn: Turn) -> bool:
    """Late: the level above takes over by itself. False above the street, and once there is an agreement to keep."""
    above = _above(turn) if turn.case.state in BEFORE_PEACE else None
    if above is None:
        return False
    _go_up(turn, "climb", Given(), above)
    return True


@in_turn
def terminate(
    turn: Turn, given: Given, ending: str, guidance: Sequence[Guidance] | QuerySet[Guidance], gaps: str = ""
) -> None:
    """终止调解, by the community or the street: the ground, and the ways that stay open (26), told to the parties. The file is
    put away with it.

    Raises ValidationError at `guidance`, or at `gaps`: something is missing in the file, and nobody says why."""
    ground, outcome = ENDINGS[ending]
    if not guidance:
        raise ValidationError({"guidance": "请至少告知一条其他途径。"})
    facts = {"ending": ending, **told_in_short(guidance)}
    turn.draw(
        "terminate",
        Given(f"{ground}。{given.words}\n{told(guidance)}", given.photos, facts),
        outcome=outcome,
        finished_at=turn.at,
        finished_by=turn.by,
    )
    dispute = turn.case.dispute
    dispute.result, dispute.gaps = given.words, tidy(gaps)
    turn.also(dispute)
    check_file(turn.case, at=turn.at, why=dispute.gaps, field="gaps")


@in_turn
def resume(turn: Turn, given: Given) -> None:
    """恢复调解: the time it stood still does not count (what was left of the whole limit runs on). What was late when it
    stopped stays late."""
    case = turn.case
    stopped = case.events.filter(verb="suspend").order_by("-number").first()
    if stopped is not None and not is_late(case, stopped.at) and case.finish_by_at is not None:
        left = max(1, (case.finish_by_at - stopped.at).days)
        set_finish(case=case, limit=Limit(left, Unit.DAY), from_at=turn.at)
    elif stopped is not None and (until_at := case.dispute.extended_to_at) and until_at > stopped.at:
        case.dispute.extended_to_at = until_at + (turn.at - stopped.at)
        turn.also(case.dispute)
    turn.draw("resume", given)


@in_turn
def ask_extension(turn: Turn, given: Given, amount: int) -> None:
    """提议延期: once, at most 30 days; it counts when every party agrees. As long as it has not ended, also after its limit."""
    if not 1 <= amount <= MAX_EXTENSION_DAYS:
        raise ValidationError({"amount": f"延长 1 到 {MAX_EXTENSION_DAYS} 天。"})
    turn.draw("ask_extension", with_facts(given, amount=amount))
    turn.also(Extension(case=turn.case, amount=amount, unit=Unit.DAY, asked_by=turn.person, asked_at=turn.at))


@in_turn
def agree_extension(turn: Turn, given: Given) -> None:
    """同意延期."""
    turn.draw("agree_extension")
    _agreed(turn, own_party(turn))


@in_turn
def record_extension(turn: Turn, given: Given, party: Party) -> None:
    """A party without an account agreed; how, is in the words."""
    party = party_in(turn, party)
    turn.draw("record_extension", with_facts(given, party=party.pk))
    _agreed(turn, party)


def _agreed(turn: Turn, party: Party) -> None:
    """The last yes extends the whole limit, the level's own runs on. A limit that has passed stays as it was told, so that
    what was late counts as late in every figure; what is added then counts from now."""
    write_of(party, extension_agreed_at=turn.at)
    if any(party.extension_agreed_at is None for party in facts_of_dispute(turn.case).parties):
        return
    asked, case = turn.facts.asked_extension, turn.case
    assert asked is not None, "the arrow has seen that one waits"
    limit = Limit(asked.amount, Unit.DAY)
    if is_late(case, turn.at):
        case.was_late = True
        until_at = case.dispute.extended_to_at = limits.run(limit=limit, from_at=turn.at).until_at
        turn.also(case.dispute)
    else:
        extend_finish(case=case, limit=limit, at=turn.at)
        assert case.finish_by_at is not None, "disputes have a whole limit"
        until_at = case.finish_by_at
    day = last_day(until_at)
    turn.draw("extend", Given(f"延到{day.year}年{day.month}月{day.day}日"), by_itself=True)
    decide_extension(turn, is_granted=True)
