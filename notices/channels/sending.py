"""What channels have in common that send by a template."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateways.breaker import Breaker
from gateways.faults import Down, Refused
from notices.models import Notice, Template
from notices.texts import filled


@dataclass(frozen=True)
class Sent:
    message_id: str
    """The other side's number of it."""
    cost: int = 0
    """Thousandths of a yuan."""


def fields_of(notice: Notice, template: Template) -> dict[str, str]:
    """In the order of the template, filled from the facts of the message."""
    return {name: filled(content, notice.kind, notice.facts, count=notice.count) for name, content in template.pairs}


BREAKERS: dict[str, Breaker] = defaultdict(Breaker)
"""By channel. One that does not answer is not asked for a while, so that it holds up nobody's message that goes by another."""


@contextmanager
def asking(channel: str) -> Iterator[None]:
    """Round the call itself: whoever has no such way says nothing about whether it answers. Raises Down while it rests."""
    breaker = BREAKERS[channel]
    breaker.check()
    try:
        yield
    except Down:
        breaker.note_fault()
        raise
    except Refused:
        breaker.note_answer()
        raise
    breaker.note_answer()
