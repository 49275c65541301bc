"""Opening a service order, asking people for it one after the other, and their answers.

The case's row is the lock of an order: answers wait for each other, and the last one sees what the others did, so as
many win as are wanted and no more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from accounts.models import User
from cases.clock import Limit, Unit
from cases.models import Case, Category, Urgency
from cases.opening import Opening, open_case
from cases.promises import set_finish
from cases.services import ArrowRefused, Said, end_seats, give_seat, lock, move
from cases.words import tidy
from cases.workflow import HELPER
from grids.models import Grid
from notices.services import News, notify
from volunteers import safety
from volunteers.models import CheckIn, Offer, ServiceOrder, TeamMember, Volunteer
from volunteers.words import ANYONE, GUARDED

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
    cases.opening.open_case refuses."""
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
    return case


def _check_time(begins_at: datetime, ends_at: datetime, at: datetime) -> None:
    if not at < begins_at <= at + FURTHEST:
        raise ValidationError({"begins_at": "开始时间要在现在之后、一年之内。"})
    if not begins_at < ends_at <= begins_at + LONGEST:
        raise ValidationError({"ends_at": "结束时间要在开始之后，一次最长 24 小时。"})


def _promise(case: Case, ends_at: datetime, at: datetime) -> None:
    """What was agreed with the asker is the order's own time, to the minute: whole hours that end just then."""
    hours = max(1, ceil((ends_at - at).total_seconds() / 3600))
    locked = lock(case)
    set_finish(case=locked, limit=Limit(hours, Unit.HOUR), from_at=ends_at - timedelta(hours=hours))
    locked.save()
    case.refresh_from_db()


def path_of(case: Case) -> str:
    return reverse("volunteers:order", args=[case.number])


def offer(
    *,
    case: Case,
    people: Sequence[User],
    by: User | None,
    at: datetime,
    version: int | None = None,
    whys: dict[int, str] | None = None,
    all_at_once: bool = False,
) -> None:
    """派单: ask `people` in this order — as many as are wanted, the next when one declines or does not answer in time.
    With `all_at_once` everybody is asked now and the first ones to accept have it.

    Raises ValidationError at `people`: nobody, somebody who may not serve here, who asked for it, or was asked before."""
    if not people:
        raise ValidationError({"people": "请至少选一位志愿者。"})
    with transaction.atomic():
        lock(case)
        order = _order(case)
        _check_people(order, people, at)
        rank = order.offers.aggregate(last=Max("rank"))["last"] or 0
        Offer.objects.bulk_create(
            Offer(
                order=order, person=person, state=State.QUEUED, rank=rank + serial, why=(whys or {}).get(person.pk, "")
            )
            for serial, person in enumerate(people, start=1)
        )
        move(case=case, verb="offer", by=by, at=at, version=version, said=Said(facts={"asked": len(people)}))
        _ask(order, at, count=len(people) if all_at_once else missing(order))


def _order(case: Case) -> ServiceOrder:
    return ServiceOrder.objects.select_related("team__leader").get(case=case)


def _check_people(order: ServiceOrder, people: Sequence[User], at: datetime) -> None:
    asked = set(order.offers.values_list("person", flat=True))
    askers = set(order.case.seats.filter(role="asker").values_list("person", flat=True))
    volunteers = {one.pk: one for one in Volunteer.objects.filter(person__in=people).select_related("person")}
    refused = []
    for person in people:
        why = safety.why_not(volunteers.get(person.pk), order, order.begins_at)
        if person.pk in askers:
            why = "就是受助人。"
        elif person.pk in asked:
            why = "已经问过了。"
        if why:
            refused.append(f"{person.name}{why}")
    if refused:
        raise ValidationError({"people": refused})


def missing(order: ServiceOrder) -> int:
    """How many are still wanted."""
    return order.wanted - order.offers.filter(state=State.ACCEPTED).count()


