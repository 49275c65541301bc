"""Signing in by the county's own sign-in service (统一身份认证), where it has one that speaks OpenID Connect. It says whose phone
it is; who that is, and what they may do, the portal knows itself: nobody gets an account or a post by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from gateways.timeouts import timeouts
from web.client_address import client_address

TARGET = "oidc_target"
"""In a session: where to go after signing in; the service brings back nothing of ours but the state."""
SEVERAL_FACTORS = "mfa"
"""RFC 8176: the service has asked for more than one factor."""
UNREACHABLE = "统一身份认证暂时没有回应，请过一会儿再试，或用手机号和密码登录。"
NOT_PROVEN = "统一身份认证没有认出您，请再试一次，或用手机号和密码登录。"

NO_ANSWER = (requests.RequestException, RuntimeError, LookupError, TypeError, ValueError)
"""None came, or one that is none: the library takes what comes for what was agreed, and falls over what is missing."""


class Proven(NamedTuple):
    person: User
    by_several_factors: bool
    target: str


def is_open() -> bool:
    return bool(settings.OIDC_ISSUER)


def leave(request: HttpRequest, *, target: str) -> HttpResponse:
    """Off to the service, which brings the person back to `accounts:oidc-back`. Raises ValidationError when it is down."""
    request.session[TARGET] = target
    back = request.build_absolute_uri(reverse("accounts:oidc-back"))
    with _answering():
        answer: HttpResponse = _client(*_settings()).authorize_redirect(request, back)
    return answer


def come_back(request: HttpRequest, *, at: datetime) -> Proven:
    """Whose phone the service says it is. Raises ValidationError: not begun here, not proven, nobody's, or closed."""
    target = request.session.pop(TARGET, "/")
    claims = _claims(request)
    person = _person_of(claims)
    if person is None or not person.may_sign_in:
        audit.record(
            act=Act.SIGN_IN_FAILED,
            at=at,
            about=person.pk if person else None,
            address=client_address(request),
            is_success=False,
        )
        raise ValidationError("统一身份认证里的手机号，在这里没有可用的账号。请联系社区管理员。")
    return Proven(person, SEVERAL_FACTORS in claims.get("amr", ()), target)


def _claims(request: HttpRequest) -> dict[str, Any]:
    """What the service says of whom it sent back: signed by it, for us, and for the visit that began in this session."""
    wanted = {"iss": {"essential": True, "values": [settings.OIDC_ISSUER]}}
    with _answering():
        token = _client(*_settings()).authorize_access_token(request, claims_options=wanted)
    if "userinfo" not in token:  # an answer without an ID token
        raise ValidationError(NOT_PROVEN)
    return dict(token["userinfo"])


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (AuthlibBaseError, JoseError) as refusal:
        raise ValidationError(NOT_PROVEN) from refusal
    except NO_ANSWER as fault:
        _client.cache_clear()  # it may have kept what was no answer
        raise ValidationError(UNREACHABLE) from fault


def _person_of(claims: dict[str, Any]) -> User | None:
    """By their phone, if the service vouches for it: one that people type in themselves would open anybody's account."""
    phone = claims.get("phone_number")
    if claims.get("phone_number_verified") is not True or not isinstance(phone, str):
        raise ValidationError("统一身份认证没有给出核实过的手机号。请联系管理员。")
    try:
        return User.objects.with_phone(phone)
    except ValidationError:
        return None


def _settings() -> tuple[str, str, str, tuple[float, float]]:
    """Raises ValidationError where the county has no such service."""
    if not is_open():
        raise ValidationError("这里没有开通统一身份认证，请用手机号和密码登录。")
    return settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, timeouts()


@lru_cache(maxsize=1)
def _client(issuer: str, client_id: str, secret: str, patience: tuple[float, float]) -> Any:
    """One a process: it keeps what the service says of itself, and its keys, which it fetches anew for a key it lacks."""
    return OAuth().register(
        "county",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid phone", "code_challenge_method": "S256", "default_timeout": patience},
    )
