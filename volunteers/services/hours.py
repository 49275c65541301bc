"""The legal record of hours (志愿服务条例 19; 民政部令 67): true, complete, published before they count."""

from collections.abc import Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from cases.engine.turns import Turn, turn_on
from cases.limits import running as limits
from cases.limits.clock import ZONE, Limit, Unit
from grids.rights.jurisdiction import may
from volunteers.facts import service_facts
from volunteers.models import HoursEntry, Membership, Offer, ServiceOrder, TeamMember
from volunteers.services import points
from web.text import tidy

RANKED = 50
PUBLISHED_FOR = Limit(3, Unit.WORK_DAY)
"""公示不少于 3 个工作日 (福建省志愿服务记录与证明出具的做法)."""


def note_service(turn: Turn, left: Sequence[Offer]) -> None:
    """Whole hours of service of those who have left. Once an order and person. Who did more than was agreed has it
    confirmed (`correct`)."""
    order = service_facts(turn.case).order
    HoursEntry.objects.bulk_create((_entry(turn, order, offer) for offer in left), ignore_conflicts=True)


def _entry(turn: Turn, order: ServiceOrder, offer: Offer) -> HoursEntry:
    assert offer.arrived_at is not None
    assert offer.left_at is not None
    minutes = served_minutes(
        arrived_at=offer.arrived_at, left_at=offer.left_at, begins_at=order.begins_at, ends_at=order.ends_at
    )
    return HoursEntry(
        person=offer.person,
        case=turn.case,
        hours=minutes // 60,
        minutes=minutes,
        noted_at=turn.at,
        counts_at=counts_at(turn.at),
        key=f"order:{turn.case.pk}:{offer.person_id}",
    )


def served_minutes(*, arrived_at: datetime, left_at: datetime, begins_at: datetime, ends_at: datetime) -> int:
    """Whole minutes between signing in and out that lie in the agreed time: coming early is no service, and who forgot to
    sign out did not serve all night."""
    served = min(left_at, ends_at) - max(arrived_at, begins_at)
    return max(0, int(served.total_seconds() // 60))


def counts_at(at: datetime) -> datetime:
    """When an entry noted at that moment has been published long enough."""
    return limits.run(limit=PUBLISHED_FOR, from_at=at).until_at


def correct(*, entry: HoursEntry, hours: int, reason: str, by: User, at: datetime) -> HoursEntry:
    """更正: a counter-entry that makes `entry` come to `hours`; what was published stays readable. It is published too,
    and points that were awarded follow it.

    Raises ValidationError: not one's area, one's own hours, no reason, corrected before, or nothing to correct."""
    reason = tidy(reason)
    if not reason:
        raise ValidationError({"reason": "请写明更正的原因，会一起公示。"})
    if not may(by, "dispatch", entry.case.grid, at=at) or entry.person_id == by.pk:
        raise ValidationError("这条时数不由您更正。")
    if not 0 <= hours <= 24:
        raise ValidationError({"hours": "一次服务应在 0 到 24 小时之间。"})
    with turn_on(entry.case, by=by, at=at) as turn:  # points are awarded in one
        locked = HoursEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
        if locked.corrects_id is not None or HoursEntry.objects.filter(corrects=locked).exists():
            raise ValidationError("这条时数已经更正过。")
        if hours == locked.hours:
            raise ValidationError({"hours": "与原来的时数一样，不用更正。"})
        correction = HoursEntry.objects.create(
            person=locked.person,
            case=turn.case,
            hours=hours - locked.hours,
            corrects=locked,
            reason=reason[:200],
            noted_at=at,
            noted_by=by,
            counts_at=counts_at(at),
            key=f"correct:{locked.pk}",
        )
        points.follow(correction=correction, at=at)
    return correction


def counted(person: User, *, at: datetime) -> int:
    """Hours whose publication is over: the sum of the entries."""
    entries = HoursEntry.objects.filter(person=person, counts_at__lte=at)
    total: int = entries.aggregate(total=Sum("hours"))["total"] or 0
    return total


def ranking(*, at: datetime) -> list[tuple[str, int]]:
    """(name, hours served in this year) of those who chose to be ranked, most first."""
    since = datetime.combine(timezone.localdate(at).replace(month=1, day=1), time(0), ZONE)
    chosen = HoursEntry.objects.filter(
        person__volunteer__is_ranked=True,
        person__volunteer__left_at=None,
        counts_at__lte=at,
        case__service__begins_at__gte=since,
    )
    summed = chosen.values("person", "person__name").annotate(total=Sum("hours")).filter(total__gt=0)
    return [(row["person__name"], row["total"]) for row in summed.order_by("-total", "person")[:RANKED]]


def on_show_to(user: User, *, at: datetime) -> QuerySet[HoursEntry]:
    """公示中: entries of one's own units and teams, and one's own."""
    units = Membership.objects.filter(person=user, until_at=None).values("unit")
    teams = TeamMember.objects.filter(person=user, until_at=None).values("team")
    mates = Q(person=user)
    mates |= Q(person__in=Membership.objects.filter(unit__in=units, until_at=None).values("person"))
    mates |= Q(person__in=TeamMember.objects.filter(team__in=teams, until_at=None).values("person"))
    shown = HoursEntry.objects.filter(mates, counts_at__gt=at)
    return shown.select_related("person", "case").order_by("counts_at", "pk")
