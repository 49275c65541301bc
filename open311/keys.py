"""Keys of systems: made, shown once, found, revoked. Kept is a keyed hash: nobody reads a key out of the database."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from accounts.personal_data import blind_index
from open311.models import ApiKey

NOTED_EVERY = timedelta(minutes=1)
"""When a key was used last is written down so often."""


def make(*, system: str, by: User, at: datetime) -> tuple[ApiKey, str]:
    """A new key for this system, and the key itself, which nobody can tell again."""
    drawn = secrets.token_urlsafe(32)
    with transaction.atomic():
        kept = ApiKey.objects.create(system=system, digest=_digest(drawn), responsible=by, created_at=at)
        audit.record(act=Act.SETTING, at=at, by=by.pk, thing=f"新增接入密钥 {kept.pk}", words=system)
    return kept, drawn


def revoke(*, key: ApiKey, by: User, at: datetime) -> None:
    """From now on it opens nothing. Twice is once."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, is_active=True).update(is_active=False):
            audit.record(act=Act.SETTING, at=at, by=by.pk, thing=f"停用接入密钥 {key.pk}", words=key.system)


def key_of(request: HttpRequest) -> ApiKey:
    """Whose `api_key` was sent. Raises PermissionDenied: none, or none that opens."""
    key = sent_key(request)
    if key is None:
        raise PermissionDenied("缺少 api_key，请向县级管理员申请接入密钥。")
    return key


def sent_key(request: HttpRequest) -> ApiKey | None:
    """The same where it may be left out. Raises PermissionDenied: it was sent and does not open."""
    sent = (request.POST if request.method == "POST" else request.GET).get("api_key", "").strip()
    if not sent:
        return None
    key = ApiKey.objects.filter(digest=_digest(sent), is_active=True).first()
    if key is None:
        raise PermissionDenied("api_key 不对或已停用。")
    _note_use(key, timezone.now())
    return key


def _note_use(key: ApiKey, at: datetime) -> None:
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
    ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=at)


def _digest(key: str) -> str:
    return blind_index(key, purpose="open311 key")
