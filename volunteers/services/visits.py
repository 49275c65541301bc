"""At the door: arriving, working, leaving, and what staff put right afterwards."""

from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from secrets import compare_digest

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine import acts
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn
from notices.services import News, notify
from volunteers.facts import service_facts
from volunteers.models import CheckIn, Offer, ServiceOrder
from volunteers.models.words import AT_LEAST_TWO
from volunteers.services import hours, offers, points
from web.text import tidy

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


@in_turn
def check_in(turn: Turn, code: str = "", latitude: float | None = None, longitude: float | None = None) -> None:
    """签到, by the code at the door or by being there, as staff chose. Where one stood is looked at and not kept.

    A guarded service begins when two have arrived: until then nobody is with the child or old person alone.
    Raises ArrowRefused (not theirs, too early, over) or ValidationError at `code` or `place`."""
    facts, at = service_facts(turn.case), turn.at
    order, mine = facts.order, offers.accepted_by(facts, turn.person)
    if mine.arrived_at is not None:
        return
    if at < order.begins_at - EARLIEST:
        raise ArrowRefused("还早，开始前一小时内可以签到。")
    if at > order.ends_at:
        raise ArrowRefused("约定的时间已经过了，请联系社区。")
    _check_elsewhere(order, turn.person)
    _prove(order, code, latitude, longitude)
    are_enough = len(facts.present) + 1 >= AT_LEAST_TWO or not order.is_guarded
    turn.draw("arrive", to="serving" if turn.case.state == "staffed" and are_enough else "")
    mine.arrived_at = at
    offers.write([mine], "arrived_at")


def _check_elsewhere(order: ServiceOrder, person: User) -> None:
    """Nobody serves at two places at once: the same hour would count twice."""
    there = Offer.objects.filter(person=person, state=State.ACCEPTED, arrived_at__isnull=False, left_at=None)
    other = there.filter(order__case__closed_at=None).exclude(order=order).select_related("order__case").first()
    if other is not None:
        raise ArrowRefused(f"您还没有从“{other.order.case.title}”签退，先签退再来签到。")


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


@in_turn
def check_out(turn: Turn, given: Given) -> None:
    """签退, with a few words on what was done and photos; hours are noted. The last one to leave finishes the service. Who
    leaves much later than agreed is told to the holder, who confirms what was done longer.

    Raises ArrowRefused (not there, left already, not begun yet) or ValidationError at `words`."""
    if not tidy(given.words):
        raise ValidationError({"words": "请写几句做了什么。"})
    case, facts, by, at = turn.case, service_facts(turn.case), turn.person, turn.at
    order, mine = facts.order, offers.accepted_by(facts, by)
    if mine.arrived_at is None:
        raise ArrowRefused("您还没有签到。")
    if mine.left_at is not None:
        return
    is_last = all(offer.left_at is not None for offer in facts.present if offer is not mine)
    turn.draw("depart", given, to="awaiting_rating" if is_last else "")
    mine.left_at = at
    offers.write([mine], "left_at")
    hours.note_service(turn, [mine])
    if at >= order.ends_at + MUCH_LATER and case.holder is not None:
        told = News(
            kind="service.left_late",
            people=[case.holder.person],
            path=case.get_absolute_url(),
            cause=f"offer:{mine.pk}",
            at=at,
            facts={"number": case.number, "title": case.title},
        )
        notify(told)


@in_turn
def finish_for(turn: Turn, given: Given) -> None:
    """代为签退, where somebody forgot: they are taken to have left when it was to end."""
    facts, at = service_facts(turn.case), turn.at
    turn.draw("finish_for", given)
    still = [offer for offer in facts.present if offer.left_at is None]
    for offer in still:
        assert offer.arrived_at is not None
        offer.left_at = max(offer.arrived_at, min(at, facts.order.ends_at))
    offers.write(still, "left_at")
    hours.note_service(turn, still)


@in_turn
def note_absence(turn: Turn, given: Given, absentee: Offer) -> None:
    """爽约: a fact of this order, for staff to find somebody else. It costs nothing beyond it."""
    awaited = [offer for offer in service_facts(turn.case).offers_in(State.ACCEPTED) if offer.arrived_at is None]
    if absentee not in awaited:
        raise ValidationError({"absentee": "这位已经签到，或没有接这一单。"})
    turn.draw("note_absence", acts.with_facts(given, offer=absentee.pk))
    offers.put([offer for offer in awaited if offer == absentee], State.ABSENT)


@in_turn
def rate(turn: Turn, given: Given, score: int, is_solved: bool) -> None:
    """评价 closes the order; points follow from the rules of that day, in the same turn."""
    acts.rate(turn, given, score=score, is_solved=is_solved)
    points.award(turn, score=score)


@in_turn
def verify(turn: Turn, given: Given) -> None:
    acts.verify(turn, given)
    points.award(turn)


@in_turn
def close_unrated(turn: Turn, given: Given) -> None:
    acts.close_unrated(turn, given)
    points.award(turn)
