"""推送: systems of others, and 推送记录, what was sent to each."""

from typing import cast

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to
from accounts.models import User
from accounts.personal_data import seal, unseal
from grids.rights.entry import county
from web.pages import page_of
from web.posted import posted
from webhooks import services
from webhooks.forms import DeliveryFilter, EndpointForm
from webhooks.models import Delivery, Endpoint
from webhooks.payload import types

SECRET = "webhook_secret"


@require_safe
@opens_to(county("rules"))
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """All endpoints with what waits and what did not arrive, and the kinds of event there are."""
    states = {"waiting": Delivery.State.WAITING, "failed": Delivery.State.GIVEN_UP}
    counts = {name: Count("deliveries", Q(deliveries__state=state)) for name, state in states.items()}
    endpoints = Endpoint.objects.select_related("area", "responsible").annotate(**counts)
    return render(request, "webhooks/endpoints.html", {"endpoints": endpoints, "types": types().items()})


@require_http_methods(["GET", "POST"])
@opens_to(county("rules"))
def endpoint(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new one, or one of them. Of a new one the secret is shown next."""
    at = timezone.now()
    kept = get_object_or_404(Endpoint, pk=pk) if pk else None
    form = EndpointForm(posted(request), instance=kept, at=at)
    if form.is_valid():
        if secret := services.save(form.instance, by=cast(User, request.user), at=at):
            return _show_secret(request, form.instance, secret)
        messages.success(request, "推送对象已保存。")
        return redirect("webhooks:list")
    context = {"form": form, "title": "推送对象", "button": "保存", "kept": kept}
    return render(request, "webhooks/endpoint.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(county("rules"))
@never_cache
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: a new one. GET: shows it, once, to whoever made it."""
    kept = get_object_or_404(Endpoint, pk=pk)
    if request.method == "POST":
        made = services.change_secret(kept, by=cast(User, request.user), at=timezone.now())
        return _show_secret(request, kept, made)
    sealed = request.session.pop(f"{SECRET}_{pk}", "")
    return render(request, "webhooks/secret.html", {"endpoint": kept, "secret": unseal(sealed) if sealed else ""})


def _show_secret(request: HttpRequest, kept: Endpoint, made: str) -> HttpResponse:
    request.session[f"{SECRET}_{kept.pk}"] = seal(made)
    return redirect("webhooks:secret", kept.pk)


@require_POST
@opens_to(posts=county("rules"))
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    services.remove(get_object_or_404(Endpoint, pk=pk), by=cast(User, request.user), at=timezone.now())
    messages.success(request, "推送对象已删除，它的推送记录也已删除。")
    return redirect("webhooks:list")


@require_POST
@opens_to(posts=county("rules"))
def send_failed_again(request: HttpRequest, pk: int) -> HttpResponse:
    again = services.send_failed_again(get_object_or_404(Endpoint, pk=pk), at=timezone.now())
    messages.success(request, f"{again} 条未送达的将再发一次。")
    return redirect("webhooks:list")


@require_safe
@opens_to(county("rules"))
def delivery_list(request: HttpRequest) -> HttpResponse:
    """推送记录, newest first."""
    form = DeliveryFilter(request.GET)
    rows = Delivery.objects.filter(**form.chosen).select_related("endpoint", "case")
    context = {"form": form, "page": page_of(rows.order_by("-made_at", "-pk"), request.GET)}
    return render(request, "webhooks/deliveries.html", context)


@require_safe
@opens_to(county("rules"))
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with what was sent."""
    kept = get_object_or_404(Delivery.objects.select_related("endpoint", "case"), pk=pk)
    return render(request, "webhooks/delivery.html", {"delivery": kept, "is_ended": kept.state in services.ENDED})


@require_POST
@opens_to(posts=county("rules"))
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    if services.send_again(get_object_or_404(Delivery, pk=pk), at=timezone.now()):
        messages.success(request, "将再发一次。")
    else:
        messages.error(request, "这一条还在等待推送，或者事项已不公开，不能再发。")
    return redirect("webhooks:delivery", pk)
