"""联席会议 until it begins: called, people invited, their answers, called off. What happens there is in proceedings.py.

Whoever changes something of a conference first locks its row: what is asked of it here is still so when it is written."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from grids.models import Grid, Level, Pairing, Place, Post, Room, Unit
from grids.rights.jurisdiction import may
from meetings.centres import rooms
from meetings.models import AgendaItem, Conference, Invitation
from notices.services import News, notify
from web.text import tidy

As, Answer = Invitation.As, Invitation.Answer
MAX_AGENDA, MAX_ITEM = 20, 200


def call(
    *,
    title: str,
    grid: Grid,
    agenda: Sequence[str],
    from_at: datetime,
    until_at: datetime,
    by: User,
    at: datetime,
    host: User | None = None,
    place: Place | None = None,
    room: Room | None = None,
    where: str = "",
) -> Conference:
    """A new conference of a community or the street. `host` (`by` without) leads it and is told how its resolutions go. In
    a room, it keeps the room.

    Raises ValidationError at the field: not one's area or no community, a host who is not at its desk, no title or agenda,
    dates turned or past, nowhere, or the room is taken or closed then."""
    host = host or by
    if not may(by, "dispatch", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    if grid.level > Level.COMMUNITY or grid.retired_at is not None:
        raise ValidationError({"grid": f"联席会议由社区或街道召开，{grid.name}不是现有社区或街道。"})
    if not may(host, "dispatch", grid, at=at):
        raise ValidationError({"host": f"{host.name}不负责{grid.name}，请另选主持人。"})
    if not tidy(title):
        raise ValidationError({"title": "请写明开什么会。"})
    items = [tidy(line) for line in agenda if tidy(line)]
    if not items:
        raise ValidationError({"agenda": "请至少写一个议题，一行一个。"})
    if len(items) > MAX_AGENDA:
        raise ValidationError({"agenda": f"最多 {MAX_AGENDA} 个议题，您写了 {len(items)} 个。"})
    if any(len(words) > MAX_ITEM for words in items):
        raise ValidationError({"agenda": f"每个议题最多 {MAX_ITEM} 字。"})
    if until_at <= from_at:
        raise ValidationError({"until_at": "结束时间要在开始之后。"})
    if from_at <= at:
        raise ValidationError({"from_at": "开始时间要在现在之后。"})
    if not (room or place or tidy(where)):
        raise ValidationError({"where": "请选一间房、一个阵地，或写明在哪里开。"})
    if place is not None and not place.runs_on(localdate(from_at)):
        raise ValidationError({"place": f"{place.name}那天不开放。"})
    with transaction.atomic():
        booking = None
        if room is not None:
            booking = rooms.book(
                room=room,
                person=by,
                from_at=from_at,
                until_at=until_at,
                purpose=tidy(title),
                people_count=1,
                key=uuid.uuid4(),
                at=at,
                is_event=True,
            )
        conference = Conference.objects.create(
            title=tidy(title)[:60],
            grid=grid,
            place=room.place if room else place,
            booking=booking,
            where=tidy(where)[:60],
            host=host,
            from_at=from_at,
            until_at=until_at,
            called_at=at,
        )
        AgendaItem.objects.bulk_create(
            AgendaItem(conference=conference, number=number, words=words) for number, words in enumerate(items, 1)
        )
    return conference


def lock(conference: Conference) -> Conference:
    locked: Conference = (
        Conference.objects.select_for_update(no_key=True, of=("self",)).select_related("grid").get(pk=conference.pk)
    )
    return locked


def check_desk(conference: Conference, by: User, at: datetime) -> None:
    if not may(by, "dispatch", conference.grid, at=at):
        raise ValidationError("这次会议不在您的辖区。")


def check_not_over(conference: Conference) -> None:
    if conference.cancelled_at is not None:
        raise ValidationError("这次会议已经取消。")
    if conference.closed_at is not None:
        raise ValidationError("这次会议的纪要已经发布，不能再改。")


def _check_ahead(conference: Conference, at: datetime) -> None:
    check_not_over(conference)
    if conference.from_at <= at:
        raise ValidationError("会议已经开始，不能再邀请或答复。")


def invite_unit(
    *, conference: Conference, unit: Unit, by: User, at: datetime, person: User | None = None
) -> Invitation:
    """A unit that has reported to the conference's place, through `person`, who may be named later (`represent`).

    Raises ValidationError at `unit` or `person`: switched off, its report ended, left the portal, invited before."""
    _check_reported(unit, conference.grid, at)
    return _invite(conference, by, at, As.UNIT, unit=unit, person=person)


def _check_reported(unit: Unit, grid: Grid, at: datetime) -> None:
    if not unit.is_active:
        raise ValidationError({"unit": f"{unit.name}已停用，不能邀请。"})
    if not reported_units(grid).filter(pk=unit.pk).exists():
        raise ValidationError({"unit": f"{unit.name}没有向{grid.name}报到，或报到已经结束，不能邀请。"})


def reported_units(grid: Grid) -> QuerySet[Unit]:
    """Units in use that have reported to this community, or to one of this street."""
    area = Grid.objects.in_area([grid]).order_by()
    reported = Pairing.objects.filter(grid__in=area, until_at=None).values("unit")
    return Unit.objects.filter(pk__in=reported, is_active=True)


def invite_post(*, conference: Conference, post: Post, by: User, at: datetime) -> Invitation:
    """Who holds this post, there or above. Raises ValidationError at `post`: ended, elsewhere, or invited before."""
    if not Post.objects.held_at(at).filter(pk=post.pk).exists():
        raise ValidationError({"post": f"{post.words}已不在任，不能邀请。"})
    if post.grid is not None and not (conference.grid.covers(post.grid) or post.grid.covers(conference.grid)):
        raise ValidationError({"post": f"{post.words}不在{conference.grid.name}，不能邀请。"})
    return _invite(conference, by, at, As.POST, post=post, person=post.person, field="post")


def invite_resident(*, conference: Conference, person: User, by: User, at: datetime) -> Invitation:
    """居民代表. Raises ValidationError at `person`: left the portal, or invited before."""
    return _invite(conference, by, at, As.RESIDENT, person=person)


def _invite(
    conference: Conference,
    by: User,
    at: datetime,
    invited_as: str,
    *,
    person: User | None,
    unit: Unit | None = None,
    post: Post | None = None,
    field: str = "person",
) -> Invitation:
    check_desk(conference, by, at)
    with transaction.atomic():
        locked = lock(conference)
        _check_ahead(locked, at)
        if unit is not None and locked.invitations.filter(unit=unit).exists():
            raise ValidationError({"unit": f"{unit.name}已经在邀请名单里。"})
        if person is not None:
            _check_may_come(locked, person, field)
        made = Invitation.objects.create(
            conference=locked, invited_as=invited_as, unit=unit, post=post, person=person, invited_at=at
        )
        _tell_invited(made, at)
    return made


def _check_may_come(conference: Conference, person: User, field: str) -> None:
    if not person.is_active:
        raise ValidationError({field: f"{person.name}的账号已停用或注销，不能邀请。"})
    if conference.invitations.filter(person=person).exists():
        raise ValidationError({field: f"{person.name}已经在邀请名单里。"})


def _tell_invited(invitation: Invitation, at: datetime) -> None:
    conference = invitation.conference
    if invitation.person is None:
        return
    told = News(
        kind="conference.invited",
        people=[invitation.person],
        at=at,
        path=conference.get_absolute_url(),
        cause=f"invitation:{invitation.pk}",
        facts={**facts_of(conference), "place": conference.where_words},
    )
    notify(told)


def represent(*, invitation: Invitation, person: User, by: User, at: datetime) -> None:
    """Who comes for a unit: named now, or another one. An answer given before falls.

    Raises ValidationError at `person`: left the portal, or invited before; or no unit's invitation."""
    check_desk(invitation.conference, by, at)
    if invitation.unit_id is None:
        raise ValidationError("只有单位的邀请要定谁来。")
    with transaction.atomic():
        locked = lock(invitation.conference)
        _check_ahead(locked, at)
        row = locked.invitations.select_related("conference").get(pk=invitation.pk)
        if row.person_id == person.pk:
            return
        _check_may_come(locked, person, "person")
        row.person, row.answer, row.answered_at, row.substitute = person, "", None, ""
        row.save()
        _tell_invited(row, at)


