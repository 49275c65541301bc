"""By SMS, to the phone that the person signs in with."""

from django.conf import settings

from gateways import sms
from notices.channels.sending import Sent, asking, fields_of
from notices.models import Notice, Template
from notices.texts import SMS

LONGEST_FIELD = 35
"""Signs that the gateways take in one field."""
ONE, EACH_OF_MANY = 70, 67
"""Signs of an SMS in Chinese, and of each part of a longer one (GSM 03.38, UCS-2)."""


def deliver(notice: Notice, template: Template) -> Sent | None:
    if not sms.is_there() or notice.person.erased_at:
        return None
    fields = {name: _cut(" ".join(text.split())) for name, text in fields_of(notice, template).items()}
    message = sms.Message(notice.person.phone, template.template_id, fields, key=str(notice.pk))
    with asking(SMS):
        number = sms.send(message)
    return Sent(number, cost=parts(worded(template.wording, fields)) * settings.SMS_PRICE)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_FIELD else text[: LONGEST_FIELD - 1] + "…"


def worded(wording: str, fields: dict[str, str]) -> str:
    """The whole text, as the gateway makes it."""
    for name, text in fields.items():
        wording = wording.replace(f"${{{name}}}", text)
    return wording


def parts(text: str) -> int:
    """How many SMS it is paid as. Signs beyond the basic plane count twice."""
    signs = len(text.encode("utf-16-le")) // 2
    return 1 if signs <= ONE else -(-signs // EACH_OF_MANY)
