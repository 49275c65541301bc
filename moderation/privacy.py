"""How long this room keeps what was thought of words. Whose they are, the rooms say that keep the words."""

from accounts.privacy.holdings import Keeping
from accounts.privacy.rows import blanked_after
from moderation.models import Clearance

KEEPINGS = (
    Keeping(
        "clearances",
        "公开前核对时内容的摘要和微信的意见",
        365,
        blanked_after(Clearance, "decided_at", digest="", verdict=""),
    ),
)
