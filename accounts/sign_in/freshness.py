"""Pages that change what an account itself is open only to somebody who signed in a moment ago (ASVS 3.7.1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.requests import PersonRequest
from accounts.sign_in import sessions as signing_in
from accounts.sign_in import ways as doors


def fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below `opens_to`. Who signed in longer ago signs in again and comes back."""

    @wraps(view)
    def only_fresh(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if signing_in.is_fresh(request, at=timezone.now()):
            return view(request, *args, **kwargs)
        door = doors.door_for(request.user)
        logout(request)
        messages.warning(request, "这一步要改账号本身，为了安全请重新登录一次。")
        return redirect(doors.to_door(door, request.get_full_path()))

    return only_fresh
