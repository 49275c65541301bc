"""Files as people hand them in: what can be read goes in, what cannot is written down with its reason, nothing twice."""

import csv
import gzip
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from cases.checks import unsound_cases
from cases.escalation import sweep
from cases.models import Case, Category
from cases.table_files import read_moment
from grids.models import Post
from residents.imports import import_requests
from residents.models import Request
from tests.cast import MONDAY, ZONE

GOOD = "编号,标题,时间,内容\n1,路灯,2026-11-20 08:00,路灯坏了\n2,垃圾,2026/11/20 08:00:00,宜和佳苑3幢1单元垃圾没人收\n"


@pytest.fixture
def folder(defaults, town, staff, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "来信.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    content = text.encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def bring_in(path: Path, capsys, *words: str) -> str:
    call_command("import_requests", str(path), *words)
    return capsys.readouterr().out


def test_every_row_becomes_a_case_with_a_person(folder, capsys, grid_leader):
    assert "新增 2，以前已导入 0，退件 0" in bring_in(write(folder, GOOD), capsys)
    sweep(at=datetime.now(ZONE))
    assert not Case.objects.filter(state="submitted").exists()
    assert Case.objects.get(title="垃圾").holder.person == grid_leader  # the text names the door
    assert Case.objects.get(title="路灯").holder.role == "street_cadre"  # the text names no place
    assert list(unsound_cases()) == []


def test_a_second_run_adds_nothing(folder, capsys):
    path = write(folder, GOOD)
    bring_in(path, capsys)
    assert "新增 0，以前已导入 2，退件 0" in bring_in(path, capsys)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "encoding"), [("a.csv", "utf-8-sig"), ("a.csv", "gb18030"), ("a.csv.gz", "utf-8"), ("a.CSV", "utf-8")]
)
def test_the_usual_encodings(folder, capsys, name, encoding):
    assert "新增 2" in bring_in(write(folder, GOOD, name, encoding), capsys)
    assert Request.objects.filter(words__startswith="路灯坏了").exists()


@pytest.mark.parametrize("is_packed", [False, True])
def test_excel(folder, capsys, is_packed):
    book = Workbook()
    for line in GOOD.strip().splitlines():
        book.active.append(line.split(","))
    book.active["C2"] = datetime(2026, 11, 20, 8)
    path = folder / "a.xlsx"
    book.save(path)
    if is_packed:
        packed = folder / "a.xlsx.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    assert "新增 2" in bring_in(path, capsys)


