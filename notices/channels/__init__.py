"""The ways a notice reaches a person. Two dicts know them all; nothing else names them. Each says the message from its facts
as it can, and goes or does not go by what the person has at that moment."""

from collections.abc import Callable
from datetime import timedelta

from notices.channels import mail, site, sms, wechat
from notices.channels.sending import Sent
from notices.models import Notice, Template
from notices.texts import MAIL, OFFICIAL, SITE, SMS, WECHAT

CHANNELS: dict[str, Callable[[Notice], bool]] = {SITE: site.deliver, MAIL: mail.deliver}
"""Those that a kind of message names itself. Whether it went: False where this person has no such channel now, which is the
end of it. Raises what broke."""
PUSH: dict[str, Callable[[Notice, Template], Sent | None]] = {
    WECHAT: wechat.tell_subscriber, OFFICIAL: wechat.tell_follower, SMS: sms.deliver,
}  # fmt: skip
"""Those that go by the county's templates. None where this person has no such channel now. Raises Refused or Down
(gateways/faults.py)."""
LONGEST = {SITE: timedelta(seconds=15), MAIL: timedelta(minutes=2)}
"""How long one sending takes at most. So long nobody else takes the message; a worker that dies over it delays it by this."""
LONGEST_PUSH = timedelta(seconds=30)
"""All ways of PUSH, one after the other, none of which answers."""
