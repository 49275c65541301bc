"""Moments that rows keep: due from then, held until then. A clock that ran ahead and was set right leaves some that lie
further off than anybody ever waits or holds; they count as if they were now, or what they stand for would wait for hours."""

from datetime import datetime, timedelta

from django.db.models import Q

CLOCKS_DIFFER = timedelta(minutes=1)
"""So far those of two machines may be apart and both be right."""


def due(field: str, *, at: datetime, longest: timedelta) -> Q:
    """Rows whose moment has come. Nobody sets it more than `longest` ahead."""
    return Q(**{f"{field}__lte": at}) | Q(**{f"{field}__gt": at + longest + CLOCKS_DIFFER})


def held(*, at: datetime, longest: timedelta) -> Q:
    """Rows that somebody has in hand (`leased_until`). Nobody takes one for more than `longest`."""
    return Q(leased_until__gt=at, leased_until__lte=at + longest + CLOCKS_DIFFER)
