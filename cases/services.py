"""Moving cases: with opening.py the only writer of a state, a holder, a limit and an event."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases import limits, routing
from cases.access import standing_of
from cases.audience import tell
from cases.clock import Limit
from cases.kept_photos import SentPhoto, columns
from cases.models import Attachment, Case, CaseEvent, Referral, Remark, Seat, Wake
from cases.promises import restart_clock, start_clock, start_clock_late
from cases.words import tidy
from cases.workflow import STANDINGS, SYSTEM, Arrow
from grids.models import Post


class CaseMovedOn(ValidationError):
    """Somebody else was faster: the page this act came from is stale."""

    def __init__(self) -> None:
        super().__init__("这件事项刚刚已被他人处理。您填写的内容还在，请看过最新进展再决定。")


class ArrowRefused(ValidationError):
    """Not from this state, not by this person, or not now; the message says which."""


@dataclass(frozen=True)
class Said:
    """What somebody says with an act: words, photos, and facts that go into the event (ids, codes, numbers)."""

    words: str = ""
    photos: Sequence[SentPhoto] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def move(
    *,
    case: Case,
    verb: str,
    by: User | None,
    at: datetime,
    version: int | None = None,
    said: Said | None = None,
    holder: Post | None = None,
    limit: Limit | None = None,
    changes: dict[str, Any] | None = None,
    seated: Sequence[Seat] = (),
) -> CaseEvent:
    """Draw one arrow. `by` None is the system. `holder`, `limit` (of the new stage) and `changes` (other columns) are
    what the calling act decided, `seated` whom it has just given a seat; `version` is that of the page the act came from.

    Raises ArrowRefused or CaseMovedOn; then nothing has changed. In one transaction:
    1. Lock the row: moves of one case wait for each other, and the last one sees what the others did.
    2. Is the page stale? May this arrow be drawn from here, by this person, now, with what was said?
    3. Write the state, its limit and when to look again. 4. Append the event. 5. Messages."""
    said = said or Said()
    with transaction.atomic(), limits.read_once():
        locked = lock(case)
        arrow, standing = _allowed(locked, verb, by, version, said, at)
        before = locked.state
        if holder is not None:
            locked.holder = holder  # first: the limit of a stage may hang on who has the case
        if arrow.target:
            _enter(locked, arrow.target, by, at, limit)
        elif limit is not None:
            restart_clock(locked, limits.run(limit=limit, from_at=at))
        for name, value in (changes or {}).items():
            setattr(locked, name, value)
        if arrow.target or holder is not None or limit is not None:
            locked.version += 1
        event = _append_event(locked, verb, before, by, standing, at, said)
        tell(event=event, case=locked, arrow=arrow, reason=said.words, seated=seated)
    _refresh(case, locked)
    return event


def move_together(
    *, cases: Sequence[Case], verb: str, by: User, at: datetime, said: Said, changes: dict[str, Any]
) -> None:
    """Draw one arrow into a final state on many cases, all of them or none, in a handful of statements. Whoever calls
    tells of it.

    Raises ArrowRefused at the first that refuses it, named."""
    with transaction.atomic(), limits.read_once():
        rows = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[case.pk for case in cases])
        locked = list(rows.select_related("grid", "category", "holder__person", "holder__grid").order_by("pk"))
        events = []
        for case in locked:
            try:
                arrow, standing = _allowed(case, verb, by, None, said, at)
            except ArrowRefused as refusal:
                raise ArrowRefused(f"{case.number}：{' '.join(refusal.messages)}") from refusal
            before = case.state
            _enter(case, arrow.target, by, at, None)
            for name, value in changes.items():
                setattr(case, name, value)
            case.version += 1
            events.append(_next_event(case, verb, before, by, standing, at, said))
        written = ["state", "closed_at", "due_at", "wake_at", "wake_for", "version", "event_count", *changes]
        Case.objects.bulk_update(locked, written, batch_size=500)
        keep_said([(event, said) for event in CaseEvent.objects.bulk_create(events)])


def lock(case: Case) -> Case:
    """The case as it stands now, nobody else writing it until the transaction ends."""
    locked = _locked(case.pk)
    if locked is None:
        raise CaseMovedOn
    return locked


def _locked(case_id: int) -> Case | None:
    rows = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk=case_id)
    return rows.select_related("grid", "category", "holder__person", "holder__grid").first()


def _allowed(
    case: Case, verb: str, by: User | None, version: int | None, said: Said, at: datetime
) -> tuple[Arrow, str]:
    """The arrow, and as what `by` draws it."""
    if version is not None and version != case.version:
        raise CaseMovedOn
    arrow = _from_here(case, verb)
    standing = _standing_for(arrow, case, by, at)
    if refusal := arrow.refusal(case, by, at):
        raise ArrowRefused(refusal)
    if "words" in arrow.needs and not tidy(said.words):
        raise ArrowRefused({"words": "请写几句话说明。"})
    return arrow, next(code for code in STANDINGS if code in arrow.who & standing)


def _from_here(case: Case, verb: str) -> Arrow:
    """ArrowRefused when it cannot be drawn from the state of the case."""
    arrow = case.workflow.arrow(verb)
    if arrow is None or case.state not in arrow.sources:
        raise ArrowRefused(f"现在是“{case.state_label}”，不能做这一步。")
    return arrow


def _standing_for(arrow: Arrow, case: Case, by: User | None, at: datetime) -> frozenset[str]:
    """As what `by` stands to the case; ArrowRefused when the arrow is for others."""
    standing = standing_of(by, case, at=at) if by else frozenset({SYSTEM})
    if not arrow.who & standing:
        who = "、".join(label for code, label in STANDINGS.items() if code in arrow.who)
        raise ArrowRefused(f"“{arrow.label}”由{who}来做。")
    return standing


def _enter(case: Case, state: str, by: User | None, at: datetime, limit: Limit | None) -> None:
    left = case.state_now
    case.state = state
    found = case.state_now
    if found.stamps:
        setattr(case, found.stamps, at)
    if found.stamps == "finished_at":
        case.finished_by = by
    if found.final:
        end_referral(case=case, end=Referral.End.CLOSED, at=at)
        case.closed_at = at
        case.due_at = case.wake_at = None
        case.wake_for = ""
    elif limit is not None:
        restart_clock(case, limits.run(limit=limit, from_at=at))
    elif found.clock == "finish" and case.finish_by_at is not None and case.finish_by_at <= at:
        start_clock_late(case, left, at)
    elif not (found.keeps_clock and left.clock == found.clock):
        start_clock(case, found.clock, at)


def _append_event(
    case: Case, verb: str, before: str, by: User | None, standing: str, at: datetime, said: Said
) -> CaseEvent:
    """Save a locked case together with the next event of its story."""
    event = _next_event(case, verb, before, by, standing, at, said)
    case.save()
    event.save()
    keep_said([(event, said)])
    return event


def _next_event(
    case: Case, verb: str, before: str, by: User | None, standing: str, at: datetime, said: Said
) -> CaseEvent:
    case.event_count += 1
    return CaseEvent(
        case=case,
        number=case.event_count,
        verb=verb,
        from_state=before,
        to_state=case.state,
        by=by,
        standing=standing,
        at=at,
        said=said.facts,
        holder=case.holder,
        due_at=case.due_at,
    )


def keep_said(said_with: Sequence[tuple[CaseEvent, Said]]) -> None:
    """Words and photos of events that have just been appended."""
    remarks = [Remark(event=event, words=words) for event, said in said_with if (words := tidy(said.words))]
    Remark.objects.bulk_create(remarks)
    for event, said in said_with:
        for photo in columns(said.photos, at=event.at):
            token = secrets.token_urlsafe(18)
            Attachment.objects.create(
                case=event.case, event=event, token=token, added_by=event.by, added_at=event.at, **photo
            )


def _refresh(case: Case, locked: Case) -> None:
    """The caller's instance shows what was written."""
    case.__dict__.update({name: value for name, value in locked.__dict__.items() if name != "_state"})
    case._state.fields_cache = dict(locked._state.fields_cache)


