"""What happens at a conference: who came, what earlier resolutions came to, what is resolved, the minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.access import arrows_for
from cases.engine.turns import Given, turn_on
from cases.models import CaseEvent
from cases.reading.story import Card, cards
from cases.services import act
from cases.workflow import Arrow
from grids.models import Post, Unit
from meetings.conferences.services import check_desk, check_not_over, lock, tell_all
from meetings.models import Conference, Resolution, Review
from meetings.topics.agreed import hand_out_agreed
from notices.services import News, notify
from web.text import tidy

REVIEWING = ("confirm", "redo", "urge")
"""Arrows of the task that may be drawn when its resolution comes up again."""


def _locked_at_desk(conference: Conference, by: User, at: datetime) -> Conference:
    """Locked, to be written by somebody at its desk. Raises ValidationError: not theirs, not begun, over, or nobody was
    invited, so that it could never have its attendance and its minutes."""
    check_desk(conference, by, at)
    locked = lock(conference)
    check_not_over(locked)
    if locked.from_at > at:
        raise ValidationError(f"会议还没有开始：{locked.when}。")
    if not locked.invitations.exists():
        raise ValidationError("这次会没有邀请任何人，开不成。请取消，另外召开。")
    return locked


def take_attendance(*, conference: Conference, came: Mapping[int, str], by: User, at: datetime) -> None:
    """Of everybody invited: these came (invitation -> who came in their place, "" themselves), the others did not. From
    the day of the conference on, since people come before it begins; may be put right until the minutes are out.

    Raises ValidationError: not one's area, nobody came, a day too early, called off or over."""
    check_desk(conference, by, at)
    with transaction.atomic():
        locked = lock(conference)
        check_not_over(locked)
        if localdate(at) < localdate(locked.from_at):
            raise ValidationError(f"会议当天才能登记签到：{locked.when}。")
        invited = list(locked.invitations.all())
        if not any(invitation.pk in came for invitation in invited):
            raise ValidationError({"came": "请勾选到会的人。"})
        for invitation in invited:
            invitation.attended = invitation.pk in came
            if invitation.attended:
                invitation.substitute = tidy(came[invitation.pk])[:20]
        locked.invitations.bulk_update(invited, ["attended", "substitute"])
        locked.attendance_at = at
        locked.save(update_fields=["attendance_at"])


def resolve(
    *,
    conference: Conference,
    words: str,
    post: Post,
    by_date: date,
    by: User,
    at: datetime,
    unit: Unit | None = None,
) -> Resolution:
    """A resolution, and at once the task that it is: `post` has it in hand until the end of `by_date`, `unit` does it with
    them; the host hears how it goes and confirms the result.

    Raises ValidationError at `words`, `by_date`, `post` or `unit` (not invited); or: not one's area, not begun, over."""
    if not tidy(words):
        raise ValidationError({"words": "请写明决定做什么。"})
    with transaction.atomic():
        locked = _locked_at_desk(conference, by, at)
        if unit is not None and not locked.invitations.filter(unit=unit).exists():
            raise ValidationError({"unit": f"{unit.name}没有受邀参加这次会议，请另选。"})
        number = (locked.resolutions.aggregate(last=Max("number"))["last"] or 0) + 1
        why = f"“{locked.title}”第 {number} 项决议：{tidy(words)}" + (f"。责任单位：{unit.name}" if unit else "")
        case = hand_out_agreed(
            what=words, why=why, grid=locked.grid, post=post, by_date=by_date, asker=locked.host, by=by, at=at
        )
        return Resolution.objects.create(
            conference=locked, number=number, words=tidy(words)[:200], unit=unit, case=case, made_at=at
        )


def coming_up(conference: Conference) -> QuerySet[Resolution]:
    """What comes up again here: resolutions of earlier conferences of the same place that are not closed, those closed
    since the last one, and what was reviewed here already; once the minutes are out, what was reviewed. Oldest first."""
    reviewed = Q(pk__in=Review.objects.filter(conference=conference).values("resolution"))
    resolutions = Resolution.objects.order_by("made_at", "pk")
    if conference.is_over:
        return resolutions.filter(reviewed)
    earlier = Conference.objects.current().filter(grid=conference.grid_id, from_at__lt=conference.from_at)
    last = earlier.order_by("-from_at").values_list("from_at", flat=True).first()
    if last is None:
        return resolutions.none()
    running = Q(case__closed_at=None) | Q(case__closed_at__gte=last)
    return resolutions.filter(running | reviewed, conference__in=earlier.order_by())


def may_draw(resolution: Resolution, by: User, at: datetime) -> list[Arrow]:
    """What this person may do with its task when it comes up."""
    return [arrow for arrow in arrows_for(by, resolution.case, at=at) if arrow.verb in REVIEWING]


