"""The ways a notice reaches a person. One dict knows them all; nothing else names them."""

from collections.abc import Callable
from datetime import timedelta

from notices.channels import mail, site
from notices.models import Notice

CHANNELS: dict[str, Callable[[Notice], None]] = {"site": site.deliver, "mail": mail.deliver}
LONGEST = {"site": timedelta(seconds=15), "mail": timedelta(minutes=2)}
"""How long one sending takes at most. So long nobody else takes the message; a worker that dies over it delays it by this."""
LABELS = {"site": "站内消息", "mail": "邮件"}
