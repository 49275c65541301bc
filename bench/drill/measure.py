"""From what was seen to a line of the table. Pure: attempts, routes and readings in, seconds out.

All times of a result are seconds after the fault began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.drill.book import Told
from bench.drill.browser import Attempt
from bench.drill.watch import Reading, Route

SLOW = 5.0
"""Whoever waits longer, for an answer or for a person responsible, was let down."""
RECOVERED_WITHIN = 30.0
"""Seconds after the cause is gone."""
RED_WITHIN = 30.0


@dataclass(frozen=True)
class Span:
    """Of a fault: from when it was there, when its cause was gone, until when it was watched."""

    began: float
    ended: float
    watched_until: float

    @property
    def lasted(self) -> float:
        return self.ended - self.began


@dataclass(frozen=True)
class Seen:
    attempts: Sequence[Attempt]
    routes: Sequence[Route]
    waiting: Sequence[Told]
    readings: Sequence[Reading]


@dataclass
class Outcome:
    lasted: float
    answered_after: float | None
    """When the last person was refused or kept waiting; None if nobody was."""
    routed_after: float | None
    """When the last request that had waited long got a person responsible; None if none had."""
    red_after: float | None
    green_after: float | None
    red_words: str
    """The checks that were red meanwhile."""
    wrong: list[str] = field(default_factory=list)
    """What was promised and did not hold."""


def outcome(span: Span, seen: Seen, *, within: float = RECOVERED_WITHIN) -> Outcome:
    known = [
        attempt for attempt in seen.attempts if span.began <= attempt.ended and attempt.began <= span.watched_until
    ]
    bad = [attempt.ended for attempt in known if is_bad(attempt)]
    late = [route.at for route in seen.routes if span.began <= route.at <= span.watched_until and _waited(route) > SLOW]
    red = [
        reading for reading in seen.readings if span.began <= reading.at <= span.watched_until and not reading.is_ready
    ]
    green = [reading.at for reading in seen.readings if reading.is_ready and red and reading.at > red[-1].at]
    result = Outcome(
        lasted=span.lasted,
        answered_after=max(bad) - span.began if bad else None,
        routed_after=max(late) - span.began if late else None,
        red_after=red[0].at - span.began if red else None,
        green_after=min(green) - span.began if green else None,
        red_words=", ".join(sorted({name for reading in red for name in reading.wrong})),
    )
    result.wrong = [*_not_recovered(result, span, seen, within), *_not_red(span, seen)]
    return result


def is_bad(attempt: Attempt) -> bool:
    return not attempt.is_answered or attempt.ended - attempt.began > SLOW


def _waited(route: Route) -> float:
    return route.at - route.told.at


def _not_recovered(result: Outcome, span: Span, seen: Seen, within: float) -> Iterable[str]:
    allowed = span.lasted + within
    if (result.answered_after or 0) > allowed:
        yield f"answered everybody only after {result.answered_after:.0f} s"
    if (result.routed_after or 0) > allowed:
        yield f"routed everything only after {result.routed_after:.0f} s"
    if left := [told for told in seen.waiting if span.watched_until - told.at > SLOW]:
        yield f"{len(left)} requests were not routed at all"
    if result.red_after is not None and result.green_after is None:
        yield "/readyz stayed red"


def _not_red(span: Span, seen: Seen) -> Iterable[str]:
    """Every standstill of RED_WITHIN seconds has /readyz red by then."""
    red = [reading.at for reading in seen.readings if not reading.is_ready]
    for began, ended in [*_unanswered(span, seen), *_unrouted(span, seen)]:
        if ended - began > RED_WITHIN and not any(began - 1 <= at <= began + RED_WITHIN + 1 for at in red):
            yield f"a standstill of {ended - began:.0f} s without /readyz red within {RED_WITHIN:.0f} s"
            return


def _unanswered(span: Span, seen: Seen) -> Iterable[tuple[float, float]]:
    """Stretches in which nobody at all was answered, though people asked."""
    good = sorted(attempt.ended for attempt in seen.attempts if not is_bad(attempt))
    good = [at for at in good if span.began <= at <= span.watched_until]
    yield from zip([span.began, *good], [*good, span.watched_until], strict=True)


def _unrouted(span: Span, seen: Seen) -> Iterable[tuple[float, float]]:
    """Of each request, how long nobody was responsible, as far as this fault is concerned."""
    for route in seen.routes:
        if span.began <= route.at <= span.watched_until:
            yield max(route.told.at, span.began), route.at
    for told in seen.waiting:
        yield max(told.at, span.began), span.watched_until
