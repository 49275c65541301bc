"""The ways a notice reaches a person. One dict knows them all; nothing else names them."""

from collections.abc import Callable

from notices.channels import mail, site
from notices.models import Notice

CHANNELS: dict[str, Callable[[Notice], None]] = {"site": site.deliver, "mail": mail.deliver}
