"""How the API reads what is sent, and how it says no: always as application/problem+json (RFC 9457), whoever refuses.

A problem has `type`, `title`, `status` and `detail`; `errors` names the fields, each by `pointer` (a JSON pointer) and
`detail`. `bad_request` to `server_error` are the portal's handlers of whatever no view has answered."""

import json
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views import defaults
from rest_framework import authentication, parsers
from rest_framework.exceptions import APIException, ParseError, PermissionDenied
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import limiter
from accounts.api.tokens import has_token
from accounts.entry import READS
from accounts.limiter import TooOften
from cases.engine.turns import CaseMovedOn
from locks.deadlocks import MET_SOMEBODY, is_deadlock
from web.client_address import client_address
from zhenghe import refusals

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict
    from rest_framework.views import APIView

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "不能这样做",
    404: "没有找到",
    405: "方法不对",
    406: "给不出要的格式",
    409: "已被他人处理",
    415: "读不懂这种格式",
    422: "和上次不一样",
    429: "太频繁了",
    500: "系统出了故障",
}
UNREADABLE = "请求的内容读不出来：应是 JSON 对象，或者表单。"
STALE = "页面放得太久了，或者没有带上 X-CSRFToken，请重新取得后再试。"


def problem(
    status: int, detail: str, errors: dict[str, list[str]] | None = None, headers: dict[str, str] | None = None
) -> JsonResponse:
    """`errors` by name of field."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    members: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if errors:
        members["errors"] = [
            {"pointer": _pointer(name), "detail": words} for name, several in errors.items() for words in several
        ]
    return JsonResponse(members, status=status, headers=headers, content_type="application/problem+json")


def _pointer(name: str) -> str:
    return "#/" + name.replace("~", "~0").replace("/", "~1")


def refusal(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """What a view of the API raised. None: the handlers below answer."""
    if isinstance(exc, TooOften):
        return problem(429, exc.messages[0], headers={"Retry-After": str(exc.wait)})
    if isinstance(exc, ValidationError):
        return _refused(409 if isinstance(exc, CaseMovedOn) else 400, exc)
    if is_deadlock(exc):
        return problem(409, MET_SOMEBODY, headers={"Retry-After": "1"})
    if isinstance(exc, ParseError):
        return problem(400, UNREADABLE)
    if isinstance(exc, APIException):
        header = getattr(exc, "auth_header", "")  # set by DRF where a token is asked for
        return problem(exc.status_code, str(exc.detail), headers={"WWW-Authenticate": header} if header else None)
    return None


def _refused(status: int, exc: ValidationError) -> HttpResponse:
    errors: dict[str, list[str]] = (
        dict(exc.message_dict) if hasattr(exc, "error_dict") else {NON_FIELD_ERRORS: exc.messages}
    )
    of_all = errors.pop(NON_FIELD_ERRORS, [])
    return problem(status, " ".join(of_all) or "有的内容需要更正。", errors)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400, UNREADABLE) if _is_api(request) else defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return problem(403, str(exception) or "您不能这样做。")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return problem(404, "没有这个地址，或者它不在您的职责范围内。")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return problem(500, "我们已经记下来了，请过几分钟再试。")
    return refusals.fault(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(403, STALE) if _is_api(request) else refusals.page_too_old(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


class SessionAuthentication(authentication.SessionAuthentication):
    """The portal's own sessions; a missing token is said in Chinese."""

    def authenticate_header(self, request: Request) -> str | None:
        """401 for a token that is none (any more), 403 for a browser."""
        return "Bearer" if has_token(request._request) else None

    def enforce_csrf(self, request: Request) -> None:
        if has_token(request._request):
            return  # accounts/api/tokens.py: no foreign page could have sent it
        try:
            super().enforce_csrf(request)
        except PermissionDenied as fault:
            raise PermissionDenied(STALE) from fault


class ReadThrottle(BaseThrottle):
    """Every reading call of the API, in one place: by the person, and by the address where nobody is signed in. Far beyond
    what somebody at a screen asks for."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Raises TooOften, which says how long to wait."""
        if request.method in READS:
            is_known = request.user.is_authenticated
            limiter.check(
                "read",
                person=request.user.pk if is_known else None,
                address=None if is_known else client_address(request),
                at=timezone.now(),
            )
        return True


def _body(stream: Any) -> bytes:
    """As much as Django takes of a page's form."""
    body: bytes = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    return body


class FormParser(parsers.FormParser):
    """No larger than a page's form may be."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> "_ImmutableQueryDict":
        return QueryDict(_body(stream))


class JSONParser(parsers.JSONParser):
    """An object, read as the form a browser would send: numbers as they were written, null as if it had not been said, a
    list as several values. So forms check what comes from an app as they check what comes from a page, and no number
    is too large to be read.

    Raises ParseError for what is no JSON object, ValidationError at the name of what no form could say."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> MultiValueDict[str, str]:
        try:
            pairs = json.loads(
                _body(stream).decode(),
                parse_int=str,
                parse_float=str,
                parse_constant=_no_number,
                object_pairs_hook=_Pairs,
            )
        except (ValueError, RecursionError) as fault:
            raise ParseError from fault
        if not isinstance(pairs, _Pairs):
            raise ParseError
        return _as_form(pairs)


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, names said twice too."""


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _as_form(pairs: _Pairs) -> MultiValueDict[str, str]:
    form: MultiValueDict[str, str] = MultiValueDict()
    errors: dict[str, list[str]] = {}
    names = Counter(name for name, _ in pairs)
    for name, value in pairs:
        values = value if isinstance(value, list) and not isinstance(value, _Pairs) else [value]
        if names[name] > 1:
            errors[name] = ["这一项说了两次。"]
        elif any(isinstance(each, list) for each in values):
            errors[name] = ["这一项应是文字或数字。"]
        elif any(_is_broken(each) for each in values if isinstance(each, str)):
            errors[name] = ["含有不能保存的字符，请删去后再试。"]
        else:
            form.setlist(
                name, [str(each).lower() if isinstance(each, bool) else each for each in values if each is not None]
            )
    if errors:
        raise ValidationError(errors)
    return form


def _is_broken(text: str) -> bool:
    """Half of a surrogate pair is no character: no database keeps it."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)
