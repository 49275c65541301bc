"""The access token of an account: one for all processes, fetched once a life and renewed before its end. WeChat keeps the
one before alive for five minutes, so nobody's call fails meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from gateways.models import AccessToken

EARLY = timedelta(minutes=5)
"""So long before its end it is renewed."""

LONGEST = timedelta(hours=2, minutes=1)

Fetch = Callable[[bool], tuple[str, int]]
"""Ask WeChat for a token, by force where it is True; it and the seconds it lives."""


def current(app_id: str, fetch: Fetch, *, at: datetime) -> str:
    """Whoever comes first fetches; all others wait for that one answer. Raises what `fetch` raises."""
    # One that ends later than any lives was written by a clock that ran ahead.
    alive = AccessToken.objects.filter(app_id=app_id, expires_at__range=(at + EARLY, at + LONGEST))
    kept = alive.first()
    return kept.token if kept else _renewed(app_id, fetch, at=at, rejected="")


def instead_of(rejected: str, app_id: str, fetch: Fetch, *, at: datetime) -> str:
    """WeChat did not take `rejected` though its time was not over. Somebody else may have fetched another by now."""
    return _renewed(app_id, fetch, at=at, rejected=rejected)


def _renewed(app_id: str, fetch: Fetch, *, at: datetime, rejected: str) -> str:
    AccessToken.objects.get_or_create(app_id=app_id)
    with transaction.atomic():
        kept = AccessToken.objects.select_for_update().get(app_id=app_id)
        is_alive = kept.expires_at is not None and at + EARLY < kept.expires_at <= at + LONGEST
        if is_alive and kept.token != rejected:
            return kept.token
        token, seconds = fetch(False)
        if token == rejected:  # WeChat still thinks it good; by force only then, for that may be asked 20 times a day
            token, seconds = fetch(True)
        kept.token, kept.expires_at = token, at + timedelta(seconds=seconds)
        kept.save()
    return kept.token
