"""A system of others that is told of cases: a server on this machine, and an endpoint for it."""

from typing import Any

import pytest
from django.utils import timezone

from tests.support.standins.server import Answer, StandIn
from webhooks import services
from webhooks.models import Endpoint


@pytest.fixture
def desk(settings):
    """Takes all that it is sent."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with StandIn(lambda asked: Answer(b"", status=204)) as server:
        yield server


@pytest.fixture
def endpoint(desk, county_admin):
    return made(desk, by=county_admin)


def made(server: StandIn, *, by: Any, **values: Any) -> Endpoint:
    kept = Endpoint(**{"name": "12345 平台", "url": f"{server.url}/hooks", "kinds": "*", "responsible": by, **values})
    kept.clean()
    services.save(kept, by=by, at=timezone.now())
    return kept
