"""发送记录 and 消息模板."""

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to
from grids.rights.entry import county
from notices.models import Delivery, Template
from notices.texts import LABELS, TEXTS
from operations.channels.forms import DeliveryFilter, TemplateForm
from web.pages import page_of
from web.posted import posted


@require_safe
@opens_to(county("rules"))
def deliveries(request: HttpRequest) -> HttpResponse:
    """What left the house, newest first, with what it cost. What a message says stands with its reader alone."""
    form = DeliveryFilter(request.GET)
    rows = form.narrowed(Delivery.objects.all())
    sums = rows.values("channel", "state").annotate(n=Count("pk"), cost=Sum("cost")).order_by("channel", "state")
    context = {
        "form": form,
        "page": page_of(rows.select_related("notice__person").order_by("-at", "-pk"), request.GET),
        "sums": [
            {**row, "channel": LABELS[row["channel"]], "state": Delivery.State(row["state"]).label} for row in sums
        ],
    }
    return render(request, "operations/channels/deliveries.html", context)


@require_safe
@opens_to(county("rules"))
def template_list(request: HttpRequest) -> HttpResponse:
    """All templates, and the kinds of message that may have one."""
    kinds = [(kind, text.sentence) for kind, text in sorted(TEXTS.items())]
    return render(request, "operations/channels/templates.html", {"templates": Template.objects.all(), "kinds": kinds})


@require_http_methods(["GET", "POST"])
@opens_to(county("rules"))
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new one, or one of them."""
    kept = get_object_or_404(Template, pk=pk) if pk else None
    form = TemplateForm(posted(request), instance=kept)
    if form.is_valid():
        form.save()
        messages.success(request, "消息模板已保存。")
        return redirect("operations:template-list")
    context = {"form": form, "title": "消息模板", "button": "保存", "kept": kept}
    return render(request, "operations/channels/template.html", context)


@require_POST
@opens_to(posts=county("rules"))
def remove_template(request: HttpRequest, pk: int) -> HttpResponse:
    Template.objects.filter(pk=pk).delete()
    messages.success(request, "消息模板已删除，这些消息不再走这个渠道。")
    return redirect("operations:template-list")
