"""One act on one case is one turn: the row is locked once, what is known of it is read once, and all that the act does to it
is written once, in one order. With opening.py the only writer of a state, a holder, a limit, a seat and an event."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar, cast, overload

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Subquery

from accounts.models import User
from cases.attachments.photos import SentPhoto, columns
from cases.engine import audience
from cases.engine.access import Standings
from cases.engine.facts import Facts, facts_of, forget_facts
from cases.engine.statements import Statement
from cases.limits import running as limits
from cases.limits.clock import Limit
from cases.limits.deadlines import restart_clock, start_clock, start_clock_late
from cases.limits.rulebook import rulebook_under
from cases.models import Attachment, Case, CaseEvent, Referral, Remark, RulesStamp, Seat
from cases.models.querysets import CaseQuerySet
from cases.workflow import STANDINGS, SYSTEM, Arrow
from grids.models import Post
from web.text import tidy

Words = ParamSpec("Words")
Result = TypeVar("Result", covariant=True)


COLUMNS = {field.name: field.attname for field in Case._meta.concrete_fields}
"""Of a case, by name, and as it keeps them."""


class CaseMovedOn(ValidationError):
    """Somebody else was faster: the page this act came from is stale."""

    def __init__(self) -> None:
        super().__init__("这件事项刚刚已被他人处理。您填写的内容还在，请看过最新进展再决定。")


class ArrowRefused(ValidationError):
    """Not from this state, not by this person, or not now; the message says which."""


@dataclass(frozen=True)
class Given:
    """What somebody says with an act: words, photos, and facts that go into the event (ids, codes, numbers)."""

    words: str = ""
    photos: Sequence[SentPhoto] = ()
    facts: dict[str, Any] = field(default_factory=dict)


class Drawn(NamedTuple):
    """An arrow that was drawn in this turn: what is written of it at the end."""

    event: CaseEvent
    given: Given
    told: list[audience.Telling]


class Turn:
    """What an act works with. It draws arrows, seats people and lets them get up, in whichever order it likes; whatever
    else it writes (rows of its kind) it writes itself. Nothing of the case is in the database before the turn ends."""

    def __init__(self, case: Case, *, by: User | None, at: datetime, version: int | None) -> None:
        self.case, self.by, self.at, self.version = case, by, at, version
        """`by` None is the system."""
        self.facts: Facts = facts_of(case)
        self._before = {column: case.__dict__.get(column) for column in COLUMNS.values()}
        self._standings = Standings(at=at)
        if by is not None:
            self._standings.of(by, self.facts)  # before the act changes who sits
        self.new_seats: list[Seat] = []
        self.ended: list[Seat] = []
        self.drawn: list[Drawn] = []
        self.rows: list[Model] = []

    @property
    def person(self) -> User:
        """Who acts, where it is not the system."""
        assert self.by is not None, "this act is a person's"
        return self.by

    def arrow_from_here(self, verb: str, by: User | None) -> tuple[Arrow, frozenset[str]]:
        """The arrow, and as what `by` stands to the case.

        Raises CaseMovedOn (the page is stale) or ArrowRefused: not from this state, or it is for others."""
        if self.version is not None and self.version != self.case.version and not self.drawn:
            raise CaseMovedOn
        arrow = self.case.workflow.arrow(verb)
        if arrow is None or self.case.state not in arrow.sources:
            raise ArrowRefused(f"现在是“{self.case.state_label}”，不能做这一步。")
        standing = self._standings.of(by, self.facts) if by else frozenset({SYSTEM})
        if not arrow.who & standing:
            who = "、".join(label for code, label in STANDINGS.items() if code in arrow.who)
            raise ArrowRefused(f"“{arrow.label}”由{who}来做。")
        return arrow, standing

    def check(self, verb: str, by: User | None) -> tuple[Arrow, str]:
        """The arrow, and as what `by` may draw it now. Raises as `arrow_from_here`, and what the guards say."""
        arrow, standing = self.arrow_from_here(verb, by)
        if refusal := arrow.refusal(self.facts, by, self.at):
            raise ArrowRefused(refusal)
        return arrow, next(code for code in STANDINGS if code in arrow.who & standing)

    def draw(
        self,
        verb: str,
        given: Given | None = None,
        *,
        by_itself: bool = False,
        to: str | None = None,
        holder: Post | None = None,
        limit: Limit | None = None,
        **changes: Any,
    ) -> None:
        """Draw one arrow: by whoever acts, or, where it follows from what they did, `by_itself` (the system). `to` says
        which of its targets, where it has several; `holder`, `limit` (of the new stage) and `changes` (other columns) are
        what the act decided.

        Raises as `check`; ArrowRefused at `words` where the arrow needs them; TypeError for what is no column of a case."""
        if unknown := changes.keys() - COLUMNS.keys():
            raise TypeError(f"a case has no {sorted(unknown)}")
        given, by = given or Given(), None if by_itself else self.by
        arrow, standing = self.check(verb, by)
        if "words" in arrow.needs and not tidy(given.words):
            raise ArrowRefused({"words": "请写几句话说明。"})
        case, before, target = self.case, self.case.state, arrow.leads_to(to)
        if holder is not None:
            case.holder = holder  # first: the limit of a stage may hang on who has the case
        if target:
            self._enter(target, by, limit)
        elif limit is not None:
            restart_clock(case, limits.run(limit=limit, from_at=self.at))
        for name, value in changes.items():
            setattr(case, name, value)
        if target or holder is not None or limit is not None:
            case.version += 1
        event = next_event(case, verb, before, by, standing, self.at, given)
        told = audience.told(event=event, facts=self.facts, arrow=arrow, reason=given.words, seated=self.new_seats)
        self.drawn.append(Drawn(event, given, told))

    def _enter(self, state: str, by: User | None, limit: Limit | None) -> None:
        if self.case.workflow.states[state].final and self.case.workflow.refers_to_police:
            self.end_referral(Referral.End.CLOSED)
        enter(self.case, state, by, self.at, limit)

    def seat(self, role: str, *, post: Post | None = None, person: User | None = None) -> Seat | None:
        """Seat a post or a person, who acts from the seat from now on. A seat it has already stays: then None."""
        seat = Seat(case=self.case, post=post, person=person, role=role, from_at=self.at)
        for sitting in self.facts.seats(role):
            if (sitting.post_id, sitting.person_id) == (seat.post_id, seat.person_id):
                return None
        self.new_seats.append(seat)
        self.facts.every_seat.append(seat)
        if person is not None:
            self._standings.forget(person)
        return seat

    def unseat(self, role: str, whom: Callable[[Seat], bool] = lambda seat: True) -> None:
        """Whoever sits in this role, or of them these, gets up; what they did in it stays in the story."""
        for seat in self.facts.seats(role):
            if whom(seat):
                seat.until_at = self.at
                self.ended.append(seat)

    def also(self, row: Model) -> None:
        """Save this row with the turn, after the seats it may hang on."""
        self.rows.append(row)

    def end_referral(self, end: str) -> None:
        """What was referred to the police comes back, and with it the seat that it gave them."""
        referral = self.facts.referral
        if referral is None:
            return
        Referral.objects.filter(pk=referral.pk).update(ended_at=self.at, end=end)
        self.unseat("police", lambda seat: seat.pk == referral.seat_id)
        self.facts.referral = None

    def written(self) -> list[str]:
        """Columns of the case that came out different."""
        return [name for name, column in COLUMNS.items() if self.case.__dict__.get(column) != self._before[column]]


def _write(turns: Sequence[Turn]) -> None:
    """Seats, what hangs on them, state and holder and limit, event, messages."""
    ended = [seat.pk for turn in turns for seat in turn.ended if seat.pk is not None]
    if ended:
        Seat.objects.filter(pk__in=ended).update(until_at=turns[0].at)
    if new_seats := [seat for turn in turns for seat in turn.new_seats if seat.until_at is None]:
        Seat.objects.bulk_create(new_seats)
    for row in (row for turn in turns for row in turn.rows):
        row.save(force_insert=row._state.adding)
    drawn = [drawn for turn in turns for drawn in turn.drawn]
    if not drawn:
        return
    for turn in turns:
        if turn.drawn:
            turn.case.save(force_update=True, update_fields=turn.written())
    CaseEvent.objects.bulk_create(arrow.event for arrow in drawn)
    keep_said([(arrow.event, arrow.given) for arrow in drawn])
    audience.tell([telling for arrow in drawn for telling in arrow.told])


_running: ContextVar[dict[int, Turn]] = ContextVar("turns that run, by case")
_waiting: ContextVar[list[Turn] | None] = ContextVar("turns that are written together", default=None)


@contextmanager
def turn_on(
    case: Case, *, by: User | None, at: datetime, version: int | None = None, is_locked: bool = False
) -> Iterator[Turn]:
    """The turn of one act; `by` None is the system, `version` that of the page the act came from. In one transaction:

    1. Lock the row: turns of one case wait for each other, and the last one sees what the others did. (`is_locked`: it is
       one of `locked_rows`.)
    2. The act asks and decides. 3. `Turn.write`.

    Within a turn of the same case it is that turn. Raises CaseMovedOn where the case is gone; whatever is raised inside,
    nothing has changed. `case` shows afterwards what was written."""
    running = _running.get({})
    if (joined := running.get(case.pk)) is not None:
        with _by(joined, by):
            yield joined
        _show(joined.case, case)
        return
    waiting = _waiting.get()
    with nullcontext() if waiting is not None else transaction.atomic():
        locked = case if is_locked else next(iter(_locked(case.pk)), None)
        if locked is None:
            raise CaseMovedOn
        with limits.read_once(rulebook_under(locked.stamp)):  # type: ignore[union-attr]  # of the statement that locks
            turn = Turn(locked, by=by, at=at, version=version)
            token = _running.set({**running, case.pk: turn})
            try:
                yield turn
            finally:
                _running.reset(token)
            if waiting is None:
                _write([turn])
            else:
                waiting.append(turn)
    _show(turn.case, case)


@contextmanager
def written_together() -> Iterator[None]:
    """Turns inside, of a case each and at one moment, are written at the end in a handful of statements, all of them or
    none. For what asks nothing of the other cases: their turns are not in the database yet."""
    with transaction.atomic():
        turns: list[Turn] = []
        token = _waiting.set(turns)
        try:
            yield
        finally:
            _waiting.reset(token)
        if turns:
            _write(turns)


def locked_rows(cases: CaseQuerySet, *, skip_locked: bool = False) -> CaseQuerySet:
    """These as they stand now, nobody else writing them until the transaction ends, each with the stamp of the rulebook."""
    stamp = Subquery(RulesStamp.objects.values("value")[:1])
    rows: CaseQuerySet = cases.annotate(stamp=stamp).select_related(
        "grid", "category", "holder__person", "holder__grid"
    )
    return rows.select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))


_locked = Statement(lambda pk: locked_rows(Case.objects.filter(pk=pk)))


@contextmanager
def _by(turn: Turn, by: User | None) -> Iterator[None]:
    """What this person, or the system, does within the turn of another."""
    before, turn.by = turn.by, by
    try:
        yield
    finally:
        turn.by = before


class Act(Protocol[Words, Result]):
    """A service that draws arrows: called with the turn it is part of, or with `case`, `by`, `at` and `version`, on which
    it takes a turn of its own."""

    @overload
    def __call__(self, turn: Turn, /, *args: Words.args, **words: Words.kwargs) -> Result: ...

    @overload
    def __call__(
        self, /, *, case: Case, by: User | None, at: datetime, version: int | None = None, **words: Any
    ) -> Result: ...


def in_turn(service: Callable[Concatenate[Turn, Words], Result]) -> Act[Words, Result]:
    """Makes an `Act` of a function of a turn."""

    @wraps(service)
    def opened(*turn: Any, **words: Any) -> Result:
        if turn:
            return service(*turn, **words)
        case, by, at, version = words.pop("case"), words.pop("by"), words.pop("at"), words.pop("version", None)
        with turn_on(case, by=by, at=at, version=version) as own:
            return service(own, *turn, **words)  # `turn` is empty; the checker wants all of it handed on

    return cast(Act[Words, Result], opened)


def _show(written: Case, case: Case) -> None:
    """The caller's instance shows what was written."""
    forget_facts(case)
    if written is case:
        return
    case.__dict__.update({name: value for name, value in written.__dict__.items() if name not in {"_state", "facts"}})
    case._state.fields_cache = dict(written._state.fields_cache)