def answer(*, invitation: Invitation, by: User, answer: str, at: datetime, substitute: str = "") -> None:
    """参加, 来不了 or who comes instead, by whoever is invited; for a unit that has named nobody, the desk writes down what it
    said by phone. May be changed until it begins; the same twice is once.

    Raises ValidationError at `answer` or `substitute` (no name); or: not theirs, called off, begun."""
    conference = invitation.conference
    is_theirs = invitation.person_id == by.pk
    if not is_theirs and not (invitation.person_id is None and may(by, "dispatch", conference.grid, at=at)):
        raise ValidationError("这不是给您的邀请。")
    if answer not in Answer.values:
        raise ValidationError({"answer": "请选能不能来。"})
    substitute = tidy(substitute)[:20] if answer == Answer.SUBSTITUTE else ""
    if answer == Answer.SUBSTITUTE and not substitute:
        raise ValidationError({"substitute": "请写谁替您来。"})
    with transaction.atomic():
        locked = lock(conference)
        _check_ahead(locked, at)
        other = locked.invitations.filter(pk=invitation.pk).exclude(answer=answer, substitute=substitute)
        other.update(answer=answer, substitute=substitute, answered_at=at)
    invitation.refresh_from_db()


def call_off(*, conference: Conference, reason: str, by: User, at: datetime) -> None:
    """取消会议, or it did not take place: everybody invited is told why, a room still ahead is free again.

    Raises ValidationError at `reason`, or: not one's area, over, or something was written down of it already."""
    check_desk(conference, by, at)
    if not tidy(reason):
        raise ValidationError({"reason": "请写明原因，受邀的人会看到。"})
    with transaction.atomic():
        locked = lock(conference)
        check_not_over(locked)
        if locked.attendance_at is not None or locked.resolutions.exists() or locked.reviews.exists():
            raise ValidationError("会已经开了，有签到或决议，不能取消。请写纪要。")
        locked.cancelled_at, locked.reason = at, tidy(reason)[:100]
        locked.save(update_fields=["cancelled_at", "reason"])
        if locked.booking is not None and locked.from_at > at:
            rooms.release(locked.booking, at=at, reason=locked.reason)
        tell_all("conference.called_off", locked, at, reason=locked.reason)


def tell_all(kind: str, conference: Conference, at: datetime, **facts: str) -> None:
    """Everybody who is invited by name."""
    invited = conference.invitations.select_related("person")
    told = News(
        kind=kind,
        people=[invitation.person for invitation in invited if invitation.person],
        path=conference.get_absolute_url(),
        cause=f"conference:{conference.pk}",
        at=at,
        facts={**facts_of(conference), **facts},
    )
    notify(told)


def facts_of(conference: Conference) -> dict[str, str]:
    return {"title": conference.title, "when": conference.when, "when_at": conference.from_at.isoformat()}
