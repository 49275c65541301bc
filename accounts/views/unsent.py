"""What a person could not send: put back into its form, listed on a page of its own, thrown away."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.entry import SIGNED_IN, opens_to
from accounts.models import KeptForm
from accounts.unsent import forms as kept_forms
from web.refill import refill


@never_cache
@require_safe
@opens_to(SIGNED_IN)
def unsent(request: HttpRequest) -> HttpResponse:
    """For what found no way back into its form, and for whoever does not want it."""
    return render(
        request, "accounts/unsent.html", {"forms": kept_forms.waiting(request), "hours": settings.KEPT_FORM_HOURS}
    )


@require_POST
@opens_to(posts=SIGNED_IN)
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    kept_forms.forget(kept for kept in kept_forms.waiting(request) if kept.key == key)
    messages.info(request, "已清除。")
    return redirect("accounts:unsent")


def say_kept(request: HttpRequest) -> None:
    """On the way to a door, of a form that was not taken."""
    if request.method != "POST":
        return
    kept = kept_forms.keep(request)
    if kept is not None and kept.has_lost_files:
        messages.warning(
            request, "刚才没有送出，写的内容已经留好，登录后会放回原处；照片和文件没能留下，请到时重新选。"
        )
    elif kept is not None:
        messages.info(request, "刚才没有送出，内容已经留好，登录后会放回原处。")


def begin(request: HttpRequest) -> None:
    """A form arrives that may have been given back: its files come along."""
    kept_forms.bring_files(request)


def end(request: HttpRequest, response: HttpResponse) -> None:
    """What was given back has been sent: it was taken, or its words stand on the page that answers."""
    kept = kept_forms.given_back(request)
    if kept is None:
        return
    is_taken = 300 <= response.status_code < 400
    is_shown = response.status_code == 200 and not kept.files.all() and kept.values.keys() <= request.POST.keys()
    if is_taken or is_shown:
        kept_forms.forget([kept])
        kept_forms.look_again(request)


def give_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page with what was kept in its forms. Where there is no such page, the one that lists it."""
    waiting = [] if request.headers.get("HX-Request") else kept_forms.waiting(request)
    if not waiting:
        return response
    if response.status_code == 405 and request.method == "GET" and any(kept.action == request.path for kept in waiting):
        return redirect("accounts:unsent")
    if response.status_code == 200 and not response.streaming and response["Content-Type"].startswith("text/html"):
        for kept in waiting:
            _fill(request, response, kept)
    return response


def _fill(request: HttpRequest, response: HttpResponse, kept: KeptForm) -> None:
    page = response.content.decode(response.charset)
    if kept.action != request.path and escape(kept.action) not in page:
        return
    is_answer = request.method == "POST"
    filled = refill(
        page,
        address=request.get_full_path(),
        action=kept.action,
        values=kept.values,
        note=lambda left_over: _note(kept, left_over),
        sent=frozenset(request.POST) if is_answer else None,
    )
    if filled != page:
        response.content = filled.encode(response.charset)


def _note(kept: KeptForm, left_over: list[str]) -> str:
    files = list(kept.files.all())
    return render_to_string(
        "accounts/_given_back.html",
        {
            "kept": kept,
            "files": files,
            "left_over": left_over,
            "key_field": kept_forms.KEY,
            "without_files": kept_forms.WITHOUT_FILES,
        },
    )
