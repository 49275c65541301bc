"""Places: inside the county, at a community or estate; merged along; visits; nearest to a door; figures of the circle."""

import json
import random
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from accounts import demonstration
from grids.county import shapes as county
from grids.county.nearby import left_out
from grids.demo import seed_demo
from grids.models import Building, Grid, Place, PlaceFunction, PlaceKind, Room
from grids.places.circle import by_community, circle, ground, nearest_centres, walk
from grids.places.demo import seed_places
from grids.places.services import check_place, count_visits
from grids.tree import services as tree
from meetings.activities.demo import seed_meetings
from meetings.defaults import load_defaults
from tests.dashboards.published import on_the_net
from tests.meetings.conftest import CENTRE, a_centre, centre, placed  # noqa: F401 (fixtures)
from tests.meetings.test_rooms import keep
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import inside

TODAY = MONDAY.date()


@pytest.mark.parametrize(
    ("point", "words"),
    [((31.23, 121.47), "不在本县范围内，请核对"), ((118.8587, 27.3654), "经纬度好像填反了")],
)
def test_a_centre_outside_the_county_is_refused(town, point, words):
    with pytest.raises(ValidationError, match=words) as refused:
        a_centre(town.community, point=point)
    assert set(refused.value.error_dict) == {"latitude"}


def test_with_shapes_the_county_is_what_they_cover(settings, tmp_path):
    """A square with a hole, and a square beside it."""
    square = [[118.8, 27.3], [118.9, 27.3], [118.9, 27.4], [118.8, 27.4], [118.8, 27.3]]
    hole = [[118.84, 27.34], [118.86, 27.34], [118.86, 27.36], [118.84, 27.36], [118.84, 27.34]]
    beside = [[119.0, 27.3], [119.1, 27.3], [119.1, 27.4], [119.0, 27.3]]
    shapes = [{"type": "Polygon", "coordinates": [square, hole]}, {"type": "MultiPolygon", "coordinates": [[beside]]}]
    path = tmp_path / "county.geojson"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes],
            }
        )
    )
    settings.COUNTY_SHAPES = str(path)
    inside = {(27.31, 118.81): True, (27.35, 118.85): False, (27.32, 119.08): True, (27.38, 119.02): False, (27.5, 118.85): False}  # fmt: skip
    assert {point: county.contains(point) for point in inside} == inside


def test_a_centre_is_a_communitys_or_an_estates(town):
    with pytest.raises(ValidationError, match="请选社区或小区"):
        a_centre(town.grid)


def test_a_centre_goes_where_its_community_is_merged_into(centre, town):  # noqa: F811
    other = tree.add(parent=town.street, name="凤嘴社区", code="350725001007")
    tree.merge(source=town.community, into=other, at=MONDAY)
    centre.refresh_from_db()
    assert centre.grid == other


def test_visits_are_counted_not_named(centre):  # noqa: F811
    for how_many in (1, 4):
        count_visits(place=centre, on=TODAY, how_many=how_many)
    assert centre.visit_counts.get().count == 5
    for wrong in (0, 501):
        with pytest.raises(ValidationError, match="1 到 500"):
            count_visits(place=centre, on=TODAY, how_many=wrong)
    centre.closed_date = TODAY
    with pytest.raises(ValidationError, match="已停用"):
        count_visits(place=centre, on=TODAY)


def test_the_nearest_centre_to_my_door(centre, placed, town):  # noqa: F811
    a_centre(town.community, name="远处的中心", point=(CENTRE[0] + 0.02, CENTRE[1]))
    a_centre(town.community, name="不是中心", point=CENTRE, kind=PlaceKind.TEA_TABLE)
    centres = nearest_centres(placed, at=MONDAY)
    assert [row.place.name for row in centres] == ["宜和社区邻里服务中心", "远处的中心"]
    assert (centres[0].metres, centres[0].minutes) == (250, 5)  # 200 m straight, a quarter more to walk, 50 m a minute
    assert (centres[0].is_open, centres[0].open_words) == (True, "正在开放，21:00 关门")
    placed.latitude = placed.longitude = None
    assert nearest_centres(placed, at=MONDAY) == []


@pytest.fixture
def street(centre, placed, town):  # noqa: F811
    """A second door far out, a third nobody has placed."""
    far = Building.objects.create(
        estate=town.estate,
        name="8幢",
        grid=town.next_grid,
        latitude=CENTRE[0] + 0.01,
        longitude=CENTRE[1],
        households=30,
    )
    Building.objects.create(estate=town.estate, name="9幢", grid=town.next_grid)
    return far


def everywhere():
    return Grid.objects.all()


def test_shares_of_doors_and_households(street):
    reach = circle(everywhere(), on=TODAY)
    assert (reach.share.doors, reach.share.all_doors) == (1, 2)
    assert (reach.share.households, reach.share.all_households) == (12, 42)
    assert [door.key for door in reach.out] == [street.pk]
    assert reach.unplaced == 1


def test_figures_stay_right_when_a_centre_closes(street, centre, placed):  # noqa: F811
    Place.objects.filter(pk=centre.pk).update(closed_date=TODAY + timedelta(days=1))
    assert circle(everywhere(), on=TODAY).share.doors == 1
    closed = circle(everywhere(), on=TODAY + timedelta(days=1))
    assert {door.key for door in closed.out} == {placed.pk, street.pk}
    assert closed.share.households == 0
    best = closed.best_spot()
    assert best.households == 30  # they live too far apart for one centre
    assert {door.key for door in best.doors} == {street.pk}


