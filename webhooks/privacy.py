"""What this room holds about people, and how long it keeps what was sent. Registered when the app is ready."""

from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blanked, deleted_after, rows_of
from webhooks.models import Delivery, Endpoint

HOLDINGS = (
    Holding(
        "推送对象",
        rows_of(Endpoint, "responsible", "name", "made_at"),
        blanked(Endpoint, "responsible", responsible=None),
        about="staff who are responsible for a system that is told of cases",
        why="somebody hears when it no longer takes what is sent",
        erased="it goes on without them",
    ),
)
KEEPINGS = (Keeping("webhook_delivery", "推送记录", 90, deleted_after(Delivery, "made_at")),)
