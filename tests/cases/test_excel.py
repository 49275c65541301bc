"""Doors and categories in and out of Excel: shown first, then taken in; what is wrong is said by row."""

import io
import re
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from cases.models import Category
from grids.models import Building
from grids.posts.services import cover
from tests.support.cast import MONDAY, signed_in

DOORS, CATEGORIES = "/admin/grids/building/", "/admin/cases/category/"


def book(*rows: list[object]) -> SimpleUploadedFile:
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return SimpleUploadedFile("表.xlsx", out.getvalue())


def take_in(client, url: str, *rows: list[object]) -> str:
    """Upload, read the preview, confirm when it offers that."""
    seen = client.post(f"{url}import/", {"import_file": book(*rows), "format": "0", "resource": "0"})
    assert seen.status_code == 200
    confirm = seen.context.get("confirm_form")
    if confirm is not None and not seen.context["result"].has_validation_errors():
        answer = client.post(f"{url}process_import/", confirm.initial, follow=True)
        assert answer.status_code == 200
    return seen.content.decode()


@pytest.fixture
def cadre(defaults, street_cadre):
    return signed_in(street_cadre)


@pytest.fixture
def county(defaults, county_admin):
    return signed_in(county_admin)


def test_doors_come_in_and_a_second_time_change_nothing(cadre, town):
    rows = [
        ["网格编码", "楼栋", "单元"],
        [town.grid.code, "5幢", "1单元"],
        [town.next_grid.code, "5幢", "2单元"],
        [town.grid.code, 6, None],
        [town.grid.code, "3幢", "1单元"],
    ]
    for _ in range(2):
        take_in(cadre, DOORS, *rows)
        assert {(door.label, door.grid.name) for door in Building.objects.select_related("grid")} == {
            ("3幢1单元", "宜和佳苑1号网格"),
            ("5幢1单元", "宜和佳苑1号网格"),
            ("5幢2单元", "宜和佳苑2号网格"),
            ("6", "宜和佳苑1号网格"),
        }
    assert set(Building.objects.values_list("estate", flat=True)) == {town.estate.pk}


def test_a_door_that_does_not_fit_is_said_and_nothing_comes_in(cadre, town):
    text = take_in(
        cadre,
        DOORS,
        ["网格编码", "楼栋", "单元"],
        [town.grid.code, "7幢", ""],
        [town.next_grid.code, "3幢", "1单元"],
        [town.other_grid.code, "8幢", ""],
        [town.group.code, "8幢", ""],
        [town.grid.code, "", ""],
        [town.grid.code, "长" * 31, ""],
    )
    assert "一个门只能属于一个网格" in text
    assert f"您的辖区里没有编码为“{town.other_grid.code}”的网格。" in text  # another street's
    assert "请填写楼栋。" in text
    assert "楼栋最多 30 字。" in text
    assert Building.objects.count() == 1


def test_doors_go_out_as_they_come_in(cadre, town, other_cadre):
    answer = cadre.post(f"{DOORS}export/", {"format": "0", "resource": "0"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows == [
        ("网格编码", "网格", "楼栋", "单元", "纬度", "经度", "户数"),
        (town.grid.code, "宜和佳苑1号网格", "3幢", "1单元", None, None, None),
    ]
    answer = signed_in(other_cadre).post(f"{DOORS}export/", {"format": "0", "resource": "0"})
    assert load_workbook(io.BytesIO(answer.content)).active.max_row == 1


def test_doors_take_their_points_and_households_from_the_table(cadre, town):
    heads = ["网格编码", "楼栋", "单元", "纬度", "经度", "户数"]
    take_in(
        cadre,
        DOORS,
        heads,
        [town.grid.code, "3幢", "1单元", 27.3654, 118.8587, 12],
        [town.grid.code, "5幢", "", None, None, 8],
    )
    doors = {door.label: (door.latitude, door.longitude, door.households) for door in Building.objects.all()}
    assert doors == {"3幢1单元": (27.3654, 118.8587, 12), "5幢": (None, None, 8)}
    take_in(cadre, DOORS, heads[:3], [town.grid.code, "3幢", "1单元"])  # a table without these columns leaves them
    assert Building.objects.get(name="3幢").households == 12


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([31.2, 121.4, 1], "不在本县范围内"),
        ([27.36, None, 1], "要么都填，要么都不填"),
        (["北", 118.8, 1], "看不懂纬度“北”"),
        ([27.36, 118.85, 1.5], "看不懂户数“1.5”"),
    ],
)
def test_a_point_that_cannot_be_is_said(cadre, town, cells, words):
    heads = ["网格编码", "楼栋", "单元", "纬度", "经度", "户数"]
    assert words in take_in(cadre, DOORS, heads, [town.grid.code, "7幢", "", *cells])
    assert Building.objects.count() == 1