def review(
    *,
    conference: Conference,
    resolution: Resolution,
    words: str,
    by: User,
    at: datetime,
    verb: str = "",
    version: int | None = None,
) -> Review:
    """What was said of an earlier resolution, and, with `verb`, what is done with its task: the arrow is the engine's own
    and asks who draws it. Given again before the minutes are out, the later words stand.

    Raises ValidationError at `words` or `verb`, what the arrow says (cases.engine.turns), or: does not come up here."""
    if not tidy(words):
        raise ValidationError({"words": "请写几句进展或意见。"})
    if verb and verb not in REVIEWING:
        raise ValidationError({"verb": "请选确认完成、重办或督办。"})
    case = resolution.case
    with turn_on(case, by=by, at=at, version=case.version if version is None else version):
        # The case was locked before the conference, as grids that are merged lock them.
        locked = _locked_at_desk(conference, by, at)
        if not coming_up(locked).filter(pk=resolution.pk).exists():
            raise ValidationError("这项决议不用在这次会上回顾。")
        drawn = {"verb": verb} if verb else {}
        made, _ = Review.objects.update_or_create(
            resolution=resolution, conference=locked, defaults={"words": tidy(words)[:300], "by": by, "at": at, **drawn}
        )
        if verb:
            act(case=case, verb=verb, by=by, at=at, version=None, given=Given(tidy(words)))
    return made


def still_to_do(conference: Conference) -> list[str]:
    """What stands in the way of the minutes, in words."""
    missing = []
    if conference.attendance_at is None:
        missing.append("还没有登记签到")
    reviewed = Review.objects.filter(conference=conference).values("resolution")
    if left := coming_up(conference).exclude(pk__in=reviewed).count():
        missing.append(f"以前的决议还有 {left} 项没有回顾")
    return missing


def record(*, conference: Conference, minutes: str, by: User, at: datetime) -> None:
    """Keep what was written so far. Who writes first is 记录人; whoever hosts hears that it waits to be issued.

    Raises ValidationError at `minutes`, or: not one's area, not begun, over."""
    with transaction.atomic():
        locked = _locked_at_desk(conference, by, at)
        is_first = locked.recorded_by is None
        _write(locked, minutes, by)
        if is_first and by != locked.host:
            told = News(
                kind="conference.to_issue",
                people=[locked.host],
                cause=f"conference:{locked.pk}",
                at=at,
                path=reverse("meetings:conference-close", args=[locked.key]),
                facts={"title": locked.title},
            )
            notify(told)


def close(*, conference: Conference, minutes: str, by: User, at: datetime) -> None:
    """签发: the minutes are out, with who came, what was reviewed and resolved, for everybody invited. Nothing about it
    changes afterwards.

    Raises ValidationError at `minutes`, or: not one's area, not begun, over, or what `still_to_do` says."""
    with transaction.atomic():
        locked = _locked_at_desk(conference, by, at)
        _write(locked, minutes, by)
        if missing := still_to_do(locked):
            raise ValidationError(f"{'；'.join(missing)}，补上再发布纪要。")
        locked.issued_by, locked.closed_at = by, at
        locked.save(update_fields=["issued_by", "closed_at"])
        tell_all("conference.minutes", locked, at)


def _write(locked: Conference, minutes: str, by: User) -> None:
    if not tidy(minutes):
        raise ValidationError({"minutes": "请写几句会议情况。"})
    locked.minutes, locked.recorded_by = tidy(minutes), locked.recorded_by or by
    locked.save(update_fields=["minutes", "recorded_by"])


@dataclass(frozen=True)
class Progress:
    """A resolution and how far its task is."""

    resolution: Resolution
    card: Card
    last_words: str
    """The last that its holder said of it."""
    reviews: Sequence[Review]

    @property
    def finish_date(self) -> date | None:
        """The last day of its limit. A limit ends at midnight, which is the next day by name."""
        by_at = self.resolution.case.finish_by_at
        return localdate(by_at - timedelta(seconds=1)) if by_at else None


def progress_of(
    resolutions: QuerySet[Resolution], *, at: datetime, said_at: Conference | None = None
) -> list[Progress]:
    """Each with holder, limit, state, progress and what was said of it, `said_at` this conference or at all. The same
    number of queries however many."""
    reviews = Review.objects.select_related("conference").order_by("at", "pk")
    if said_at is not None:
        reviews = reviews.filter(conference=said_at)
    related = resolutions.select_related("conference", "unit", "case__holder__person", "case__holder__grid")
    rows = list(related.prefetch_related(Prefetch("reviews", reviews)))
    last_words = _last_words([row.case_id for row in rows])
    shown = cards([row.case for row in rows], at=at)
    for row in rows:
        for review in row.reviews.all():
            review.resolution = row  # its case names what was done
    return [
        Progress(row, card, last_words.get(row.case_id, ""), list(row.reviews.all()))
        for row, card in zip(rows, shown, strict=True)
    ]


def _last_words(cases: list[int]) -> dict[int, str]:
    """Case -> what its holder last reported."""
    told = CaseEvent.objects.filter(case__in=cases, verb__in=("progress", "finish")).select_related("remark")
    last = told.order_by("case", "-number").distinct("case")
    return {event.case_id: event.remark.words for event in last if hasattr(event, "remark")}
