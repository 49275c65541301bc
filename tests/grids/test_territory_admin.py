"""The desk for the 五长: the tree, its posts one by one and by Excel, doors."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from grids.models import Building, StaffingNorm, Territory, TerritoryPost
from grids.territory.excel import TerritoryPostResource
from tests.support.cast import signed_in
from tests.support.pages import ERROR, inside

TREE, POSTS = "/admin/grids/territory/", "/admin/grids/territorypost/"
HEADS = ["片区", "街巷", "邻里", "楼栋", "户组", "手机号", "姓名", "任职起", "任职止"]


@pytest.fixture
def desk(staff):
    return signed_in(staff["community_secretary"])


def test_a_tree_is_built_from_its_pages(desk, town):
    assert desk.post(f"{TREE}add/", {"name": "宜和第一片区", "grid": town.community.pk}).status_code == 302
    area = Territory.objects.get()
    desk.post(f"{TREE}{area.pk}/add_below/", {"name": "宜和巷"})
    lane = Territory.objects.get(level=1)
    desk.post(f"{TREE}{lane.pk}/add_below/", {"name": "宜和里", "grid": town.estate.pk})
    neighbourhood = Territory.objects.get(level=2)
    assert neighbourhood.grid == town.estate
    desk.post(f"{TREE}{neighbourhood.pk}/rename/", {"name": "和美里"})
    desk.post(f"{TREE}{neighbourhood.pk}/set_phone/", {"phone": "0599-3321234"})
    neighbourhood.refresh_from_db()
    assert (neighbourhood.name, neighbourhood.duty_phone) == ("和美里", "0599-3321234")
    desk.post(f"{TREE}{neighbourhood.pk}/retire/")
    assert Territory.objects.get(level=2).retired_at is not None


@pytest.mark.parametrize(
    ("act", "posted", "words"),
    [
        ("rename", {"name": ""}, "必填"),
        ("add_below", {"name": "1单元"}, "下面已有"),
        ("set_phone", {"phone": "我的手机"}, "座机"),
        ("retire", {}, "下面还有户组"),
    ],
)
def test_bad_input_stands_on_the_page(desk, five, act, posted, words):
    answer = desk.post(f"{TREE}{five.block.pk}/{act}/", posted)
    assert answer.status_code == 200
    assert words in inside(answer, ERROR)


def test_overlapping_posts_are_said_at_their_field(desk, five, five_people):
    posted = {"node": five.block.pk, "name": "新楼长", "from_date": "", "until_date": ""}
    twice = desk.post(f"{POSTS}add/", {**posted, "phone": five_people["block"].phone})
    assert "不用重复任命" in str(twice.context["form"].errors["phone"])
    other = desk.post(f"{POSTS}add/", {**posted, "phone": "13900007777"})
    assert "现由楼长老王担任" in str(other.context["form"].errors["until_date"])
    assert 'value="新楼长"' in other.content.decode()
    assert TerritoryPost.objects.filter(node=five.block).count() == 1


def test_overlapping_posts_of_the_party_tree_too(desk, town, grid_leader):
    posted = {"phone": grid_leader.phone, "name": "李强", "role": "grid_leader", "grid": town.grid.pk}
    answer = desk.post("/admin/grids/post/add/", {**posted, "from_date": "", "until_date": ""})
    assert "不用重复任命" in str(answer.context["form"].errors["phone"])


def test_county_leaders_are_appointed_by_the_county(desk, five, county_admin):
    posted = {"node": five.area.pk, "phone": "13900007777", "name": "县领导", "from_date": "", "until_date": ""}
    assert "由县级管理员任命" in str(desk.post(f"{POSTS}add/", posted).context["form"].errors["node"])
    assert signed_in(county_admin).post(f"{POSTS}add/", posted).status_code == 302
    assert TerritoryPost.objects.get().title == "宜和第一片区长"


def test_ending_a_post(desk, five_people):
    post = TerritoryPost.objects.get(person=five_people["block"])
    assert desk.post(f"{POSTS}{post.pk}/end_post/").status_code == 302
    post.refresh_from_db()
    assert post.until_at is not None


def test_a_door_in_two_places_is_refused_and_moved_by_taking_it_out(desk, five, town):
    door = f"/admin/grids/building/{town.building.pk}"
    assert "一个门只能属于一处" in desk.post(f"{door}/place/", {"node": five.block.pk}).content.decode()
    assert "一个门只能属于一个网格" in desk.post(f"{door}/cover/", {"grid": town.next_grid.pk}).content.decode()
    for act, posted in (
        ("release", {}),
        ("place", {"node": five.block.pk}),
        ("uncover", {}),
        ("cover", {"grid": town.next_grid.pk}),
    ):
        assert desk.post(f"{door}/{act}/", posted).status_code == 302, act
    moved = Building.objects.get()
    assert (moved.grid, moved.territory) == (town.next_grid, five.block)


def test_another_streets_staff_find_nothing(staff, five, town):
    stranger = signed_in(staff["other_cadre"])
    for path in (f"{TREE}{five.block.pk}/rename/", f"/admin/grids/building/{town.building.pk}/place/"):
        assert stranger.get(path).status_code == 404
    assert "宜和巷" not in stranger.get(TREE).content.decode()


def table(*rows: list[str]) -> BytesIO:
    book = Workbook()
    book.active.append(HEADS)
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    out.name = "五长.xlsx"
    out.seek(0)
    return out


def take_in(client, *rows: list[str]):
    first = client.post(f"{POSTS}import/", {"format": "0", "resource": "", "import_file": table(*rows)})
    if "confirm_form" not in first.context or first.context["result"].has_validation_errors():
        return first
    return client.post(f"{POSTS}process_import/", first.context["confirm_form"].initial)


def test_one_table_makes_places_and_posts_and_twice_is_once(desk, five, town):
    rows = [
        ["宜和第一片区", "宜和巷", "宜和里", "3幢", "2单元", "13900001001", "组长甲", "", ""],
        ["宜和第一片区", "宜和巷", "宜和里", "5幢", "", "13900001002", "楼长乙", "2026-01-01", "2027-12-31"],
    ]
    take_in(desk, *rows)
    posts = TerritoryPost.objects.order_by("pk")
    assert [post.words for post in posts] == ["2单元户组长 组长甲", "5幢楼栋长 楼长乙"]
    assert Territory.objects.get(name="2单元").parent == five.block
    take_in(desk, *rows)
    assert TerritoryPost.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["别的片区", "", "", "", "", "13900001001", "甲", "", ""], "没有片区"),
        (["宜和第一片区", "宜和巷", "", "3幢", "", "13900001001", "甲", "", ""], "中间不能空"),
        (["宜和第一片区", "宜和巷", "", "", "", "123", "甲", "", ""], "手机号"),
        (["宜和第一片区", "", "", "", "", "13900001001", "甲", "", ""], "县级管理员任命"),
    ],
)
def test_rows_that_make_no_sense_are_explained(desk, five, row, words):
    answer = take_in(desk, row)
    assert words in inside(answer, ERROR)
    assert not TerritoryPost.objects.exists()


def test_the_table_goes_out_with_masked_phones(desk, five_people):
    taken = desk.post(f"{POSTS}export/", {"format": "1", "resource": ""}).content.decode("utf-8-sig")
    assert "宜和第一片区" in taken
    assert five_people["block"].masked_phone in taken
    assert five_people["block"].phone not in taken


def test_a_table_going_out_costs_no_query_a_row(five, five_people):
    posts = TerritoryPost.objects.select_related("person", "node")
    assert posts.count() > 3
    with CaptureQueriesContext(connection) as queries:
        rows = TerritoryPostResource().export(posts)
    assert len(rows) == posts.count()
    assert len(queries) <= 3


def test_the_norm_is_the_countys_to_change(desk, staff):
    url = "/admin/grids/staffingnorm/add/"
    assert desk.get(url).status_code == 403
    signed_in(staff["county_admin"]).post(url, {"role": "patrol", "number": "6"})
    assert StaffingNorm.objects.get().number == 6
