"""Endpoints as staff keep them, and deliveries that are sent once more. Each change is a line of the audit trail."""

import base64
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from webhooks.models import Delivery, Endpoint

SECRET_BYTES = 32
ENDED = (Delivery.State.ARRIVED, Delivery.State.GIVEN_UP)
"""What may be sent once more."""


@transaction.atomic
def save(endpoint: Endpoint, *, by: User, at: datetime) -> str:
    """The secret of a new one, which nobody is shown again; "" of one that was there."""
    secret = ""
    if endpoint.pk is None:
        secret = endpoint.secret = new_secret()
        endpoint.made_at = at
    if endpoint.is_active:
        endpoint.gone_at = None
    endpoint.save()
    _note(endpoint, "保存", by, at)
    return secret


@transaction.atomic
def change_secret(endpoint: Endpoint, *, by: User, at: datetime) -> str:
    """The new one. What is sent from now on is signed with it."""
    secret = endpoint.secret = new_secret()
    endpoint.save(update_fields=["secret"])
    _note(endpoint, "更换密钥", by, at)
    return secret


@transaction.atomic
def remove(endpoint: Endpoint, *, by: User, at: datetime) -> None:
    """With all that was sent to it."""
    _note(endpoint, "删除", by, at)
    endpoint.delete()


def new_secret() -> str:
    """As Standard Webhooks write it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def send_again(delivery: Delivery, *, at: datetime) -> bool:
    """Under the same id. False: it still waits, or may not be sent any more."""
    return bool(_again(Delivery.objects.filter(pk=delivery.pk, state__in=ENDED), at))


def send_failed_again(endpoint: Endpoint, *, at: datetime) -> int:
    """All that did not arrive there; how many."""
    return _again(endpoint.deliveries.filter(state=Delivery.State.GIVEN_UP), at)


def _again(rows: QuerySet[Delivery], at: datetime) -> int:
    return rows.update(state=Delivery.State.WAITING, due_at=at, tries=0, leased_until=None)


def _note(endpoint: Endpoint, what: str, by: User, at: datetime) -> None:
    audit.record(act=Act.SETTING, at=at, by=by.pk, thing=f"推送对象 {endpoint.pk} {what}", words=endpoint.url)
