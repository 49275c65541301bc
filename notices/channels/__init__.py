"""The ways a notice reaches a person. One dict knows them all; nothing else names them. Each says the message from its facts
as it can, and goes or does not go by what the person has at that moment."""

from collections.abc import Callable
from datetime import timedelta

from notices.channels import mail, site
from notices.models import Notice
from notices.texts import MAIL, SITE

CHANNELS: dict[str, Callable[[Notice], bool]] = {SITE: site.deliver, MAIL: mail.deliver}
"""Whether it went: False where this person has no such channel now, which is the end of it. Raises what broke."""
LONGEST = {SITE: timedelta(seconds=15), MAIL: timedelta(minutes=2)}
"""How long one sending takes at most. So long nobody else takes the message; a worker that dies over it delays it by this."""
LABELS = {SITE: "站内消息", MAIL: "邮件"}