def test_categories_come_in_with_their_ancestors(county):
    take_in(
        county,
        CATEGORIES,
        ["事项类型", "分类全称", "关键词"],
        ["诉求", "城乡建设/市政管理/窨井盖", "井盖 窨井"],
        ["诉求", "公共设施/照明", "路灯 灯"],
    )
    assert Category.objects.get(path="城乡建设/市政管理/窨井盖").parent.path == "城乡建设/市政管理"
    assert Category.objects.get(path="公共设施/照明").keywords == "路灯 灯"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["投诉", "城乡建设", ""], "事项类型应为：交办事项、诉求"),
        (["诉求", "城乡建设//路灯", ""], "每级分类都要有名称，最多 40 字。"),
        (["诉求", "", ""], "每级分类都要有名称，最多 40 字。"),
        (["诉求", "一/二/三/四", ""], "分类最多 3 级。"),
    ],
)
def test_a_category_that_does_not_fit_is_said(county, row, message):
    before = Category.objects.count()
    assert message in take_in(county, CATEGORIES, ["事项类型", "分类全称", "关键词"], row)
    assert Category.objects.count() == before


@pytest.mark.parametrize("path", ["公共设施/照明", "公共设施/照明/楼道"])
def test_of_a_retired_category_nothing_is_taken_in(county, path):
    Category.objects.filter(path="公共设施/照明").update(retired_at=MONDAY)
    before = list(Category.objects.order_by("pk").values_list())
    text = take_in(county, CATEGORIES, ["事项类型", "分类全称", "关键词"], ["诉求", path, "灯"])
    assert "分类“公共设施/照明”已停用" in text
    assert list(Category.objects.order_by("pk").values_list()) == before


@pytest.mark.parametrize("url", [DOORS, CATEGORIES])
def test_taking_in_is_for_those_who_may(defaults, staff, url):
    at_doors = {"street_cadre", "other_cadre", "community_secretary"}
    may = {"county_admin"} | (at_doors if url == DOORS else set())
    for who in ("community_worker", "community_secretary", "street_cadre", "county_admin", "other_cadre"):
        for door in ("import", "export"):
            assert (signed_in(staff[who]).get(f"{url}{door}/").status_code == 200) == (who in may), (who, door)


def test_a_file_that_is_no_table_is_refused(cadre):
    posted = {"import_file": SimpleUploadedFile("表.xlsx", b"PK"), "format": "0", "resource": "0"}
    answer = cadre.post(f"{DOORS}import/", posted)
    assert answer.status_code == 200
    assert answer.context["form"].errors["import_file"]


HEADS = ["网格编码", "楼栋", "单元"]


def fault(client, rows=None, *, name="表.xlsx", content=None, url=DOORS) -> str:
    """What stands at the file's field."""
    file = book(*rows) if rows else SimpleUploadedFile(name, content)
    answer = client.post(f"{url}import/", {"import_file": file, "resource": "0"})
    assert answer.status_code == 200
    assert "Traceback" not in answer.content.decode()
    assert "/site-packages/" not in answer.content.decode()
    return " ".join(answer.context["form"].errors["import_file"])


def is_chinese(words: str) -> bool:
    return not set(re.findall("[A-Za-z]+", words)) - {"Excel", "WPS", "XML", "csv", "xlsx", "xls", "ods", "MB"}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("url", "needed"),
    [
        (DOORS, "网格编码、楼栋"),
        ("/admin/grids/post/", "姓名、职务、网格"),
        ("/admin/grids/territorypost/", "片区、姓名"),
        (CATEGORIES, "事项类型、分类全称"),
    ],
)
def test_wrong_columns_are_named(county, settings, debug, url, needed):
    settings.DEBUG = debug
    words = fault(county, [["手机号", "备注"], ["13800000000", "x"]], url=url)
    assert f"列名，例如：{needed}" in words or f"缺少列：{needed}" in words
    assert is_chinese(words)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("表.xlsx", b"", "这个文件是空的"),
        ("表.xls", b"<html><table>", "这是网页或 XML 文件"),
        ("表.xlsx", b"\xff\xd8\xff\xe0", "这是图片，不是表格"),
        ("表.csv", bytes(1000), "这不是表格文件"),
        ("表.csv", b"x" * 10_000_001, "文件超过 10 MB"),
        ("表.csv", "网格编码,楼栋\n".encode(), "没有读到任何楼栋"),
        ("表.csv", "网格编码,楼栋\n1,3幢,多的\n2,4幢,多的\n".encode(), "第 2 行：有 3 列，表头是 2 列"),
        ("表.csv", ("网格编码,楼栋\n" + "1,3幢\n" * 2001).encode(), "一次最多 2000 行"),
    ],
)
def test_what_is_no_table_is_refused_at_its_field(cadre, name, content, words):
    sentence = fault(cadre, name=name, content=content)
    assert words in sentence
    assert is_chinese(sentence)