def test_each_function_has_its_own_circle(street, town):
    load = {name: PlaceFunction.objects.get(name=name) for name in ("老年活动", "医疗保健")}
    rows = by_community(everywhere(), on=TODAY, functions=load.values())
    own = next(row for row in rows if row.community == town.community)
    assert [(share.doors, share.all_doors) for share in own.shares] == [(1, 2), (1, 2), (0, 2)]
    assert own.unplaced == 1
    other = next(row for row in rows if row.community == town.other_community)
    assert other.shares[0].of_doors is None  # no doors there: no share, not 0 %


def test_the_pages_say_the_same(street, town, county_admin, placed):  # noqa: F811
    client = signed_in(county_admin)
    page = client.get("/centres/circle/").content.decode()
    assert "50.00%" in page
    assert "28.57%" in page  # 12 of 42
    assert "可多服务 <strong>30 户、1 个单元" in page
    left = client.get(f"/centres/circle/left-out/?community={town.community.pk}").content.decode()
    assert "8幢" in inside(left, "//li")
    assert "3幢1单元" not in left
    points = client.get("/centres/circle/map.json").json()["points"]
    assert [point["look"] for point in points] == ["centre", "out", "spot"]


def test_the_desk_keeps_hours_apart_and_centres_inside(centre, county_admin):  # noqa: F811
    client = signed_in(county_admin)
    page = f"/admin/grids/place/{centre.pk}/change/"
    assert client.get(page).status_code == 200
    posted = {
        "kind": "centre", "name": centre.name, "grid": centre.grid_id, "unit": "", "address": "宜和路 1 号",
        "latitude": "31.2", "longitude": "121.4", "functions": [], "access": ["ramp"], "duty_phone": "",
        "opened_date": "2026-01-01", "closed_date": "",
        "exceptions-TOTAL_FORMS": 0, "exceptions-INITIAL_FORMS": 0, "rooms-TOTAL_FORMS": 0, "rooms-INITIAL_FORMS": 0,
        "hours-TOTAL_FORMS": 2, "hours-INITIAL_FORMS": 0,
        "hours-0-weekday": 0, "hours-0-from_time": "08:00", "hours-0-until_time": "12:00",
        "hours-1-weekday": 0, "hours-1-from_time": "11:00", "hours-1-until_time": "14:00",
    }  # fmt: skip
    centre.hours.all().delete()
    answer = client.post(page, posted).content.decode()
    assert "不在本县范围内" in answer
    assert "周一的开放时间有重叠" in answer
    fixed = {**posted, "latitude": "27.37", "longitude": "118.86", "hours-1-from_time": "12:30"}
    answer = client.post(page, fixed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    centre.refresh_from_db()
    assert (centre.address, centre.access, centre.hours.count()) == ("宜和路 1 号", ["ramp"], 2)


def test_no_form_of_the_desk_makes_rows_without_end(centre, county_admin):  # noqa: F811
    pages = [page for page in admin.site._registry.values() if page.inlines]
    assert len(pages) >= 4
    request = RequestFactory().get("/")
    request.user = county_admin
    sets = [rows.get_formset(request) for page in pages for rows in page.get_inline_instances(request)]
    assert all(formset.absolute_max <= 200 for formset in sets)
    posted = {
        f"{name}-{what}_FORMS": 2**31 for name in ("hours", "exceptions", "rooms") for what in ("TOTAL", "INITIAL")
    }
    answer = signed_in(county_admin).post("/admin/grids/place/add/", posted)
    assert [len(rows.forms) for rows in answer.context["inline_admin_formsets"]] == [200] * 3
    assert all("200" in rows.formset.non_form_errors()[0] for rows in answer.context["inline_admin_formsets"])


def test_a_centre_does_not_close_under_those_who_count_on_it(centre, resident):  # noqa: F811
    room = Room.objects.create(place=centre, name="议事厅", seats=30)
    booking = keep(room, resident)
    for day, holds in ((booking.from_at.date(), True), (booking.from_at.date() + timedelta(days=1), False)):
        centre.closed_date = day
        if holds:
            with pytest.raises(ValidationError, match="那天以后还有1 个房间预约"):
                check_place(centre)
        else:
            check_place(centre)


def newly_reached(point, reach) -> int:
    """Households that one more centre at this point would reach."""
    still_out = {door.key for door in left_out(reach.out, [point], walk=walk(), ground=ground())}
    return sum(door.households for door in reach.out if door.key not in still_out)


def test_the_demonstration_has_69_centres(defaults):
    load_defaults()
    at = timezone.now()
    demonstration.begin(at=at)
    seed_demo(at=at)
    assert seed_places(at=at) == 69 + 12
    assert seed_meetings(at=at) > 0
    centres = Place.objects.centres()
    assert centres.count() == 69
    assert centres.values("grid").distinct().count() == 12
    assert on_the_net("centres", "tea_tables") == {"centres": 69, "tea_tables": 12}
    assert not Building.objects.filter(latitude=None).exists()
    reach = circle(everywhere(), on=timezone.localdate())
    assert 0.8 < reach.share.of_doors < 1
    chance = random.Random(10)
    tried = [(chance.uniform(27.34, 27.39), chance.uniform(118.83, 118.89)) for _ in range(200)]
    assert reach.best_spot().households > max(newly_reached(point, reach) for point in tried) > 0
    call_command("seed_places")
    assert centres.count() == 69


def test_days_of_use_bound_a_place(town):
    place = Place(opened_date=date(2026, 1, 1), closed_date=date(2026, 2, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [place.runs_on(day) for day in days] == [False, True, True, False]
