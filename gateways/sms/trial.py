"""A gateway that sends nothing: demonstrations show what would have gone."""

import logging

from gateways.sms import Message

log = logging.getLogger(__name__)


class Client:
    def send(self, message: Message) -> str:
        log.info("短信（试用）：%s → %s", message.phone[-4:].rjust(11, "*"), message.template_id)
        return f"trial-{message.key}"
