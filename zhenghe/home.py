"""Pages that belong to no room: the front page, the large-print switch, and what every page's frame shows."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.entry import PUBLIC, opens_to
from accounts.models import User
from accounts.personal_data import blind_index
from accounts.sign_in.ways import page_of_ours
from accounts.unsent import forms as kept_forms
from cases.models import Case
from cases.reading.story import cards
from desk import menu as desk_menu
from desk.menu import Group
from grids.rights.jurisdiction import posts_in
from notices.models import Notice
from residents.models import Resident
from web import menu

PRINT_COOKIE = "print"


@require_safe
@opens_to(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """For residents: file a request, my latest ones. Who holds a post goes to their to-do, who works at a desk to the desk."""
    if not request.user.is_authenticated:
        return render(request, "zhenghe/home.html", {"cards": []})
    if posts_in(request):
        return redirect("desk:today" if request.user.is_staff else "cases:list")
    mine = Case.objects.seated(request.user).with_cards().order_by("-opened_at")[:3]
    context = {"cards": cards(list(mine), at=timezone.now()), "my_grid": _my_grid(request.user)}
    return render(request, "zhenghe/home.html", context)


def _my_grid(person: User) -> str:
    """The page that says who answers for where they live; it asks where, unless they let us remember it."""
    path = reverse("grids:my-grid")
    home = Resident.objects.filter(person=person).values_list("grid", "building__estate", "building").first()
    if home is None:
        return path
    grid, estate, building = home
    return f"{path}?{urlencode({'place': estate or grid, 'building': building or ''})}"


@require_POST
@opens_to(posts=PUBLIC)
def large_print(request: HttpRequest) -> HttpResponse:
    """长辈版 on or off, for a year on this device."""
    response = redirect(page_of_ours(request, request.POST.get("next", "")))
    if request.COOKIES.get(PRINT_COOKIE) == "large":
        response.delete_cookie(PRINT_COOKIE)
    else:
        response.set_cookie(PRINT_COOKIE, "large", max_age=timedelta(days=365), samesite="Lax", httponly=True)
    return response


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: print size and the navigation of whoever looks."""
    return {
        "large_print": request.COOKIES.get(PRINT_COOKIE) == "large",
        "is_demo": settings.DEMO,
        # Asked for by our own pages, not by the admin's many parts.
        "nav_items": SimpleLazyObject(lambda: _nav(request)),
        "side_menu": SimpleLazyObject(lambda: _side_menu(request)),
        "person_mark": SimpleLazyObject(lambda: _person_mark(request)),
        "has_unsent": SimpleLazyObject(lambda: _has_unsent(request)),
    }


def _person_mark(request: HttpRequest) -> str:
    """By which this browser knows again whose unsent words it keeps (static/js/outbox.js); it says nothing of who it is."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return ""
    return blind_index(str(request.user.pk), purpose="offline filings")[:16]


def environment(request: HttpRequest) -> tuple[str, str] | None:
    """The label in the admin's head: named in the settings of its theme."""
    return ("演示系统，请勿录入真实信息", "danger") if settings.DEMO else None


def _has_unsent(request: HttpRequest) -> bool:
    """Whether something waits that was written on another page: on its own it is put back."""
    if not hasattr(request, "user") or not request.user.is_authenticated or request.path == reverse("accounts:unsent"):
        return False
    return any(urlsplit(kept.page).path != request.path for kept in kept_forms.waiting(request))


def _side_menu(request: HttpRequest) -> list[Group]:
    """Of whoever works at a desk; nobody else has one."""
    if not hasattr(request, "user") or not request.user.is_staff:
        return []
    return desk_menu.offered(request, {"notices:list": _unread(request)})


def _unread(request: HttpRequest) -> int:
    return Notice.objects.on_site().filter(person=request.user, read_at=None).count()


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return []
    items = [
        ("首页", reverse("home"), 0),
        *((entry.label, reverse(entry.address), 0) for entry in menu.offered(request)),
        ("事项", reverse("cases:list"), 0),
        ("消息", reverse("notices:list"), _unread(request)),
    ]
    return [
        {"label": label, "url": url, "is_current": request.path == url, "count": count} for label, url, count in items
    ]