def test_a_fault_of_ours_shows_nothing_of_its_inside(cadre, town, monkeypatch, caplog):
    def broken(**_):
        raise RuntimeError("secret in /srv/portal")

    monkeypatch.setattr("grids.admin_pages.excel.cover", broken)
    text = take_in(cadre, DOORS, HEADS, [town.grid.code, "7幢", ""])
    assert "系统没能读入，已记录" in text
    assert "secret" not in text
    assert "secret in /srv/portal" in caplog.text


def test_faults_are_said_by_the_line_of_the_table(cadre, town):
    rows = [["楼栋一览"], [], HEADS, [town.grid.code, "7幢", ""], [], ["0", "8幢", ""]]
    answer = cadre.post(f"{DOORS}import/", {"import_file": book(*rows), "resource": "0"})
    assert [row.number for row in answer.context["result"].invalid_rows] == [6]
    assert "第 6 行" in answer.content.decode()


def test_what_ceased_to_be_sound_before_it_was_confirmed_brings_nothing_in(cadre, town):
    seen = cadre.post(
        f"{DOORS}import/",
        {"import_file": book(HEADS, [town.grid.code, "7幢", ""], [town.grid.code, "8幢", ""]), "resource": "0"},
    )
    cover(grid=town.next_grid, name="8幢", unit="")
    answer = cadre.post(f"{DOORS}process_import/", seen.context["confirm_form"].initial, follow=True)
    words = " ".join(map(str, answer.context["messages"]))
    assert "第 3 行" in words
    assert "整个表没有导入" in words
    assert not Building.objects.filter(name="7幢").exists()


def test_only_the_file_that_was_shown_is_taken_in(cadre, town, tmp_path):
    bait = Path(tempfile.gettempdir(), f"{tmp_path.name}.csv")
    bait.write_text(f"网格编码,楼栋\n{town.grid.code},7幢\n")
    try:
        form = {"import_file_name": bait.name, "original_file_name": "表.csv", "format": "0", "resource": "0"}
        answer = cadre.post(f"{DOORS}process_import/", form, follow=True)
        assert "请重新选择文件" in " ".join(map(str, answer.context["messages"]))
        assert bait.exists()
    finally:
        bait.unlink()
    assert Building.objects.count() == 1
    seen = cadre.post(f"{DOORS}import/", {"import_file": book(HEADS, [town.grid.code, "7幢", ""]), "resource": "0"})
    form = {**seen.context["confirm_form"].initial, "format": "x"}
    for _ in range(2):  # the second time it is gone
        answer = cadre.post(f"{DOORS}process_import/", form, follow=True)
        assert answer.status_code == 200
    assert "请重新选择文件" in " ".join(map(str, answer.context["messages"]))
    assert Building.objects.count() == 2


def test_doors_survive_what_a_spreadsheet_makes_of_them(cadre, town):
    """Another spelling of a door that is there is that door."""
    typed = Workbook()
    for row in (
        HEADS,
        [town.grid.code, "３幢", "１ 单元"],
        [int(town.grid.code), datetime(2026, 3, 2), ""],
        [float(town.grid.code), datetime(2026, 5, 1), 2.0],
        [town.grid.code, "3月3日", "3.0"],
        [town.grid.code, 6.0, None],
    ):
        typed.active.append(row)
    typed.active["B4"].number_format = 'm"月"d"日"'
    out = io.BytesIO()
    typed.save(out)
    file = SimpleUploadedFile("表.xlsx", out.getvalue())
    seen = cadre.post(f"{DOORS}import/", {"import_file": file, "resource": "0"})
    cadre.post(f"{DOORS}process_import/", seen.context["confirm_form"].initial)
    assert {(door.name, door.unit) for door in Building.objects.all()} == {
        ("3幢", "1单元"),
        ("3-2", ""),
        ("5-1", "2"),
        ("3-3", "3"),
        ("6", ""),
    }


def test_a_door_that_could_be_two_is_refused(cadre, town):
    assert "原来可能是 3-1 或 26-3" in take_in(cadre, DOORS, HEADS, [town.grid.code, "2026-03-01", ""])
    assert "科学计数" in take_in(cadre, DOORS, HEADS, ["3.50725E+14", "3幢", ""])
    assert Building.objects.count() == 1


@pytest.mark.parametrize("form", ["0", "1"])
def test_what_goes_out_comes_in_the_same(cadre, town, form):
    for name in ("=1+1", "-7", "'8", "3-2", "8幢，“东”"):
        cover(grid=town.grid, name=name, unit="")
    before = set(Building.objects.values_list("pk", "name", "unit"))
    table = cadre.post(f"{DOORS}export/", {"format": form, "resource": "0"}).content
    file = SimpleUploadedFile("导出", table)
    seen = cadre.post(f"{DOORS}import/", {"import_file": file, "resource": "0"})
    assert {row.import_type for row in seen.context["result"].rows} == {"skip"}
    assert set(Building.objects.values_list("pk", "name", "unit")) == before
