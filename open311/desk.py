"""外部系统接入: who sets the rules of the whole county gives keys and takes them away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import county
from open311 import keys
from open311.forms import KeyForm
from open311.models import ApiKey
from web.posted import posted


@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(county("rules"))
def key_list(request: PersonRequest) -> HttpResponse:
    """All keys, and a new one: on the answer to that form it stands once, and nowhere else ever."""
    form, drawn = KeyForm(posted(request)), ""
    if form.is_valid():
        _, drawn = keys.make(system=form.cleaned_data["system"], by=request.user, at=timezone.now())
        form = KeyForm()
    context = {
        "form": form,
        "drawn": drawn,
        "keys": ApiKey.objects.select_related("responsible").order_by("-is_active", "system", "-pk"),
        "address": request.build_absolute_uri(reverse("open311:discovery", kwargs={"suffix": ".xml"})),
    }
    return render(request, "open311/keys.html", context)


@require_POST
@opens_to(posts=county("rules"))
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    keys.revoke(key=get_object_or_404(ApiKey, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, "密钥已停用，从现在起不能再用它读取或转来诉求。")
    return redirect("open311:key-list")
