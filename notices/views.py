import json

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.entry import LINK, SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from notices import services
from notices.delivery import reports
from notices.forms import ChoicesForm
from notices.models import Choices, Notice
from web.pages import page_of
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def notice_list(request: PersonRequest) -> HttpResponse:
    """My notices, newest first. POST marks them all as read."""
    if request.method == "POST":
        services.mark_read(person=request.user, at=timezone.now())
    mine = Notice.objects.on_site().filter(person=request.user).order_by("-told_at", "-pk")
    page = page_of(mine, request.GET)
    return render(request, "notices/notice_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def choices(request: PersonRequest) -> HttpResponse:
    """By which ways I am told, and when."""
    kept = Choices.objects.filter(person=request.user).first() or Choices(person=request.user)
    form = ChoicesForm(posted(request), initial=ChoicesForm.initial_of(kept))
    if form.is_valid():
        services.choose(
            person=request.user, ways=form.cleaned_data["ways"], digest_hours=form.cleaned_data["digest_hours"]
        )
        messages.success(request, "消息设置已保存。")
        return redirect("notices:list")
    context = {"form": form, "title": "消息设置", "button": "保存", "may_follow": _may_follow(request)}
    return render(request, "notices/choices.html", context)


def _may_follow(request: HttpRequest) -> bool:
    """In WeChat's browser alone can one be joined with its 公众号."""
    return bool(settings.WECHAT_OFFICIAL_ID) and "MicroMessenger" in request.headers.get("User-Agent", "")


@csrf_exempt
@require_POST
@opens_to(posts=LINK)
def sms_report(request: HttpRequest, key: str) -> HttpResponse:
    """A gateway reports what arrived: a list of rows, answered in its own form. It knows the address by settings."""
    if not settings.SMS_REPORT_KEY or not constant_time_compare(key, settings.SMS_REPORT_KEY):
        raise Http404
    try:
        reported = reports.read(json.loads(request.body))
    except (ValueError, KeyError, TypeError, AttributeError, RawPostDataException):  # the last: it came as a form
        return HttpResponseBadRequest("不是短信状态报告。", content_type="text/plain; charset=utf-8")
    reports.note(reported, at=timezone.now())
    return JsonResponse({"code": 0, "msg": "OK", "result": 0, "errmsg": "OK"})