def _ask(order: ServiceOrder, at: datetime, *, count: int) -> int:
    """Ask the next ones in the queue; returns how many."""
    queue = order.offers.filter(state=State.QUEUED).select_related("person").order_by("rank", "pk")
    asked = list(queue[:count]) if count > 0 else []
    Offer.objects.filter(pk__in=[one.pk for one in asked]).update(state=State.OFFERED, offered_at=at)
    case = order.case
    if asked:
        _tell("service.offered", [one.person for one in asked], case, at)
    return len(asked)


def _tell(kind: str, people: Sequence[User], case: Case, at: datetime) -> None:
    told = News(
        kind=kind, people=people, path=path_of(case), cause=f"case:{case.pk}", key=str(case.event_count), at=at,
        facts={"number": case.number, "title": case.title},
    )  # fmt: skip
    notify(told)


def accept(*, case: Case, by: User, at: datetime) -> None:
    """接单. A second tap is the same as the first; a late yes is a yes while somebody is still wanted.

    Raises ArrowRefused: not asked, already full, or may not serve here."""
    with transaction.atomic():
        locked = lock(case)
        order = _order(locked)
        mine = _own(order, by)
        if mine.state == State.ACCEPTED:
            return
        if locked.state != "offered" or mine.state in {State.WITHDRAWN, State.QUEUED, State.ABSENT}:
            raise ArrowRefused("这次的人已经齐了，谢谢您愿意来。")
        volunteer = Volunteer.objects.filter(person=by).select_related("person").first()
        if why := safety.why_not(volunteer, order, order.begins_at):
            raise ArrowRefused(f"您{why}")
        left = missing(order) - 1
        give_seat(case=locked, person=by, role=HELPER, at=at)
        move(case=case, verb="accept" if left else "fill", by=by, at=at)
        Offer.objects.filter(pk=mine.pk).update(state=State.ACCEPTED, answered_at=at)
        if not left:
            _withdraw_rest(order, at)


def _own(order: ServiceOrder, person: User) -> Offer:
    mine = order.offers.filter(person=person).first()
    if mine is None:
        raise ArrowRefused("这次没有邀请您。")
    return mine


def _withdraw_rest(order: ServiceOrder, at: datetime) -> None:
    waiting = order.offers.filter(state=State.OFFERED).select_related("person")
    _tell("service.full", [one.person for one in waiting], order.case, at)
    order.offers.filter(state__in=(State.OFFERED, State.QUEUED)).update(state=State.WITHDRAWN)


def decline(*, case: Case, by: User, at: datetime) -> None:
    """谢绝. Needs no reason and costs nothing (志愿服务条例 25): no entry anywhere but that the next one is asked.

    Raises ArrowRefused: not asked, or accepted already (then 临时去不了)."""
    with transaction.atomic():
        locked = lock(case)
        order = _order(locked)
        mine = _own(order, by)
        if mine.state == State.ACCEPTED:
            raise ArrowRefused("您已经接单。去不了请点“临时去不了”。")
        if mine.state != State.OFFERED:
            return
        Offer.objects.filter(pk=mine.pk).update(state=State.DECLINED, answered_at=at)
        if locked.state == "offered":
            _find_more(locked, order, at)


def _find_more(case: Case, order: ServiceOrder, at: datetime) -> None:
    """The next in the queue; then the team's leader; then the desk. Nothing while enough are still thinking."""
    thinking = order.offers.filter(state=State.OFFERED).count()
    short = missing(order) - thinking
    if short <= 0:
        return
    order.case = case
    if order.offers.filter(state=State.QUEUED).exists():
        move(case=case, verb="pass_on", by=None, at=at)
        _ask(order, at, count=short)
    elif thinking:
        return
    elif leader := _leader_to_ask(order):
        move(case=case, verb="ask_leader", by=None, at=at)
        ServiceOrder.objects.filter(pk=order.pk).update(leader_asked_at=at)
        _tell("service.leader_asked", [leader], case, at)
    else:
        move(case=case, verb="give_up", by=None, at=at)


def _leader_to_ask(order: ServiceOrder) -> User | None:
    return order.team.leader if order.team is not None and order.leader_asked_at is None else None


