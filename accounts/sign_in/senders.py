"""How a one-time code leaves the house: settings.CODE_SENDER names one of these."""

import logging
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import demonstration
from gateways import sms
from gateways.faults import Down, Refused

log = logging.getLogger(__name__)


class CodeSender(Protocol):
    def send(self, *, phone: str, code: str) -> str | None:
        """Send the code. Returns words to show on the page, if any. Raises OSError when it could not be sent,
        ValidationError at `phone` when codes do not go to this phone at all."""


class ConsoleSender:
    """The trial sender: the code appears on the console and, of demonstration people in demo mode only, on the page."""

    def send(self, *, phone: str, code: str) -> str | None:
        if settings.DEMO and not demonstration.is_demonstration(phone):
            raise ValidationError({"phone": demonstration.which_phones()})
        log.info("验证码（试用）：%s → %s", phone[-4:].rjust(11, "*"), code)
        return code if settings.DEMO else None


class SmsSender:
    """By the county's gateway, with the template settings.SMS_CODE_TEMPLATE, whose one field is the code."""

    def send(self, *, phone: str, code: str) -> str | None:
        message = sms.Message(phone, settings.SMS_CODE_TEMPLATE, {"code": code}, key="")
        try:
            sms.send(message)
        except Refused as refusal:
            log.warning("no code can be sent: %s", refusal)
            raise ValidationError({"phone": "短信发不到这个号码。请核对号码，或到社区服务窗口办理。"}) from refusal
        except Down as fault:
            raise OSError(str(fault)) from fault
        return None
