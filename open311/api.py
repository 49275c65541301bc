"""The calls of GeoReport v2, and FixMyStreet's of updates (docs/open311.md)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import PUBLIC, keyed, opens_to
from cases.models import Case
from open311 import catalogue, reading, services
from open311.answers import FORMATS, Answer, answering
from open311.forms import MOST, PeriodForm, RequestForm, SearchForm, UpdateForm, attributes_form
from open311.keys import key_of, sent_key
from open311.location import Spot, spot_at, spot_named, spot_of_door
from open311.models import ApiKey
from web.client_address import client_address
from web.params import whole_number
from web.text import tidy

CHANGESET = "2026-12-01T00:00:00+08:00"
"""When what is offered here changed last."""
NAME = "政和县社区治理平台"
MOST_PHOTOS = 9
LONGEST_ADDRESS = 500


@require_safe
@answering
@opens_to(PUBLIC)
def discovery(request: HttpRequest) -> Answer:
    """Where the calls are."""
    address = request.build_absolute_uri(reverse("open311:services", kwargs={"suffix": ""}).removesuffix("/services"))
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": address,
        "changeset": CHANGESET,
        "type": "test" if settings.DEMO else "production",
        "formats": list(FORMATS.values()),
    }
    return Answer(
        "discovery",
        {
            "changeset": CHANGESET,
            "contact": f"{NAME} {settings.PRIVACY_CONTACT}".strip(),
            "key_service": f"接入密钥由{NAME}的县级管理员发放。",
            "endpoints": [endpoint],
        },
    )


@require_safe
@answering
@opens_to(PUBLIC)
def service_list(request: HttpRequest) -> Answer:
    return Answer("services", [catalogue.service(category) for category in catalogue.offered()])


@require_safe
@answering
@opens_to(PUBLIC)
def service(request: HttpRequest, code: str) -> Answer:
    return Answer("service_definition", catalogue.definition(catalogue.category_of(code)))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@answering
@opens_to(PUBLIC, posts=keyed(key_of))
def request_list(request: HttpRequest) -> Answer:
    """Which requests there are; a POST files one."""
    return _file(request) if request.method == "POST" else _search(request)


def _search(request: HttpRequest) -> Answer:
    """The newest first, at most 1,000. Numbers override all other filters."""
    key = _reader(request)
    asked = _checked(SearchForm(request.GET))
    cases = reading.shown().order_by("-opened_at", "-pk")
    if asked["service_request_id"]:
        cases = cases.filter(number__in=asked["service_request_id"][:MOST])
    else:
        cases = cases.filter(opened_at__gte=asked["start_date"], opened_at__lte=asked["end_date"])
        if asked["service_code"]:
            cases = cases.filter(category__in=asked["service_code"])
        if asked["status"] == ["closed"]:
            cases = cases.filter(state__in=reading.CLOSED)
        elif asked["status"] == ["open"]:
            cases = cases.exclude(state__in=reading.CLOSED)
    size = asked["page_size"] or MOST
    begin = ((asked["page"] or 1) - 1) * size
    return Answer("service_requests", reading.requests(cases[begin : begin + size], key=key))


def _file(request: HttpRequest) -> Answer:
    key, at = key_of(request), timezone.now()
    category = catalogue.category_of(request.POST.get("service_code", ""))
    with limiter.counted("file_by_key", key=key.pk, at=at):
        asked = _checked(RequestForm(request.POST))
        attributes = list(category.attributes.all())
        answers = attributes_form(attributes)(request.POST)
        answered = _checked(answers)
        told = [
            _told(str(answers[name].label), value) for name, value in answered.items() if value not in (None, "", [])
        ]
        photos = [f"照片：{address}" for address in _photo_addresses(request)]
        filed = services.Filed(
            category=category,
            spot=_spot(asked),
            words="\n".join([tidy(asked["description"]) or category.name, *told, *photos]),
            note=_note(asked),
            reference=_reference(request),
        )
        case, is_new = services.file_request(filed, key=key, at=at)
    answer = {"service_request_id": case.number, "service_notice": None, "account_id": asked["account_id"] or None}
    return Answer("service_requests", [answer], 201 if is_new else 200)


def _told(label: str, value: Any) -> str:
    return f"{label}：{'、'.join(value) if isinstance(value, list) else value}"


def _photo_addresses(request: HttpRequest) -> list[str]:
    """They are named to who handles it. Nothing is fetched: whoever sends addresses would send us anywhere.

    Raises ValidationError at `media_url`."""
    addresses = [address for address in request.POST.getlist("media_url") if address]
    if len(addresses) > MOST_PHOTOS or any(len(address) > LONGEST_ADDRESS for address in addresses):
        raise ValidationError({"media_url": f"最多 {MOST_PHOTOS} 个地址，每个最多 {LONGEST_ADDRESS} 字。"})
    for address in addresses:
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as refusal:
            raise ValidationError({"media_url": "要是 http 或 https 的地址。"}) from refusal
    return addresses


def _spot(asked: dict[str, Any]) -> Spot:
    if asked["lat"] is not None:
        return spot_at((asked["lat"], asked["long"]))
    if asked["address_id"]:
        return spot_of_door(whole_number(asked["address_id"]) or 0)
    return spot_named(asked["address_string"])


def _note(asked: dict[str, Any]) -> str:
    """Where exactly and whom to call: shown to who handles it for a reason that is logged."""
    point = f"坐标 {asked['lat']:.6f},{asked['long']:.6f}" if asked["lat"] is not None else ""
    name = f"{asked['last_name']}{asked['first_name']}"
    contact = " ".join(filter(None, (name, asked["phone"], asked["email"])))
    return "；".join(filter(None, (tidy(asked["address_string"]), point, tidy(contact) and f"联系人 {tidy(contact)}")))


def _reference(request: HttpRequest) -> str:
    named = [request.POST.get(f"attribute[{code}]", "").strip() for code in catalogue.REFERENCES]
    return next(filter(None, named), "")


@require_safe
@answering
@opens_to(PUBLIC)
def request_one(request: HttpRequest, number: str) -> Answer:
    key = _reader(request)
    rows = reading.requests(reading.shown().filter(number=number), key=key)
    if not rows:
        raise Http404
    return Answer("service_requests", rows)


@require_safe
@answering
@opens_to(PUBLIC)
def token(request: HttpRequest, number: str) -> Answer:
    """A request has its number at once, so its token is its number."""
    _reader(request)
    if not reading.shown().filter(number=number).exists():
        raise Http404
    return Answer("service_requests", [{"service_request_id": number, "token": number}])


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@answering
@opens_to(keyed(key_of))
def update_list(request: HttpRequest) -> Answer:
    """What happened to the system's own requests; a POST says something of one."""
    key = key_of(request)
    if request.method == "POST":
        return _relay(request, key)
    asked = _checked(PeriodForm(request.GET))
    rows = reading.updates(key=key, since=asked["start_date"], until=asked["end_date"], most=MOST)
    return Answer("service_request_updates", rows)


def _relay(request: HttpRequest, key: ApiKey) -> Answer:
    at = timezone.now()
    with limiter.counted("file_by_key", key=key.pk, at=at):
        asked = _checked(UpdateForm(request.POST))
        case: Case | None = reading.filed_by(key).filter(number=asked["service_request_id"]).first()
        if case is None:
            raise Http404
        event, is_new = services.relay(
            case=case, words=asked["description"], reference=asked["update_id"], key=key, at=at
        )
    answer = [{"update_id": reading.update_id(event)}]
    return Answer("service_request_updates", answer, 201 if is_new else 200)


def _reader(request: HttpRequest) -> ApiKey | None:
    """Whose key came along, if one did. Raises PermissionDenied for a wrong one, TooOften."""
    limiter.check("read_requests", address=client_address(request), at=timezone.now())
    return sent_key(request)


def _checked(form: Form) -> dict[str, Any]:
    """Raises ValidationError at the fields."""
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form.cleaned_data
