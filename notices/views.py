from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from notices import services
from notices.models import Notice
from web.pages import page_of


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def notice_list(request: PersonRequest) -> HttpResponse:
    """My notices, newest first. POST marks them all as read."""
    if request.method == "POST":
        services.mark_read(person=request.user, at=timezone.now())
    mine = Notice.objects.on_site().filter(person=request.user).order_by("-due_at", "-pk")
    page = page_of(mine, request.GET)
    return render(request, "notices/notice_list.html", {"page": page})
