"""What channels have in common that send by a template."""

from dataclasses import dataclass

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
