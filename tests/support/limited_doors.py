"""Every place that limits how often (`limiter.check`, `limiter.counted`), and how a request comes there: for
tests/house/test_limited_doors.py. A new limit wants an entry."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.limiter import LIMITS
from accounts.models import User
from cases.models import Case
from disputes.models import PlainKind, Slot
from grids.models import Building, Grid, Level
from tests.imports.tables import requests_table, upload
from tests.support.addresses import address_of
from tests.support.forms import fields_of, forms_on, send_from, write_in
from tests.support.source import tree_of

ROOMS = [settings.BASE_DIR / room for room in (*settings.ROOMS, "web", "papers", "zhenghe")]


@dataclass
class World:
    args: dict[str, Any]
    """tests.support.addresses.arguments"""
    people: dict[str, Client]

    def anew(self) -> "World":
        """The same people with cookies of their own: what a try does to a session is its own affair."""
        return World(self.args, {name: _alike(client) for name, client in self.people.items()})


def _alike(client: Client) -> Client:
    made = Client()
    made.cookies = deepcopy(client.cookies)
    return made


Words = dict[str, Any] | Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Try:
    """How somebody comes to a limit: the form on the page `page`, written in, with `posted` over it, is sent to `door`. A
    `reading` is a GET."""

    who: str
    door: str
    page: str = ""
    posted: Words = field(default_factory=dict)
    by: tuple[str, ...] = ("person",)
    """By whom it is counted."""
    is_reading: bool = False
    is_silent: bool = False
    """It is limited behind an answer that says something else, or the page has no form to say it at, as things stand here."""
    is_taken_back: bool = False
    """It begins to write before it is counted; nothing of that stays."""
    more: dict[str, str] = field(default_factory=dict)
    """Headers."""

    def __call__(self, world: World) -> Any:
        client, address = world.people[self.who], address_of(self.door, world.args)
        if self.is_reading:
            return client.get(address)
        page = address_of(self.page, world.args) if self.page else address
        posted = self.posted(world) if callable(self.posted) else self.posted
        sent = self._written(client, page, address, set(posted)) if self.page else {}
        return send_from(client, page, {**sent, **posted}, address, follow=True, **self.more)

    def _written(self, client: Client, page: str, address: str, wanted: set[str]) -> dict[str, Any]:
        """Of the forms that go there, the first that has the fields that are said over."""
        answer = client.get(page)
        assert answer.status_code == 200, f"{page} answers {self.who} with {answer.status_code}"
        for form in forms_on(answer):
            to = urlsplit(urljoin(page, form.action or "")).path
            if to == address and wanted <= set(form.inputs.keys()):
                write_in(form)
                return fields_of(form)
        raise AssertionError(f"{page} has no form that goes to {address}")


def limits() -> dict[str, tuple[str, ...]]:
    """ "file function what" -> by whom it is counted there, of every call in the rooms."""
    counted: dict[str, tuple[str, ...]] = {}
    for path in sorted(path for room in ROOMS for path in room.rglob("*.py")):
        for function, call in _calls(tree_of(path)):
            name = f"{path.relative_to(settings.BASE_DIR)} {function} {ast.literal_eval(call.args[0])}"
            counted[name] = tuple(sorted({*counted.get(name, ()), *_counted_by(call)}))
    return counted


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"limiter.check", "limiter.counted"}:
                yield function.name, node


def _counted_by(call: ast.Call) -> set[str]:
    """What a call does not name (`**whose`) may be each kind that has a limit."""
    named = {keyword.arg for keyword in call.keywords}
    kinds = set(LIMITS[ast.literal_eval(call.args[0])])
    return kinds if None in named else kinds & named


def hidden_limits() -> list[str]:
    """Files that call the limiter so that `limits` cannot see it."""
    return [
        str(path.relative_to(settings.BASE_DIR))
        for path in sorted(path for room in ROOMS for path in room.rglob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "accounts.limiter"
        and {alias.name for alias in node.names} & {"check", "counted"}
    ]


PHONE = "13900005555"
NEIGHBOUR = "13800130002"
ADDRESS, BOTH = ("address",), ("address", "person")


def _version(world: World) -> dict[str, Any]:
    return {"version": Case.objects.get(number=world.args["number"]).version, "words": "说明"}


def _application(world: World) -> dict[str, Any]:
    building = Building.objects.exclude(grid=None).select_related("estate").first()
    assert building is not None
    return {
        "screen": "confirm",
        "key": str(uuid4()),
        "place": building.estate_id,
        "building": building.pk,
        "summary": "楼上漏水",
        "other_name": "赵某",
        "plain_kind": PlainKind.objects.filter(is_active=True).latest("pk").pk,
    }


def _request(world: World) -> dict[str, Any]:
    building = Building.objects.exclude(grid=None).first()
    assert building is not None
    return {"place": building.estate_id, "building": building.pk, "words": "灯坏了", "key": str(uuid4())}


def _booking(world: World) -> dict[str, Any]:
    slot = Slot.objects.free(timezone.now()).select_related("expert").latest("pk")
    return {
        "slot": slot.pk,
        "field": slot.expert.fields.get().pk,
        "community": slot.expert.communities.get().pk,
        "matter": "房东不退押金",
        "key": str(uuid4()),
    }


def _home(world: World) -> dict[str, Any]:
    estate = Grid.objects.filter(level=Level.ESTATE).first()
    assert estate is not None
    return {"grid": estate.pk, "reach": "site", "has_agreed": "1"}


def _look(world: World) -> dict[str, Any]:
    building = Building.objects.filter(grid=world.args["grids_grid"]).first()
    assert building is not None
    return {"building": building.pk, "is_fine": "1"}


def _proposal(world: World) -> dict[str, Any]:
    return {"place": _home(world)["grid"], "title": "加装扶手", "words": "楼梯陡", "key": str(uuid4())}


def _room(world: World) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=3)
    times = {"date": day.isoformat(), "from_time": "10:00", "until_time": "11:00"}
    return {**times, "people_count": "3", "purpose": "议事", "key": str(uuid4())}


def _talk(world: World) -> dict[str, Any]:
    held_at = timezone.localtime() - timedelta(hours=1)
    return {
        "subject": "电动车",
        "people_count": "3",
        "outcome": "agreed",
        "grid": world.args["place"],
        "where": "楼下",
        "held_at": held_at.strftime("%Y-%m-%dT%H:%M"),
        "key": str(uuid4()),
    }


def _by_key(world: World) -> dict[str, Any]:
    return {"api_key": world.args["system_key"], "service_code": world.args["system_service"]}


def _table(world: World) -> dict[str, Any]:
    return {"place": world.args["place"], "file": upload(requests_table(1), "表.csv")}


def _ticked(world: World) -> dict[str, Any]:
    return {"action": "export_list", "_selected_action": [world.args["cases_case"]], "index": "0"}


def _own_phone(world: World) -> dict[str, Any]:
    """Signed in on this browser before."""
    client = world.people[DESK]
    client.get("/privacy/")
    phone = User.objects.get(pk=client.session["_auth_user_id"]).phone
    client.session.delete()
    return {"phone": phone, "password": "x"}


def _late(world: World) -> dict[str, Any]:
    """The session was over when the form was sent."""
    world.people["asker"].get("/privacy/")  # where this browser learns whose it is
    world.people["asker"].session.delete()
    return {"words": "写过的话"}


DESK, LEADER, STREET = "community_worker", "group_leader", "street_cadre"

TRIES = {
    "accounts/api/idempotency.py _count call": Try(
        "asker", "api:request-list", posted=_request, more={"HTTP_IDEMPOTENCY_KEY": "1"}
    ),
    "accounts/sign_in/wechat.py person_of_code code": Try(
        "stranger", "api:sign-in-wechat", posted={"code": "c"}, by=ADDRESS
    ),
    "accounts/sign_in/steps.py send_code code": Try(
        "stranger", "accounts:sign-in", posted={"phone": PHONE}, by=ADDRESS
    ),
    "accounts/sign_in/steps.py guessing guess": Try(
        "asker", "accounts:correct-phone", posted={"phone": PHONE, "code": "123456"}, by=("address", "browser")
    ),
    "accounts/unsent/forms.py _keep keep address": Try(
        "stranger", "residents:request-place", posted={"words": "写过的话"}, by=ADDRESS, is_silent=True
    ),
    "accounts/unsent/forms.py _keep keep": Try("asker", "residents:request-place", posted=_late, is_silent=True),
    "accounts/views/my_data.py ask_for_copy export": Try("asker", "accounts:copy-ask"),
    "accounts/views/my_data.py device_code login_code": Try("asker", "accounts:device-code"),
    "accounts/views/oidc.py leave visit": Try("stranger", "accounts:oidc", by=ADDRESS, is_reading=True),
    "accounts/views/sign_in.py _limit password": Try(
        "stranger", "accounts:sign-in-password", posted={"phone": PHONE, "password": "x"}, by=("address", "phone")
    ),
    "accounts/views/sign_in.py _limit password own": Try(
        DESK, "accounts:sign-in-password", posted=_own_phone, by=("own_browser",)
    ),
    "cases/admin.py export_list list_export": Try(DESK, "admin:cases_case_changelist", posted=_ticked),
    "cases/api/views.py act act": Try("asker", "api:case-act", posted=_version),
    "zhenghe/api.py allow_request read": Try("asker", "api:me", is_reading=True),
    "zhenghe/api.py allow_request read address": Try("stranger", "api:my-grid", by=ADDRESS, is_reading=True),
    "papers/views.py verify verify": Try(
        "stranger", "cases:paper-verify", posted={"number": "WS-2222-2222"}, by=ADDRESS
    ),
    "cases/views.py export list_export": Try(DESK, "cases:export"),
    "cases/views.py case_act act": Try("asker", "cases:act", "cases:act"),
    "cases/api/views.py post reveal": Try(DESK, "api:case-asker-phone", posted={"reason": "联系上门"}),
    "cases/views.py asker_phone reveal": Try(DESK, "cases:asker-phone", "cases:asker-phone"),
    "cases/views.py track track": Try("stranger", "cases:track", by=ADDRESS, is_reading=True),
    "dashboards/assessments/desk/scoring.py score act": Try("asker", "dashboards:assessment-score"),
    "dashboards/sheets/desk.py paper act": Try(STREET, "dashboards:sheet-paper", is_reading=True),
    "dashboards/exports/views.py figure list_export": Try(STREET, "dashboards:export"),
    "dashboards/reports/services.py subscribe report_mail": Try(
        STREET, "dashboards:report-subscribe", posted={"codes": ["month"], "mail": "a@b.cn"}, is_taken_back=True
    ),
    "disputes/experts/views.py _book submit": Try("neighbour", "disputes:expert", "disputes:expert", by=BOTH),
    "disputes/experts/views.py thread act": Try(
        "asker", "disputes:consultation-thread", "disputes:consultation-thread"
    ),
    "disputes/experts/api.py post submit": Try("neighbour", "api:expert-book", posted=_booking, by=BOTH),
    "disputes/experts/api.py post act": Try("asker", "api:consultation-say", posted={"words": "说明"}),
    "disputes/experts/hours.py hours act": Try("expert", "disputes:expert-hours", "disputes:expert-hours"),
    "disputes/views/api.py post act": Try("asker", "api:dispute-talk", posted={"words": "单独说"}),
    "disputes/views/api.py post submit": Try("asker", "api:dispute-apply", posted=_application, by=BOTH),
    "disputes/views/papers.py paper act": Try(LEADER, "disputes:paper-pdf", is_reading=True),
    "disputes/views/papers.py issue act": Try(LEADER, "disputes:paper-issue"),
    "disputes/views/papers.py whole_file act": Try(LEADER, "disputes:file", is_reading=True),
    "disputes/views/residents.py apply submit": Try("asker", "disputes:apply", posted=_application, by=BOTH),
    "disputes/views/residents.py talk act": Try("asker", "disputes:talk", "disputes:talk"),
    "grids/desk/views.py roster act": Try(STREET, "grids:roster", "grids:roster", {"phone": PHONE}),
    "grids/desk/views.py duty_page act": Try("community_secretary", "grids:duty", "grids:duty"),
    "grids/desk/views.py safety_page act": Try(LEADER, "grids:safety", "grids:safety"),
    "grids/views.py duty_calendar track": Try("stranger", "grids:duty-calendar", by=ADDRESS, is_reading=True),
    "imports/services.py ask import": Try(DESK, "imports:new", "imports:new", _table),
    "meetings/activities/api.py post act": Try("asker", "api:activity-sign-up"),
    "meetings/activities/api.py post answer": Try("asker", "api:activity-check-in", posted={"code": "123456"}),
    "meetings/centres/api.py post act": Try("asker", "api:room-bookings", posted=_room),
    "meetings/conferences/api.py post act": Try("asker", "api:conference-answer", posted={"answer": "yes"}),
    "meetings/tea_talks/api.py post act": Try(DESK, "api:tea-talk-list", posted=_talk),
    "meetings/topics/api.py post act": Try("neighbour", "api:topic-cosign"),
    "meetings/topics/api.py post answer": Try("asker", "api:vote-authorise", posted={"to": NEIGHBOUR}),
    "meetings/topics/api.py post submit": Try("asker", "api:topic-list", posted=_proposal),
    "meetings/topics/api.py post verify": Try("stranger", "api:vote-check", posted={"receipt": "2222"}, by=ADDRESS),
    "meetings/conferences/desk.py invite act": Try(
        DESK, "meetings:conference-invite", posted={"act": "resident", "person": NEIGHBOUR}
    ),
    "meetings/conferences/desk.py invitation act": Try(
        DESK, "meetings:conference-invitation", posted={"act": "answer", "answer": "yes"}
    ),
    "meetings/tea_talks/desk.py record act": Try(DESK, "meetings:tea-talk-new", "meetings:tea-talk-new"),
    "meetings/activities/views.py sign_up act": Try("asker", "meetings:sign-up"),
    "meetings/activities/views.py check_in answer": Try("asker", "meetings:check-in", posted={"code": "123456"}),
    "meetings/centres/views.py here visit": Try("stranger", "meetings:here", by=ADDRESS),
    "meetings/conferences/views.py conference act": Try(
        "asker", "meetings:conference", posted={"answer": "yes"}, is_silent=True
    ),
    "meetings/centres/rooms_views.py book act": Try("asker", "meetings:room-book", "meetings:room-book"),
    "meetings/topics/views.py cosign act": Try("neighbour", "meetings:topic-cosign"),
    "meetings/topics/views.py comment act": Try("asker", "meetings:topic-comment", posted={"words": "同意"}),
    "meetings/topics/views.py propose submit": Try("asker", "meetings:topic-new", "meetings:topic-new"),
    "meetings/topics/votes_views.py cast act": Try("asker", "meetings:vote-cast", "meetings:vote"),
    "meetings/topics/votes_views.py authorise answer": Try(
        "asker", "meetings:vote-authorise", posted={"to": NEIGHBOUR}
    ),
    "meetings/topics/votes_views.py check verify": Try(
        "stranger", "meetings:vote-check", posted={"receipt": "2222"}, by=ADDRESS, is_silent=True
    ),
    "open311/api.py _file file_by_key": Try("stranger", "open311:requests", posted=_by_key, by=("key",)),
    "open311/api.py _relay file_by_key": Try("stranger", "open311:updates", posted=_by_key, by=("key",)),
    "open311/api.py _reader read_requests": Try("stranger", "open311:requests", by=ADDRESS, is_reading=True),
    "residents/api.py post submit": Try("asker", "api:request-list", posted=_request, by=BOTH),
    "residents/desk/birth_dates.py correct slip": Try(
        DESK, "residents:birth-date", "residents:birth-date", {"phone": PHONE}
    ),
    "residents/desk/slips.py give slip": Try(
        DESK, "residents:sign-in-slip", "residents:sign-in-slip", {"phone": PHONE}
    ),
    "residents/desk/sorting_views.py sorting act": Try(DESK, "residents:sorting", posted={"case": "1"}),
    "residents/views.py _begin draft": Try("asker", "residents:request-place", posted=_request),
    "residents/views.py submit_confirm submit": Try(
        "asker", "residents:request-confirm", posted={"category": ""}, by=BOTH
    ),
    "volunteers/views/api/groups.py post submit": Try("neighbour", "api:duty", posted=_home, by=BOTH),
    "volunteers/views/api/me.py post act": Try("asker", "api:certificate-list", posted={"id_kind": "居民身份证"}),
    "volunteers/views/api/me.py post submit": Try("asker", "api:volunteer", posted=_home, by=BOTH),
    "volunteers/views/api/projects.py post act": Try("asker", "api:project-inspect", posted=_look),
    "volunteers/views/api/orders.py post act": Try("asker", "api:service-check-in", posted={"code": "123456"}),
    "volunteers/views/api/orders.py post answer": Try("asker", "api:call-answer", posted={"answer": "yes"}),
    "volunteers/views/calls.py call answer": Try("stranger", "volunteers:call", posted={"answer": "yes"}),
    "volunteers/views/certificates.py issue act": Try(
        "asker", "volunteers:certificate-issue", "volunteers:certificate-issue"
    ),
    "volunteers/views/doctors.py mine submit": Try("neighbour", "volunteers:doctor", "volunteers:doctor", by=BOTH),
    "volunteers/views/inspections.py inspect act": Try(
        "asker", "volunteers:project-inspect", "volunteers:project-inspect"
    ),
    "volunteers/views/me.py register submit": Try("asker", "volunteers:register", "volunteers:register", by=BOTH),
    "volunteers/views/me.py check_in act": Try(
        "asker", "volunteers:check-in", posted={"code": "123456"}, is_silent=True
    ),
    "volunteers/views/teams.py report submit": Try("neighbour", "volunteers:duty", "volunteers:duty", by=BOTH),
}
