"""An endpoint and what was sent to it, for the walk over every door (tests/house/test_permissions.py)."""

from typing import Any

from accounts.models import User
from cases.models import Case
from tests.support.cast import MONDAY
from webhooks import services
from webhooks.models import Delivery, Endpoint


def webhook_doors(case: Case, by: User) -> dict[str, Any]:
    """Door -> its arguments."""
    endpoint = Endpoint(name="12345 平台", url="https://12345.example.cn/hooks", kinds="*", responsible=by)
    services.save(endpoint, by=by, at=MONDAY)
    event = case.events.order_by("number")[0]
    delivery = Delivery.objects.create(
        endpoint=endpoint, event=event, case=case, type="request.open", body="{}", made_at=MONDAY, due_at=MONDAY
    )
    return {
        **dict.fromkeys(
            ("webhooks:endpoint", "webhooks:secret", "webhooks:remove", "webhooks:failed-again"), {"pk": endpoint.pk}
        ),
        **dict.fromkeys(("webhooks:delivery", "webhooks:delivery-again"), {"pk": delivery.pk}),
    }