def test_a_half_broken_file_goes_in_by_half(folder, capsys):
    broken = (
        GOOD
        + "3,没有时间,,内容\n"
        + "4,看不懂,去年冬天,内容\n"
        + "5,没有内容,2026-11-20,  \u200b\n"
        + ",没有编号,2026-11-20,内容\n"
        + "7,多一列,2026-11-20,内容,多的\n"
        + "8,少一列,2026-11-20\n"
        + f"9,太长,2026-11-20,{'长' * 8001}\n"
        + "10,将来,2099-01-01,内容\n"
        + "1,重复编号,2026-11-20,内容\n"
        + '11,"引号里\n换行",2026-11-20,"第一行\n第二行"\n'
        + "12,半截\x00字符,2026-11-20,控制\x07字符😀"
    )
    said = bring_in(write(folder, broken), capsys)
    assert "新增 4，以前已导入 1，退件 8" in said
    with (folder / "来信.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    reasons = " ".join(row["原因"] for row in rejects)
    for reason in (
        "没有时间",
        "看不懂时间“去年冬天”",
        "没有内容",
        "没有编号",
        "有 5 列，表头是 4 列",
        "有 3 列",
        "最多 8000 字",
        "之后",
    ):
        assert reason in reasons
    assert Request.objects.get(submit_key__endswith=":12").words.startswith("控制字符😀")


def test_mended_rejects_go_in_as_they_are(folder, capsys):
    bring_in(write(folder, GOOD + "3,没有时间,,内容\n"), capsys)
    rejects = folder / "来信.csv.rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("没有时间,,", "没有时间,2026-11-20,"))
    assert "新增 1" in bring_in(rejects, capsys, "--source", "来信.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "第一行应是列名"),
        ("随便写的一句话", "第一行应是列名"),
        ("标题,内容\n路灯,坏了\n", "缺少列：编号、时间"),
    ],
)
def test_what_is_no_such_table_is_refused(folder, text, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_requests", str(write(folder, text)))
    assert not Case.objects.exists()


def test_files_that_cannot_be_opened_are_refused(folder):
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("import_requests", "没有.csv")
    (folder / "假.csv.gz").write_bytes(b"not packed")
    with pytest.raises(CommandError, match="打不开"):
        call_command("import_requests", "假.csv.gz")
    (folder / "假.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match="打不开这个 Excel"):
        call_command("import_requests", "假.xlsx")


@pytest.mark.django_db(transaction=True)
def test_the_same_rows_from_eight_hands_go_in_once(folder, town):
    """Each hand has them in another order, so that none may wait for a row that another holds."""

    def bring(number: int) -> tuple[int, int, int]:
        rows = [f"{n},路灯,2026-11-20,第{n}盏灯坏了" for n in range(60)]
        random.Random(number).shuffle(rows)
        path = write(folder, "编号,标题,时间,内容\n" + "\n".join(rows) + "\n", f"{number}.csv")
        try:
            report = import_requests(path=path, source="热线", default_place=town.street, at=MONDAY)
        finally:
            connection.close()
        return report.imported, report.known, len(report.rejects)

    with ThreadPoolExecutor(8) as hands:
        new, known, rejected = map(sum, zip(*hands.map(bring, range(8)), strict=True))
    assert (new, known, rejected) == (60, 7 * 60, 0)
    assert Case.objects.count() == Request.objects.count() == 60


def test_more_rows_cost_no_more_statements(folder, town):
    counted = []
    for rows in (5, 200):
        text = "".join(f"{rows}-{n},路灯,2026-11-20,宜和佳苑3幢1单元第{n}盏灯坏了\n" for n in range(rows))
        path = write(folder, f"编号,标题,时间,内容\n{text}")
        with CaptureQueriesContext(connection) as queries:
            assert import_requests(path=path, source="热线", default_place=town.street, at=MONDAY).imported == rows
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_row_that_nobody_could_take_takes_no_other_with_it(folder, capsys, town):
    """Nobody is in post in the other street, nor in the county."""
    Post.objects.filter(Q(grid=None) | Q(grid=town.other_street)).update(until_at=MONDAY)
    text = GOOD + "3,井盖,2026-11-20,东平小区的井盖\n" + "4,路灯,2026-11-20,宜和佳苑的路灯\n"
    assert "新增 3，以前已导入 0，退件 1" in bring_in(write(folder, text), capsys)
    assert not Request.objects.filter(submit_key__endswith=":3").exists()


def test_no_bar_where_nobody_watches(folder, capsys):
    call_command("import_requests", str(write(folder, GOOD)))
    call_command("import_categories", str(write(folder, "level1,level2,level3\n城乡建设,市政管理,路灯\n")))
    assert capsys.readouterr().err == ""


def test_without_anybody_in_post_it_stops_at_once(defaults, town, tmp_path):
    with pytest.raises(CommandError, match="还没有任命任何负责人"):
        call_command("import_requests", str(write(tmp_path, GOOD)))


def test_a_category_of_ours_is_taken_another_is_left_to_staff(folder, capsys):
    text = "编号,时间,内容,分类\n1,2026-11-20,灯坏了,公共设施/照明\n2,2026-11-20,灯坏了,别的分类\n"
    assert "新增 2" in bring_in(write(folder, text), capsys)
    paths = Case.objects.order_by("pk").values_list("category__path", flat=True)
    assert list(paths) == ["公共设施/照明", None]


def test_categories_come_in_with_their_tree(folder, capsys):
    text = "level1,level2,level3\n城乡建设,市政管理,路灯\n城乡建设,市政管理,井盖\n城乡建设,市政管理,路灯\n"
    call_command("import_categories", str(write(folder, text)))
    assert "新增分类 4 个" in capsys.readouterr().out
    lamp = Category.objects.get(path="城乡建设/市政管理/路灯")
    assert lamp.parent.parent.name == "城乡建设"
    call_command("import_categories", str(write(folder, text)))
    assert "新增分类 0 个" in capsys.readouterr().out


def test_one_bad_category_leaves_everything_as_it_was(folder):
    before = Category.objects.count()
    with pytest.raises(CommandError):
        call_command("import_categories", str(write(folder, "level1,level2,level3\n甲,乙,丙\n,乙,丙\n")))
    assert Category.objects.count() == before


@pytest.mark.parametrize(
    "said",
    ["2026/11/23 9:05:00", "2026-11-23  09:05", "2026年11月23日 09:05", " 2026-11-23 09:05:00 ", "2026-11-23T09:05:00"],
)
def test_dates_as_the_real_files_have_them(said):
    assert read_moment(said) == MONDAY.replace(minute=5)