def enter(case: Case, state: str, by: User | None, at: datetime, limit: Limit | None) -> None:
    """A locked case comes into this state, with the limit that runs there."""
    left = case.state_now
    case.state = state
    entered = case.state_now
    if entered.stamps:
        setattr(case, entered.stamps, at)
    if entered.stamps == "finished_at":
        case.finished_by = by
    if entered.final:
        case.closed_at = at
        case.due_at = case.wake_at = None
        case.wake_for = ""
    elif limit is not None:
        restart_clock(case, limits.run(limit=limit, from_at=at))
    elif entered.clock == "finish" and case.finish_by_at is not None and case.finish_by_at <= at:
        start_clock_late(case, left, at)
    elif not (entered.keeps_clock and left.clock == entered.clock):
        start_clock(case, entered.clock, at)


def next_event(
    case: Case, verb: str, before: str, by: User | None, standing: str, at: datetime, given: Given
) -> CaseEvent:
    """The next entry of a locked case's story, not saved."""
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
        said=given.facts,
        holder=case.holder,
        due_at=case.due_at,
    )


def keep_said(given_with: Sequence[tuple[CaseEvent, Given]]) -> None:
    """Words and photos of events that have just been appended."""
    if remarks := [Remark(event=event, words=words) for event, given in given_with if (words := tidy(given.words))]:
        Remark.objects.bulk_create(remarks)
    for event, given in given_with:
        for photo in columns(given.photos, at=event.at):
            token = secrets.token_urlsafe(18)
            Attachment.objects.create(
                case=event.case, event=event, token=token, added_by=event.by, added_at=event.at, **photo
            )
