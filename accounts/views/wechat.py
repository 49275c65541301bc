"""In WeChat's own browser: to be told by the county's 公众号."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from accounts.sign_in import wechat


@never_cache
@require_safe
@opens_to(SIGNED_IN)
def follow(request: PersonRequest) -> HttpResponse:
    """Off to WeChat, which asks nothing and comes back. By a link: forms of ours lead to no other site (zhenghe/security.py)."""
    address = wechat.to_official_account(request, back_to=request.build_absolute_uri(reverse("accounts:wechat-back")))
    if address is None:
        messages.warning(request, "这里没有开通公众号。")
        return redirect("home")
    return redirect(address)


@never_cache
@require_safe
@opens_to(SIGNED_IN)
def back(request: PersonRequest) -> HttpResponse:
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    try:
        wechat.link_follower(request, request.user, code=code, state=state, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "好了，以后公众号也会提醒您。")
    return redirect("home")
