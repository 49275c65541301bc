"""The steps of signing in with a code, as far as a session has come: the phone, the code, and of whoever comes for the first
time a name; of a child, the guardian's own phone. What is said on the way lies sealed in the session, for sessions are rows
too. Pages and API take the same steps."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts import limiter, services
from accounts.models import User
from accounts.numbers import normalise_phone
from accounts.personal_data import seal, unseal
from accounts.sign_in import browser, codes, joining
from accounts.sign_in.codes import SentCode
from web.client_address import client_address

PHONE = "sign_in_phone"
NEWCOMER = "newcomer"
CHILD = "child"
NEWCOMER_FOR = timedelta(minutes=15)
"""How long a right code lets somebody new say who they are."""
SIGN_IN, AGREE = "sign in", "agree for a child"
"""What a code by SMS is asked for: it serves for nothing else."""


def remember_phone(request: HttpRequest, phone: str) -> None:
    """Raises ValidationError if it is no phone."""
    request.session[PHONE] = seal(normalise_phone(phone))


def phone_said(request: HttpRequest) -> str:
    return unseal(request.session[PHONE]) if request.session.get(PHONE) else ""


def send_code(request: HttpRequest, phone: str, purpose: str) -> SentCode:
    """To this phone, for this session and purpose. Raises ValidationError at `phone`, or TooOften."""
    at, address = timezone.now(), client_address(request)
    limiter.check("code", address=address, at=at)
    return codes.send_code(
        phone=phone,
        asker=browser.asker(request, purpose),
        address=address,
        is_known=browser.is_own(request, phone),
        at=at,
    )


def guessing(request: HttpRequest, purpose: str) -> str:
    """For whom the code that is tried now must have been sent. Raises TooOften when one browser or one address tries
    many, of whichever phones."""
    asker = browser.asker(request, purpose)
    limiter.check("guess", browser=asker, address=client_address(request), at=timezone.now())
    return asker


def prove_phone(request: HttpRequest, *, code: str, at: datetime) -> User | None:
    """The code was right: whose phone it is; None for somebody new, who may now say who they are.

    Raises ValidationError at `code`, or TooOften."""
    phone = phone_said(request)
    person = joining.person_by_code(phone=phone, code=code, asker=guessing(request, SIGN_IN), at=at)
    request.session.pop(PHONE)
    if person is None:
        welcome(request, phone, at=at)
    return person


def welcome(request: HttpRequest, phone: str, *, at: datetime) -> None:
    """This phone was proven a moment ago, and nobody has it yet."""
    request.session[NEWCOMER] = seal(json.dumps({"phone": phone, "until": (at + NEWCOMER_FOR).timestamp()}))


def proven_phone(request: HttpRequest) -> str:
    """Of somebody without an account, whose code was right a moment ago; "" if there is none."""
    if not request.session.get(NEWCOMER):
        return ""
    proven = json.loads(unseal(request.session[NEWCOMER]))
    phone: str = proven["phone"]
    return phone if timezone.now().timestamp() < proven["until"] else ""


def register(request: HttpRequest, cleaned: dict[str, Any]) -> User | None:
    """Whoever has proven their phone, by what NewcomerForm asks; None for a child, for whom a guardian has to agree.

    Raises ValidationError at `name`."""
    phone = proven_phone(request)
    if cleaned["is_child"]:
        name = services.checked_name(cleaned["name"])
        child = {"phone": phone, "name": name, "birth_date": cleaned["birth_date"].isoformat()}
        request.session[CHILD] = seal(json.dumps(child))
        return None
    person = joining.newcomer(phone=phone, name=cleaned["name"], birth_date=cleaned["birth_date"], at=timezone.now())
    request.session.pop(NEWCOMER)
    return person


def child_of(request: HttpRequest) -> dict[str, str] | None:
    """Who waits for a guardian; None for nobody."""
    return json.loads(unseal(request.session[CHILD])) if request.session.get(CHILD) else None


def register_child(request: HttpRequest, cleaned: dict[str, Any]) -> User:
    """The child, with what GuardianForm asks. Raises ValidationError at `guardian_name`, `guardian_phone` or `code`."""
    child = child_of(request) or {}
    person = joining.register_child(
        phone=child["phone"],
        name=child["name"],
        birth_date=date.fromisoformat(child["birth_date"]),
        guardian_name=cleaned["guardian_name"],
        guardian_phone=cleaned["guardian_phone"],
        guardian_code=cleaned["code"],
        asker=guessing(request, AGREE),
        at=timezone.now(),
    )
    request.session.pop(CHILD)
    request.session.pop(NEWCOMER, None)
    return person


def at_guardian(refusal: ValidationError) -> ValidationError:
    """What is wrong with the phone is said at the guardian's phone."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError(
        {"guardian_phone" if at == "phone" else at: errors for at, errors in refusal.error_dict.items()}
    )
