"""/healthz: this process answers. /readyz: the portal does its work. 系统状态: the same, for who looks after it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to
from grids.rights.entry import county
from notices.delivery.outbox import given_up
from operations import health
from operations.models import Heartbeat


@require_safe
@opens_to(PUBLIC)
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@require_safe
@opens_to(PUBLIC)
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every check is well, else 503; in either case what each of them says."""
    asked = health.checks(at=timezone.now())
    is_well = health.is_well(asked)
    answers = {check.code: {"ok": check.is_ok, "words": check.words} for check in asked}
    return JsonResponse({"ok": is_well, "checks": answers}, status=200 if is_well else 503)


@require_safe
@opens_to(county("rules"))
def status(request: HttpRequest) -> HttpResponse:
    """Who sets the rules of the whole county looks after the system, too."""
    at = timezone.now()
    asked = health.checks(at=at)
    context = {
        "checks": asked,
        "is_well": health.is_well(asked),
        "heartbeats": Heartbeat.objects.order_by("part", "host"),
        "given_up": given_up(at=at).count(),
        "version": settings.VERSION,
        "at": at,
    }
    return render(request, "operations/status.html", context)
