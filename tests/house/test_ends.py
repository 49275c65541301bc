"""The end of a period is shown in one way: its last day, midnight as 24:00 of it, on pages, in the admin and in words."""

import re
from datetime import date, datetime, timedelta

import time_machine
from django.conf import settings
from django.contrib import admin
from django.template import Context, Template

from accounts.models import User
from cases.limits.clock import ZONE
from grids.posts.services import appoint
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import inside
from web.moments import spoken_end, spoken_period
from web.period_ends import end_in_words, last_day

YEARS_END = datetime(2027, 1, 1, tzinfo=ZONE)
EVENING = datetime(2026, 12, 3, 18, tzinfo=ZONE)
ENDS = ("until_at", "ends_at", "closes_at", "counts_at", "appeals_until", "confirm_by_at", "finish_by_at")


def test_midnight_is_the_end_of_the_day_before():
    assert last_day(YEARS_END) == date(2026, 12, 31)
    assert last_day(EVENING) == date(2026, 12, 3)
    assert end_in_words(YEARS_END) == "12月31日 24:00"
    assert end_in_words(EVENING, "Y年n月j日 H:i") == "2026年12月3日 18:00"
    assert spoken_end(YEARS_END) == "12月31日 周四 24:00"
    assert spoken_period(YEARS_END - timedelta(hours=2), YEARS_END) == "12月31日 周四 22:00–24:00"


def test_on_pages_by_the_filters():
    page = Template(
        '{% load ends %}{{ at|last_day|date:"Y年n月j日" }} {{ at|until:"n月j日 H:i" }} {{ none|until:"H:i" }}'
    )
    assert page.render(Context({"at": YEARS_END, "none": None})) == "2026年12月31日 12月31日 24:00 "


def test_no_page_shows_an_end_in_another_way():
    other = re.compile(rf"\.({'|'.join(ENDS)})\|date")
    templates = [path.name for path in settings.BASE_DIR.glob("templates/**/*.html") if other.search(path.read_text())]
    assert templates == []


def test_no_list_of_the_admin_shows_the_moment_after():
    shown = [
        (model.__name__, name)
        for model, desk in admin.site._registry.items()
        for name in [*desk.list_display, *(desk.readonly_fields or ())]
        if name in ENDS
    ]
    assert shown == []


def test_a_term_to_the_years_end_is_shown_to_the_years_end(town, staff):
    person = User.objects.create_user(phone="13710000001", name="巡防队员甲")
    appoint(person=person, role="patrol", grid=town.community, from_at=MONDAY, until_at=YEARS_END)
    with time_machine.travel(MONDAY + timedelta(hours=1)):
        page = signed_in(staff["community_secretary"]).get(f"/grids/staffing/{town.community.pk}/")
    assert "到 2026年12月31日" in inside(page, "//li[contains(., '巡防队员甲')]")
