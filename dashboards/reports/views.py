"""Reports: of any level and period as page, PDF and workbook; those that were sent, as they were; who wants which. Whose
post reads figures of the node may read its reports."""

from datetime import datetime
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from cases.limits.running import read_once
from dashboards.figures.params import period_of, place_of
from dashboards.figures.periods import WORDS, Period
from dashboards.models import Report, Subscription
from dashboards.models.report import KINDS
from dashboards.reports import services as reports
from dashboards.reports.content import Content, content_of, definitions
from dashboards.reports.excel import report_excel
from dashboards.reports.forms import SubscribeForm
from dashboards.reports.pdf import report_pdf
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import allows, posts_in
from web.posted import posted

FORMS = {
    "pdf": (report_pdf, "application/pdf"),
    "xlsx": (report_excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
SHOWN = 20
"""Of the reports that were sent, so many are listed."""


def _content(request: HttpRequest, node_id: int | None, at: datetime) -> Content:
    place = place_of(request, node_id)
    with read_once():
        return content_of(place.node, period_of(request, at), at=at)


def _page(request: HttpRequest, content: Content, files: str, *, kept: Report | None = None) -> HttpResponse:
    """`files`: address of its PDF, without the ending."""
    period = Period.of(content["code"], datetime.fromisoformat(content["first"]).date())
    node = content["node"]
    context = {
        "content": content, "definitions": definitions(content), "period": period, "kept": kept, "files": files,
        "period_words": WORDS,
        "query": "" if kept else f"?period={period.code}&on={period.first}",
        "figures": reverse("dashboards:board", args=[node]) if node else reverse("dashboards:board-county"),
        "subscribe": reverse("dashboards:report-subscribe", args=[node]) if node else reverse("dashboards:report-subscribe-county"),
    }  # fmt: skip
    return render(request, "dashboards/reports/report.html", context)


def _file(content: Content, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    make, mimetype = FORMS[form]
    name = f"{content['place']}{content['period']}{content['title']}.{form}"
    response = HttpResponse(make(content), content_type=mimetype)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@require_safe
@opens_to(area("figures", _content))
def report(request: HttpRequest, node_id: int | None = None) -> HttpResponse:
    """As the figures stand now."""
    content = _content(request, node_id, timezone.now())
    files = (
        reverse("dashboards:report-file", args=[node_id, "pdf"])
        if node_id
        else reverse("dashboards:report-file-county", args=["pdf"])
    )
    return _page(request, content, files.removesuffix("pdf"))


@require_safe
@opens_to(area("figures", _content))
def report_file(request: HttpRequest, form: str, node_id: int | None = None) -> HttpResponse:
    return _file(_content(request, node_id, timezone.now()), form)


def _kept(request: HttpRequest, report_id: int) -> Report:
    """Raises Http404 where there is none, PermissionDenied where this person reads no figures (now)."""
    report: Report = get_object_or_404(Report.objects.select_related("node"), pk=report_id)
    if not any(allows(post, "figures", report.node) for post in posts_in(request)):
        raise PermissionDenied
    return report


@require_safe
@opens_to(area("figures", _kept))
def kept(request: HttpRequest, report_id: int) -> HttpResponse:
    """As it was sent."""
    report = _kept(request, report_id)
    files = reverse("dashboards:report-kept-file", args=[report.pk, "pdf"])
    return _page(request, report.content, files.removesuffix("pdf"), kept=report)


@require_safe
@opens_to(area("figures", _kept))
def kept_file(request: HttpRequest, report_id: int, form: str) -> HttpResponse:
    return _file(_kept(request, report_id).content, form)


@require_safe
@opens_to(verb("figures"))
def mine(request: PersonRequest) -> HttpResponse:
    """What this person subscribed to, and what was sent of it."""
    posts = posts_in(request)
    own = {post.grid_id: post.grid for post in posts if allows(post, "figures", post.grid)}
    held = Subscription.objects.filter(person=request.user).select_related("node").order_by("node__level", "node", "pk")
    wanted = [
        subscription for subscription in held if any(allows(post, "figures", subscription.node) for post in posts)
    ]
    sent = Report.objects.sent_to(wanted).defer("content")[:SHOWN]
    context = {"wanted": wanted, "sent": sent, "own": own.values(), "kinds": KINDS}
    return render(request, "dashboards/reports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(area("figures", place_of))
def subscribe(request: PersonRequest, node_id: int | None = None) -> HttpResponse:
    place = place_of(request, node_id)
    held = list(Subscription.objects.filter(person=request.user, node=place.node))
    initial = {
        "codes": [subscription.code for subscription in held] or ["month"],
        "mail": next((subscription.mail for subscription in held if subscription.mail), ""),
    }
    form = SubscribeForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            reports.subscribe(
                person=request.user,
                node=place.node,
                codes=cleaned["codes"],
                mail=cleaned.get("mail", ""),
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _done(cleaned["codes"]))
            return redirect("dashboards:reports")
    return render(request, "dashboards/reports/subscribe.html", {"place": place, "form": form})


def _done(codes: list[str]) -> str:
    return "订好了。" if codes else "这里的报告不再发给您。"


@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(SIGNED_IN)
def confirm_mail(request: PersonRequest, code: str) -> HttpResponse:
    """The link of the message to a new address. It takes a button, for programs that read mail open links as well."""
    refusal = ""
    if request.method == "POST":
        try:
            reports.confirm_mail(person=request.user, code=code, at=timezone.now())
        except ValidationError as wrong:
            refusal = wrong.messages[0]
        else:
            messages.success(request, "邮箱确认好了，以后的报告也会发到这里。")
            return redirect("dashboards:reports")
    return render(request, "dashboards/reports/mail.html", {"refusal": refusal})