def nominate(*, case: Case, person: User, by: User, at: datetime) -> None:
    """The team's leader names a member who could go: an offer like any other.

    Raises ArrowRefused (not the leader, not wanted any more) or ValidationError at `people`."""
    with transaction.atomic():
        locked = lock(case)
        order = _order(locked)
        if order.team is None or order.team.leader_id != by.pk or locked.state != "offered":
            raise ArrowRefused("现在不用队长找人。")
        if not TeamMember.objects.filter(team=order.team, person=person, until_at=None).exists():
            raise ValidationError({"people": f"{person.name}不在{order.team.name}里。"})
        _check_people(order, [person], at)
        rank = (order.offers.aggregate(last=Max("rank"))["last"] or 0) + 1
        Offer.objects.create(order=order, person=person, state=State.QUEUED, rank=rank, why=f"{by.name}推荐")
        order.case = locked
        move(case=locked, verb="pass_on", by=None, at=at)
        _ask(order, at, count=1)


def pass_on(*, case: Case, by: None, at: datetime, version: None, said: Said) -> None:
    """No answer in time: it counts as none, and the next one is asked."""
    with transaction.atomic():
        locked = lock(case)
        order = _order(locked)
        order.offers.filter(state=State.OFFERED).update(state=State.LAPSED)
        if missing(order) <= 0:
            raise ArrowRefused("人已经齐了。")
        _find_more(locked, order, at)


def step_back(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """临时去不了, after accepting: somebody else is asked, those first who were told that they were not needed."""
    with transaction.atomic():
        locked = lock(case)
        order = _order(locked)
        mine = _own(order, by)
        if mine.state != State.ACCEPTED or mine.arrived_at is not None:
            raise ArrowRefused("您没有接这一单，或已经到场。")
        move(case=case, verb="step_back", by=by, at=at, version=version, said=said)
        Offer.objects.filter(pk=mine.pk).update(state=State.STEPPED_BACK, answered_at=at)
        end_seats(case=case, role=HELPER, person=by, at=at)
        order.offers.filter(state=State.WITHDRAWN).update(state=State.QUEUED)
        _find_more(lock(case), order, at)


def reschedule(
    *, case: Case, by: User, at: datetime, version: int, said: Said, begins_at: datetime, ends_at: datetime
) -> None:
    """改期: whoever had accepted is asked anew, since the new time may not suit them."""
    _check_time(begins_at, ends_at, at)
    with transaction.atomic():
        lock(case)
        order = _order(case)
        if order.offers.filter(arrived_at__isnull=False).exists():
            raise ArrowRefused("已经有人到场，不能再改期。")
        facts = {"begins_at": begins_at.isoformat(), "ends_at": ends_at.isoformat()}
        move(case=case, verb="reschedule", by=by, at=at, version=version, said=Said(said.words, said.photos, facts))
        order.begins_at, order.ends_at = begins_at, ends_at
        order.save(update_fields=["begins_at", "ends_at"])
        end_seats(case=case, role=HELPER, at=at)
        order.offers.filter(state=State.ACCEPTED).update(state=State.OFFERED, offered_at=at)
        order.offers.exclude(state__in=(State.OFFERED, State.ABSENT)).update(state=State.QUEUED)
        _promise(case, ends_at, at)
        order.case = case
        _ask(order, at, count=missing(order) - order.offers.filter(state=State.OFFERED).count())


def cancel(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """取消. Everybody who was asked is told at once (志愿服务条例 22)."""
    with transaction.atomic():
        lock(case)
        order = _order(case)
        thinking = list(order.offers.filter(state=State.OFFERED).select_related("person"))
        move(case=case, verb="cancel", by=by, at=at, version=version, said=said, changes={"outcome": "cancelled"})
        _tell("service.not_needed", [one.person for one in thinking], case, at)
        order.offers.filter(state__in=(State.OFFERED, State.QUEUED, State.ACCEPTED)).update(state=State.WITHDRAWN)
