"""`Idempotency-Key`: a call that was sent twice, as phones do when the line breaks, is done once
(draft-ietf-httpapi-idempotency-key-header). The key is the caller's own; it is good for a day."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiter
from accounts.models import KeptAnswer

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=1)
LONGEST = 200


class OtherBody(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "这个 Idempotency-Key 已经用于另一次内容不同的请求。"


class NoKey(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = f"Idempotency-Key 应为 1–{LONGEST} 个可见的 ASCII 字符。"


def once(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Of a POST that makes something. The answer is kept in the transaction of what it tells of: either both stand or
    neither. A refusal is not kept: whoever corrects the call may use the key again. Whoever sends the same call meanwhile
    waits for the first."""

    @wraps(handler)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
            raise NoKey
        at = timezone.now()
        _count(request, at)
        with transaction.atomic():
            kept = _kept(request, key, at)
            if kept is not None:
                return kept
            response = handler(view, request, *args, **kwargs)
            body = json.dumps(response.data, ensure_ascii=False, default=str)
            KeptAnswer.objects.filter(person=request.user.pk, key=key).update(status=response.status_code, body=body)
        return response

    return answered


def _count(request: Request, at: datetime) -> None:
    """Before the transaction, and as tight as acts are: a refusal in it takes its own counts back with it."""
    limiter.check("call", person=request.user.pk, at=at)


def _kept(request: Request, key: str, at: datetime) -> Response | None:
    """What was answered before; None: this is the first such call, and others wait for its end from here on."""
    digest = _digest(request)
    begun = KeptAnswer(person_id=request.user.pk, key=key, digest=digest, kept_at=at)  # type: ignore[misc]  # signed in
    KeptAnswer.objects.filter(person=request.user.pk, key=key, kept_at__lt=at - KEPT_FOR).delete()
    KeptAnswer.objects.bulk_create([begun], ignore_conflicts=True)
    before = KeptAnswer.objects.get(person=request.user.pk, key=key)
    if before.digest != digest:
        raise OtherBody
    return Response(json.loads(before.body), status=before.status) if before.status else None


def _digest(request: Request) -> str:
    """Of where and what. Not of the bytes: the same form is sent with another boundary each time."""
    text = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    form = cast("MultiValueDict[str, Any]", request.data)  # as zhenghe/api.py reads it
    for name, values in sorted(form.lists()):
        for value in values:
            if hasattr(value, "chunks"):
                text.update(repr((name, value.name, value.size)).encode())
                for chunk in value.chunks():
                    text.update(chunk)
                value.seek(0)
            else:
                text.update(repr((name, value)).encode())
    return text.hexdigest()
