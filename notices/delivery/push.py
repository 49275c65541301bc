"""Out of the house: by the first way that has a template for the message and takes it. What was tried is a row each."""

import logging
from dataclasses import dataclass
from datetime import datetime

from gateways.faults import Down, Refused
from notices.channels import PUSH
from notices.models import Delivery, Notice, Template
from notices.texts import is_duty, matches

log = logging.getLogger(__name__)

GONE = {Delivery.State.SENT, Delivery.State.ARRIVED}


@dataclass(frozen=True)
class Ways:
    """The templates in use, read once a batch."""

    templates: tuple[Template, ...]

    @classmethod
    def now(cls) -> "Ways":
        return cls(tuple(Template.objects.filter(is_active=True, channel__in=PUSH)))

    def of(self, kind: str) -> list[Template]:
        """One a channel, that which names the kind most closely; in the order in which they are tried."""
        closest: dict[str, Template] = {}
        for template in sorted(self.templates, key=lambda template: template.closeness):
            if matches(template.kinds, kind):
                closest[template.channel] = template
        return sorted(closest.values(), key=lambda template: (template.order, template.channel))


def is_over(notice: Notice, ways: Ways) -> bool:
    """Nothing has to go out any more: it has gone, it was read on the site, or there is no way."""
    if notice.read_at or any(delivery.state in GONE for delivery in notice.deliveries.all()):
        return True
    return not _open_to(notice, ways)


def push(notice: Notice, ways: Ways, *, at: datetime) -> str:
    """Why it did not go though it may yet: to be tried again. "" when it has gone or nobody takes it."""
    if is_over(notice, ways):
        return ""
    faults = []
    for template in _open_to(notice, ways):
        try:
            sent = PUSH[template.channel](notice, template)
        except Refused as refusal:
            note(notice, template.channel, Delivery.State.REFUSED, at, error=str(refusal))
            continue
        except Exception as fault:
            if not isinstance(fault, Down):
                log.exception("notice %s not delivered by %s", notice.pk, template.channel)
            note(notice, template.channel, Delivery.State.DOWN, at, error=str(fault) or type(fault).__name__)
            faults.append(f"{template.channel}: {fault}")
            continue
        if sent is not None:
            note(notice, template.channel, Delivery.State.SENT, at, message_id=sent.message_id, cost=sent.cost)
            return ""
    return "；".join(faults)


def _open_to(notice: Notice, ways: Ways) -> list[Template]:
    """Not those who said no to this message, nor what the person does not want. Duty asks nobody."""
    no = {row.channel for row in notice.deliveries.all() if row.state == Delivery.State.REFUSED}
    choices = getattr(notice.person, "notice_choices", None)
    if choices is not None and not (is_duty(notice.kind) or notice.is_urgent):
        no |= set(choices.off)
    return [template for template in ways.of(notice.kind) if template.channel not in no]


def note(
    notice: Notice, channel: str, state: str, at: datetime, *, error: str = "", message_id: str = "", cost: int = 0
) -> None:
    """Write down what became of it on this way; tried again, it is the same row."""
    tried = next((row for row in notice.deliveries.all() if row.channel == channel), None)
    row = tried or Delivery(notice=notice, channel=channel, tries=0)
    row.state, row.error, row.at = Delivery.State(state), error[:200], at
    row.message_id, row.cost, row.tries = message_id[:100], row.cost + cost, row.tries + 1
    row.save()
