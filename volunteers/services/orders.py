"""Opening a service order, asking people for it one after the other, and their answers.

The case's row is the lock of an order: answers wait for each other, and the last one sees what the others did, so as
many win as are wanted and no more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from cases.engine.acts import with_facts
from cases.engine.opening import Opening, open_case
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn
from cases.limits.clock import Limit, Unit
from cases.limits.deadlines import set_finish
from cases.models import Case, Category, Urgency
from cases.workflow import HELPER
from grids.models import Grid
from notices.services import News, notify
from volunteers.dispatch import safety
from volunteers.facts import ServiceFacts, service_facts
from volunteers.models import CheckIn, Offer, ServiceOrder, TeamMember
from volunteers.models.words import ANYONE, GUARDED
from volunteers.services import offers
from web.text import tidy

State = Offer.State
LONGEST = timedelta(hours=24)
FURTHEST = timedelta(days=366)


def open_order(
    *,
    title: str,
    grid: Grid,
    place: str,
    category: Category,
    begins_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    wanted: int = 1,
    serves: str = ANYONE,
    asker: User | None = None,
    urgency: str = Urgency.NORMAL,
    **more: Any,
) -> Case:
    """A service that is wanted, in the hands of the desk. `more`: other columns of ServiceOrder.

    Raises ValidationError: too few people for whom it serves, an impossible time, a place without coordinates, or what
    cases.engine.opening.open_case refuses."""
    safety.check_wanted(serves=serves, wanted=wanted)
    _check_time(begins_at, ends_at, at)
    if more.get("check_in_by") == CheckIn.PLACE and (more.get("latitude") is None or more.get("longitude") is None):
        raise ValidationError({"latitude": "用到场定位签到，要先填地点的经纬度。"})
    with transaction.atomic():
        begun = Opening(
            kind="service",
            grid=grid,
            title=title,
            place=place,
            asker=asker,
            by=by,
            category=category,
            urgency=urgency,
            is_private=serves in GUARDED,  # that a child or an old person is alone at home is nobody else's business
        )
        case = open_case(begun, at=at)
        more["words"] = tidy(more.get("words", ""))
        ServiceOrder.objects.create(
            case=case, wanted=wanted, serves=serves, begins_at=begins_at, ends_at=ends_at, **more
        )
        _promise(case, ends_at, at)
        case.save()
    return case


def _check_time(begins_at: datetime, ends_at: datetime, at: datetime) -> None:
    if not at < begins_at <= at + FURTHEST:
        raise ValidationError({"begins_at": "开始时间要在现在之后、一年之内。"})
    if not begins_at < ends_at <= begins_at + LONGEST:
        raise ValidationError({"ends_at": "结束时间要在开始之后，一次最长 24 小时。"})


def _promise(case: Case, ends_at: datetime, at: datetime) -> None:
    """What was agreed with the asker is the order's own time, to the minute: whole hours that end just then."""
    hours = max(1, ceil((ends_at - at).total_seconds() / 3600))
    set_finish(case=case, limit=Limit(hours, Unit.HOUR), from_at=ends_at - timedelta(hours=hours))


def path_of(case: Case) -> str:
    return reverse("volunteers:order", args=[case.number])


@in_turn
def offer(turn: Turn, people: Sequence[User], whys: Mapping[int, str] | None = None, all_at_once: bool = False) -> None:
    """派单: ask `people` in this order — as many as are wanted, the next when one declines or does not answer in time.
    With `all_at_once` everybody is asked now and the first ones to accept have it.

    Raises ValidationError at `people`: nobody, somebody who may not serve here, who asked for it, or was asked before."""
    if not people:
        raise ValidationError({"people": "请至少选一位志愿者。"})
    facts = service_facts(turn.case)
    offers.check_people(facts, people)
    turn.draw("offer", Given(facts={"asked": len(people)}))
    offers.queue(facts, people, whys or {})
    _ask(turn, count=len(people) if all_at_once else facts.missing)


def _ask(turn: Turn, *, count: int) -> None:
    """Ask the next ones in the queue."""
    case, at = turn.case, turn.at
    asked = service_facts(case).offers_in(State.QUEUED)[: max(count, 0)]
    offers.put(asked, State.OFFERED, offered_at=at)
    if asked:
        _tell("service.offered", [offer.person for offer in asked], case, at)


def _tell(kind: str, people: Sequence[User], case: Case, at: datetime) -> None:
    told = News(
        kind=kind,
        people=people,
        path=path_of(case),
        cause=f"case:{case.pk}",
        key=str(case.event_count),
        at=at,
        facts={"number": case.number, "title": case.title},
    )
    notify(told)


@in_turn
def accept(turn: Turn) -> None:
    """接单. A second tap is the same as the first; a late yes is a yes while somebody is still wanted.

    Raises ArrowRefused: not asked, already full, or may not serve here."""
    facts = service_facts(turn.case)
    mine = offers.of(facts, turn.person)
    if mine.state == State.ACCEPTED:
        return
    if turn.case.state != "offered" or mine.state in {State.WITHDRAWN, State.QUEUED, State.ABSENT}:
        raise ArrowRefused("这次的人已经齐了，谢谢您愿意来。")
    volunteer = getattr(mine.person, "volunteer", None)
    if why := safety.why_not(volunteer, facts.order, facts.order.begins_at):
        raise ArrowRefused(f"您{why}")
    is_last = facts.missing == 1
    turn.seat(HELPER, person=turn.person)
    turn.draw("accept", to="staffed" if is_last else "")
    offers.mark([mine], State.ACCEPTED, answered_at=turn.at)
    rest = _withdraw_rest(turn) if is_last else []
    offers.write([mine, *rest], "state", "answered_at")