def act(*, case: Case, verb: str, by: User, at: datetime, version: int, said: Said, **more: Any) -> None:
    """What every door calls: the kind's own service for this arrow, or the plain move.

    Whose arrow it is and from where, is asked before the kind's own service begins to write, and again by the move it
    ends in."""
    service = case.workflow.acts.get(verb)
    if service is None:
        move(case=case, verb=verb, by=by, at=at, version=version, said=said)
        return
    if version != case.version:
        raise CaseMovedOn
    _standing_for(_from_here(case, verb), case, by, at)
    service(case=case, by=by, at=at, version=version, said=said, **more)


def route(*, case_id: int, at: datetime) -> bool:
    """Find the holder and hand the case over. Twice is once: False when it is routed already, or gone."""
    with transaction.atomic():
        locked = _locked(case_id)
        if locked is None or not locked.is_open or locked.wake_for != Wake.ROUTE:
            return False
        found = routing.find_route(case=locked, at=at)
        seat = give_seat(case=locked, post=found.co_post, role="co_holder", at=at) if found.co_post else None
        facts = {"why": found.why, "post": found.post.pk}
        move(
            case=locked,
            verb=locked.workflow.routed_by,
            by=None,
            at=at,
            said=Said(facts=facts),
            holder=found.post,
            seated=[seat] if seat else (),
        )
    return True


def give_seat(
    *, case: Case, role: str, at: datetime, post: Post | None = None, person: User | None = None
) -> Seat | None:
    """Seat a post or a person on a case. A seat it has already stays: then None."""
    seat, is_new = Seat.objects.get_or_create(
        case=case, post=post, person=person, role=role, until_at=None, defaults={"from_at": at}
    )
    return seat if is_new else None


def end_seats(*, case: Case, role: str, at: datetime, person: User | None = None) -> None:
    """Whoever sits on a case in this role gets up, or of them this person; what they did in it stays in the story."""
    sitting = Seat.objects.filter(case=case, role=role, until_at=None)
    (sitting if person is None else sitting.filter(person=person)).update(until_at=at)


def end_referral(*, case: Case, end: str, at: datetime) -> None:
    """What was referred to the police comes back, and with it the seat that it gave them."""
    for referral in Referral.objects.filter(case=case, ended_at=None):
        Referral.objects.filter(pk=referral.pk).update(ended_at=at, end=end)
        if referral.seat_id is not None:
            Seat.objects.filter(pk=referral.seat_id, until_at=None).update(until_at=at)
