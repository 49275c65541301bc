"""Whoever was named as a party by phone finds their dispute when they first sign in with it."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from disputes.services.opening import claim


def claim_on_sign_in(user: User, **_: Any) -> None:
    claim(person=user, at=timezone.now())
