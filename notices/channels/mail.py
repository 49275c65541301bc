"""By mail, for those kinds of message whose room says to which address (`SENDERS`): people sign in by phone, so an address
is known only where somebody left one for a purpose. Uses Django's own mail; its settings are EMAIL_… (docs/settings.md)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage

from notices.models import Notice


@dataclass(frozen=True)
class Mail:
    """Where a message goes, under which subject, and what is enclosed: (name, content, type), nothing about a person."""

    to: str
    subject: str
    enclosed: list[tuple[str, bytes, str]] = field(default_factory=list)


SENDERS: dict[str, Callable[[Notice], Mail | None]] = {}
"""By kind. Asked at the moment of sending, so that an address taken back, or a right that ended, counts at once."""


def deliver(notice: Notice) -> bool:
    """False: nobody names an address any more. Raises what the mail server or the line to it says; the outbox tries again,
    with the same key."""
    mail = SENDERS[notice.kind](notice)
    if mail is None:
        return False
    message = EmailMessage(
        f"【政和社区治理】{mail.subject}",
        f"{notice.words}\n\n打开：{settings.PORTAL_URL}{notice.path}\n",
        to=[mail.to],
        headers={"X-Dedupe-Key": notice.dedupe_key},
        attachments=mail.enclosed,
    )
    message.send()
    return True
