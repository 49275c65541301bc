"""At the door: arriving, working, leaving, and what staff put right afterwards."""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from secrets import compare_digest

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from cases import acts
from cases.models import Case
from cases.services import ArrowRefused, Said, lock, move
from cases.words import tidy
from notices.services import News, notify
from volunteers.models import CheckIn, Offer, ServiceOrder
from volunteers.services import hours, points
from volunteers.words import AT_LEAST_TWO

EARLIEST = timedelta(minutes=60)
MUCH_LATER = timedelta(hours=1)
"""From here on hours may be missing, since only whole ones count."""
EARTH = 6_371_000
State = Offer.State


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along the earth's surface (haversine)."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def check_in(
    *,
    case: Case,
    by: User,
    at: datetime,
    code: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    """签到, by the code at the door or by being there, as staff chose. Where one stood is looked at and not kept.

    A guarded service begins when two have arrived: until then nobody is with the child or old person alone.
    Raises ArrowRefused (not theirs, too early, over) or ValidationError at `code` or `place`."""
    with transaction.atomic():
        locked = lock(case)
        order = ServiceOrder.objects.get(case=case)
        mine = _accepted(order, by)
        if mine.arrived_at is not None:
            return
        if at < order.begins_at - EARLIEST:
            raise ArrowRefused("还早，开始前一小时内可以签到。")
        if at > order.ends_at:
            raise ArrowRefused("约定的时间已经过了，请联系社区。")
        _check_elsewhere(order, by)
        _prove(order, code, latitude, longitude)
        are_enough = _present(order).count() + 1 >= AT_LEAST_TWO or not order.is_guarded
        verb = "begin" if locked.state == "staffed" and are_enough else "arrive"
        move(case=case, verb=verb, by=by, at=at)
        Offer.objects.filter(pk=mine.pk).update(arrived_at=at)


def _check_elsewhere(order: ServiceOrder, person: User) -> None:
    """Nobody serves at two places at once: the same hour would count twice."""
    there = Offer.objects.filter(person=person, state=State.ACCEPTED, arrived_at__isnull=False, left_at=None)
    other = there.filter(order__case__closed_at=None).exclude(order=order).select_related("order__case").first()
    if other is not None:
        raise ArrowRefused(f"您还没有从“{other.order.case.title}”签退，先签退再来签到。")


def _accepted(order: ServiceOrder, person: User) -> Offer:
    mine = order.offers.filter(person=person, state=State.ACCEPTED).first()
    if mine is None:
        raise ArrowRefused("您没有接这一单。")
    return mine


def _present(order: ServiceOrder) -> QuerySet[Offer]:
    return order.offers.filter(state=State.ACCEPTED, arrived_at__isnull=False)


def _prove(order: ServiceOrder, code: str, latitude: float | None, longitude: float | None) -> None:
    if order.check_in_by == CheckIn.CODE:
        if not compare_digest(code.strip().encode(), order.door_code.encode()):
            raise ValidationError({"code": "签到码不对。请问受助人，或看看门口贴的 6 位数字。"})
        return
    if latitude is None or longitude is None:
        raise ValidationError({"place": "没有收到您的位置。请允许浏览器使用位置，或联系社区代签。"})
    assert order.latitude is not None
    assert order.longitude is not None
    far = metres_between(latitude, longitude, float(order.latitude), float(order.longitude))
    if far > order.radius:
        raise ValidationError({"place": f"您离地点还有约 {round(far)} 米，到了再签。"})


def check_out(*, case: Case, by: User, at: datetime, said: Said) -> None:
    """签退, with a few words on what was done and photos; hours are noted. The last one to leave finishes the service. Who
    leaves much later than agreed is told to the holder, who confirms what was done longer.

    Raises ArrowRefused (not there, left already, not begun yet) or ValidationError at `words`."""
    if not tidy(said.words):
        raise ValidationError({"words": "请写几句做了什么。"})
    with transaction.atomic():
        lock(case)
        order = ServiceOrder.objects.get(case=case)
        mine = _accepted(order, by)
        if mine.arrived_at is None:
            raise ArrowRefused("您还没有签到。")
        if mine.left_at is not None:
            return
        is_last = not _present(order).filter(left_at=None).exclude(pk=mine.pk).exists()
        move(case=case, verb="finish" if is_last else "depart", by=by, at=at, said=said)
        Offer.objects.filter(pk=mine.pk).update(left_at=at)
        hours.note_service(case=case, person=by, arrived_at=mine.arrived_at, left_at=at, order=order, at=at)
        if at >= order.ends_at + MUCH_LATER and case.holder is not None:
            told = News(
                kind="service.left_late", people=[case.holder.person], path=case.get_absolute_url(),
                cause=f"offer:{mine.pk}", at=at, facts={"number": case.number, "title": case.title},
            )  # fmt: skip
            notify(told)


def finish_for(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """代为签退, where somebody forgot: they are taken to have left when it was to end."""
    with transaction.atomic():
        lock(case)
        order = ServiceOrder.objects.get(case=case)
        move(case=case, verb="finish_for", by=by, at=at, version=version, said=said)
        for one in _present(order).filter(left_at=None).select_related("person"):
            assert one.arrived_at is not None
            left = max(one.arrived_at, min(at, order.ends_at))
            Offer.objects.filter(pk=one.pk).update(left_at=left)
            hours.note_service(
                case=case, person=one.person, arrived_at=one.arrived_at, left_at=left, order=order, at=at
            )


def note_absence(*, case: Case, by: User, at: datetime, version: int, said: Said, absentee: Offer) -> None:
    """爽约: a fact of this order, for staff to find somebody else. It costs nothing beyond it."""
    with transaction.atomic():
        lock(case)
        found = Offer.objects.filter(pk=absentee.pk, order_id=case.pk, state=State.ACCEPTED, arrived_at=None)
        if not found.update(state=State.ABSENT):
            raise ValidationError({"absentee": "这位已经签到，或没有接这一单。"})
        move(
            case=case, verb="note_absence", by=by, at=at, version=version,
            said=Said(said.words, said.photos, {"offer": absentee.pk}),
        )  # fmt: skip


def rate(*, case: Case, by: User, at: datetime, version: int, said: Said, score: int, is_solved: bool) -> None:
    """评价 closes the order; points follow from the rules of that day, in the same transaction."""
    with transaction.atomic():
        acts.rate(case=case, by=by, at=at, version=version, said=said, score=score, is_solved=is_solved)
        points.award(case=case, at=at, score=score)


def verify(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    with transaction.atomic():
        acts.verify(case=case, by=by, at=at, version=version, said=said)
        points.award(case=case, at=at)


def close_unrated(*, case: Case, by: None, at: datetime, version: None, said: Said) -> None:
    with transaction.atomic():
        acts.close_unrated(case=case, by=by, at=at, version=version, said=said)
        points.award(case=case, at=at)
