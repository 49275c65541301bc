"""Signing in by the county's own sign-in service: off to it, and back."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limiter
from accounts.entry import PUBLIC, opens_to
from accounts.sign_in import oidc, ways
from accounts.sign_in import sessions as signing_in
from web.client_address import client_address


@never_cache
@require_safe
@opens_to(PUBLIC)
def leave(request: HttpRequest) -> HttpResponse:
    """By a link: forms of ours lead to no other site (zhenghe/security.py)."""
    limiter.check("visit", address=client_address(request), at=timezone.now())
    try:
        return oidc.leave(request, target=ways.next_page(request))
    except ValidationError as refusal:
        return _refused(request, refusal)


@never_cache
@require_safe
@opens_to(PUBLIC)
def back(request: HttpRequest) -> HttpResponse:
    """The second factor is asked for as after a password, unless the service has asked for several itself."""
    at = timezone.now()
    try:
        person, by_several_factors, target = oidc.come_back(request, at=at)
    except ValidationError as refusal:
        return _refused(request, refusal)
    if by_several_factors:
        signing_in.all_factors_passed(request, person, at=at)
        return redirect(target)
    return ways.go_on(request, person, target=target)


def _refused(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    return render(request, "accounts/sign_in/oidc.html", {"words": refusal.messages[0]})
