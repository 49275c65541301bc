"""The work desk: every page staff begin at stands in the sidebar, and the queues hold what they say."""

import re
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone

from cases.models import Case
from cases.services import route
from desk.menu import MENU
from residents.models import Channel
from tests.support.asking import OPENS
from tests.support.cast import draw, signed_in, submit

QUEUE = re.compile(r'data-queue="(\w+)">(\d+)<')
TITLES = re.compile(r"<td class=\"of-what\"><a href=\"([^\"]+)\"")
FOR_OTHERS = {
    "meetings:circle-map",  # the numbers of a map, which its page fetches
}


def menu_of(person) -> list[str]:
    page = signed_in(person).get("/desk/").content.decode()
    menu = page[page.index('id="side-menu"') : page.index("</nav>", page.index('id="side-menu"'))]
    return re.findall(r'<a href="([^"]+)"', menu)


def queues_of(client) -> dict[str, int]:
    return {name: int(count) for name, count in QUEUE.findall(client.get("/desk/").content.decode())}


def rows_of(client, queue: str) -> list[str]:
    return TITLES.findall(client.get("/desk/", {"queue": queue}).content.decode())


def test_signing_in_at_a_desk_leads_to_it(staff, grid_leader, resident):
    assert signed_in(staff["community_worker"]).get("/")["Location"] == "/desk/"
    assert signed_in(grid_leader).get("/")["Location"] == "/cases/"
    assert signed_in(resident).get("/").status_code == 200


@pytest.mark.parametrize("role", ["street_cadre", "community_secretary", "community_worker"])
def test_whatever_the_sidebar_offers_opens(staff, role):
    client = signed_in(staff[role])
    paths = menu_of(staff[role])
    assert len(paths) > 30
    assert {path: client.get(path, follow=True).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_who_may_less_is_offered_less(staff, county_admin):
    assert "/system/" in menu_of(county_admin)
    assert "/system/" not in menu_of(staff["street_cadre"])
    assert "/admin/disputes/expert/" in menu_of(staff["community_secretary"])
    assert "/admin/disputes/expert/" not in menu_of(staff["community_worker"])


def test_nobody_without_a_desk_has_it(grid_leader, resident, client):
    for person in (grid_leader, resident):
        assert "side-menu" not in signed_in(person).get("/notices/").content.decode()
    assert signed_in(resident).get("/desk/").status_code == 403
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_the_same_sidebar_stands_in_the_admin(staff):
    client = signed_in(staff["community_secretary"])
    page = client.get("/admin/cases/case/").content.decode()
    for path in menu_of(staff["community_secretary"]):
        assert f'href="{path}"' in page, path


def test_the_page_one_is_on_is_marked(staff):
    page = signed_in(staff["community_secretary"]).get("/requests/register/").content.decode()
    marked = re.findall(r'<a href="([^"]+)" aria-current="page"', page)
    assert marked == ["/requests/register/"]


def test_every_page_where_staff_begin_is_two_clicks_from_the_desk(staff, county_admin):
    """Of all addresses that name no one thing and are read by a verb: in the sidebar, or linked from a page that is."""
    known = {name for pages in MENU.values() for _, name in pages}
    linked = set()
    for person in (county_admin, staff["street_cadre"], staff["community_secretary"]):
        client = signed_in(person)
        for path in menu_of(person):
            for link in re.findall(r'(?:href|action)="(/[^"?#]*)', client.get(path, follow=True).content.decode()):
                try:
                    match = resolve(link)
                except Resolver404:  # static files
                    continue
                linked.add(match.view_name)
    lost = []
    for name, rule in OPENS.items():
        if (
            not rule
            or " " in name
            or name.startswith("api:")
            or not re.match(r"(desk )?(verb|county|area|within):", rule)
        ):
            continue
        try:
            reverse(name)
        except NoReverseMatch:  # it names one thing
            continue
        if name not in known | linked | FOR_OTHERS:
            lost.append(name)
    assert lost == []


class TestQueues:
    @pytest.fixture
    def filed(self, defaults, town, staff, resident) -> Case:
        made = submit(resident, town)
        route(case_id=made.pk, at=timezone.now())
        made.refresh_from_db()
        return made

    @pytest.fixture
    def desk(self, staff):
        return signed_in(staff["community_worker"])

    def test_what_is_dispatched_waits_to_be_signed_for(self, filed, desk, staff):
        assert filed.get_absolute_url() in rows_of(desk, "unsigned")
        assert queues_of(desk)["unsigned"] == 1
        draw(filed, "sign", staff["grid_leader"])
        assert queues_of(desk)["unsigned"] == 0
        assert rows_of(desk, "open") == [filed.get_absolute_url()]

    def test_late_and_today_are_apart(self, filed, desk):
        now = timezone.now()
        Case.objects.filter(pk=filed.pk).update(due_at=now - timedelta(hours=1))
        assert (queues_of(desk)["late"], queues_of(desk)["today"]) == (1, 0)
        Case.objects.filter(pk=filed.pk).update(due_at=now + timedelta(days=2))
        assert (queues_of(desk)["late"], queues_of(desk)["today"]) == (0, 0)

    def test_what_is_late_is_shown_first(self, filed, desk):
        Case.objects.filter(pk=filed.pk).update(due_at=timezone.now() - timedelta(hours=1))
        page = desk.get("/desk/").content.decode()
        assert re.search(r'<a href="\?queue=late" aria-current="page"', page)
        assert TITLES.findall(page) == [filed.get_absolute_url()]

    def test_sent_back_waits_to_be_dispatched(self, filed, desk, staff):
        draw(filed, "send_back", staff["grid_leader"])
        assert rows_of(desk, "undispatched") == [filed.get_absolute_url()]
        assert rows_of(desk, "unsigned") == []

    def test_whoever_is_refused_and_objects_waits_for_another_look(self, filed, desk, staff, resident):
        draw(filed, "decline", staff["community_secretary"], channel=Channel.objects.get(name="超出街道社区职责"))
        assert rows_of(desk, "objections") == []
        draw(filed, "object", resident)
        assert rows_of(desk, "objections") == [filed.get_absolute_url()]

    def test_who_asks_for_time_waits_for_a_yes(self, filed, desk, staff):
        assert queues_of(desk)["extensions"] == 0
        draw(filed, "sign", staff["grid_leader"])
        draw(filed, "ask_extension", staff["grid_leader"], amount=1)
        assert rows_of(desk, "extensions") == [filed.get_absolute_url()]

    def test_another_community_has_nothing_of_it(self, filed, staff):
        assert set(queues_of(signed_in(staff["other_cadre"])).values()) == {0}

    def test_a_queue_that_is_none_is_no_page(self, desk):
        assert desk.get("/desk/", {"queue": "x"}).status_code == 404
        assert desk.get("/desk/", {"sort": "x"}).status_code == 404