def _withdraw_rest(turn: Turn) -> list[Offer]:
    """Whoever is not needed any more; those who are still thinking are told."""
    facts = service_facts(turn.case)
    _tell("service.full", [offer.person for offer in facts.offers_in(State.OFFERED)], turn.case, turn.at)
    rest = facts.offers_in(State.OFFERED, State.QUEUED)
    offers.mark(rest, State.WITHDRAWN)
    return rest


@in_turn
def decline(turn: Turn) -> None:
    """谢绝. Needs no reason and costs nothing (志愿服务条例 25): no entry anywhere but that the next one is asked.

    Raises ArrowRefused: not asked, or accepted already (then 临时去不了)."""
    mine = offers.of(service_facts(turn.case), turn.person)
    if mine.state == State.ACCEPTED:
        raise ArrowRefused("您已经接单。去不了请点“临时去不了”。")
    if mine.state != State.OFFERED:
        return
    offers.put([mine], State.DECLINED, answered_at=turn.at)
    if turn.case.state == "offered":
        _find_more(turn)


def _find_more(turn: Turn) -> None:
    """The next in the queue; then the team's leader; then the desk. Nothing while enough are still thinking."""
    case, facts, at = turn.case, service_facts(turn.case), turn.at
    thinking = len(facts.offers_in(State.OFFERED))
    short = facts.missing - thinking
    if short <= 0:
        return
    if facts.offers_in(State.QUEUED):
        turn.draw("pass_on", by_itself=True)
        _ask(turn, count=short)
    elif thinking:
        return
    elif leader := _leader_to_ask(facts.order):
        turn.draw("ask_leader", by_itself=True)
        facts.order.leader_asked_at = at
        facts.order.save(update_fields=["leader_asked_at"])
        _tell("service.leader_asked", [leader], case, at)
    else:
        turn.draw("give_up", by_itself=True)


def _leader_to_ask(order: ServiceOrder) -> User | None:
    return order.team.leader if order.team is not None and order.leader_asked_at is None else None


@in_turn
def nominate(turn: Turn, person: User) -> None:
    """The team's leader names a member who could go: an offer like any other.

    Raises ArrowRefused (not the leader, not wanted any more) or ValidationError at `people`."""
    facts, by = service_facts(turn.case), turn.person
    team = facts.order.team
    if team is None or team.leader_id != by.pk or turn.case.state != "offered":
        raise ArrowRefused("现在不用队长找人。")
    if not TeamMember.objects.filter(team=team, person=person, until_at=None).exists():
        raise ValidationError({"people": f"{person.name}不在{team.name}里。"})
    offers.check_people(facts, [person])
    turn.draw("pass_on", by_itself=True)
    offers.queue(facts, [person], {person.pk: f"{by.name}推荐"})
    _ask(turn, count=1)


@in_turn
def pass_on(turn: Turn, given: Given) -> None:
    """No answer in time: it counts as none, and the next one is asked."""
    facts = service_facts(turn.case)
    offers.put(facts.offers_in(State.OFFERED), State.LAPSED)
    if facts.missing <= 0:
        raise ArrowRefused("人已经齐了。")
    _find_more(turn)


@in_turn
def step_back(turn: Turn, given: Given) -> None:
    """临时去不了, after accepting: somebody else is asked, those first who were told that they were not needed."""
    facts, person = service_facts(turn.case), turn.person
    mine = offers.of(facts, person)
    if mine.state != State.ACCEPTED or mine.arrived_at is not None:
        raise ArrowRefused("您没有接这一单，或已经到场。")
    turn.draw("step_back", given)
    turn.unseat(HELPER, lambda seat: seat.person_id == person.pk)
    offers.put([mine], State.STEPPED_BACK, answered_at=turn.at)
    offers.put(facts.offers_in(State.WITHDRAWN), State.QUEUED)
    _find_more(turn)


@in_turn
def reschedule(turn: Turn, given: Given, begins_at: datetime, ends_at: datetime) -> None:
    """改期: whoever had accepted is asked anew, since the new time may not suit them."""
    facts, at = service_facts(turn.case), turn.at
    _check_time(begins_at, ends_at, at)
    if any(offer.arrived_at is not None for offer in facts.offers):
        raise ArrowRefused("已经有人到场，不能再改期。")
    turn.draw("reschedule", with_facts(given, begins_at=begins_at.isoformat(), ends_at=ends_at.isoformat()))
    turn.unseat(HELPER)
    _promise(turn.case, ends_at, at)
    order = facts.order
    order.begins_at, order.ends_at = begins_at, ends_at
    order.save(update_fields=["begins_at", "ends_at"])
    _ask_anew(facts, at)
    _ask(turn, count=facts.missing - len(facts.offers_in(State.OFFERED)))


def _ask_anew(facts: ServiceFacts, at: datetime) -> None:
    """Whoever had accepted is to answer again; all others but those who are thinking or did not come wait in the queue."""
    promised = facts.offers_in(State.ACCEPTED)
    others = [offer for offer in facts.offers if offer.state not in {State.ACCEPTED, State.OFFERED, State.ABSENT}]
    offers.put(promised, State.OFFERED, offered_at=at)
    offers.put(others, State.QUEUED)


@in_turn
def cancel(turn: Turn, given: Given) -> None:
    """取消. Everybody who was asked is told at once (志愿服务条例 22)."""
    case, facts, at = turn.case, service_facts(turn.case), turn.at
    thinking = [offer.person for offer in facts.offers_in(State.OFFERED)]
    turn.draw("cancel", given, outcome="cancelled")
    _tell("service.not_needed", thinking, case, at)
    offers.put(facts.offers_in(State.OFFERED, State.QUEUED, State.ACCEPTED), State.WITHDRAWN)
