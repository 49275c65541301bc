"""Files as people hand them in: what can be read goes in, what cannot is written down with its reason, nothing twice."""

import csv
import gzip
import io
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cases.engine.checks import unsound_cases
from cases.escalation import sweep
from cases.models import Case, Category
from grids.models import Grid, Post
from residents.imports.requests import import_requests
from residents.models import Request
from tables.moments import read_moment
from tests.support.cast import MONDAY, ZONE, signed_in

GOOD = "编号,标题,时间,内容,分类\n1,路灯,2026-11-20 08:00,路灯坏了,\n2,垃圾,2026/11/20 08:00:00,宜和佳苑3幢1单元垃圾没人收,物业管理\n"


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
    known = Case.objects.get(title="垃圾")
    assert (known.state, known.holder.person) == ("dispatched", grid_leader)  # the text names the door
    unknown = Case.objects.get(title="路灯")
    assert (unknown.state, unknown.holder.role) == ("sorting", "street_cadre")  # the text names no place
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
        + "7,多一列,2026-11-20,内容,,多的\n"
        + "8,少一列,2026-11-20\n"
        + f"9,太长,2026-11-20,{'长' * 8001}\n"
        + "10,将来,2099-01-01,内容\n"
        + "1,重复编号,2026-11-20,内容\n"
        + '11,"引号里\n换行",2026-11-20,"第一行\n第二行"\n'
        + "12,半截\x00字符,2026-11-20,控制\x07字符😀"
    )
    output = bring_in(write(folder, broken), capsys)
    assert "新增 4，以前已导入 0，退件 9" in output
    with (folder / "来信.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    reasons = " ".join(row["原因"] for row in rejects)
    for reason in (
        "没有时间",
        "看不懂时间“去年冬天”",
        "没有内容",
        "没有编号",
        "有 6 列，表头是 5 列",
        "有 3 列",
        "最多 8000 字",
        "之后",
        "编号 1 已导入过，但内容不同",
    ):
        assert reason in reasons
    assert Request.objects.get(submit_key__contains=":12:").words.startswith("控制字符😀")


def test_mended_rejects_go_in_as_they_are(folder, capsys):
    bring_in(write(folder, GOOD + "3,没有时间,,内容\n"), capsys)
    rejects = folder / "来信.csv.rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("没有时间,,", "没有时间,2026-11-20,"))
    assert "新增 1" in bring_in(rejects, capsys, "--source", "来信.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "第一行应是列名"),
        ("随便写的一句话", "第一行应是列名"),
        ("标题,内容\n路灯,坏了\n", "缺少列：编号、时间"),
    ],
)
def test_what_is_no_such_table_is_refused(folder, text, words):
    with pytest.raises(CommandError, match=words):
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
            report = import_requests(file=path, source="热线", default_place=town.street, at=MONDAY)
        finally:
            connection.close()
        return report.imported, report.known, len(report.rejects)

    with ThreadPoolExecutor(8) as hands:
        new, known, rejected = map(sum, zip(*hands.map(bring, range(8)), strict=True))
    assert (new, known, rejected) == (60, 7 * 60, 0)
    assert Case.objects.count() == Request.objects.count() == 60


def test_more_rows_cost_no_more_statements(folder, town):
    counted = []
    for rows in (1, 5, 200):  # the first fills what a process keeps
        text = "".join(f"{rows}-{n},路灯,2026-11-20,宜和佳苑3幢1单元第{n}盏灯坏了\n" for n in range(rows))
        path = write(folder, f"编号,标题,时间,内容\n{text}")
        with CaptureQueriesContext(connection) as queries:
            assert import_requests(file=path, source="热线", default_place=town.street, at=MONDAY).imported == rows
        counted.append(len(queries))
    assert counted[1] == counted[2]


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
    "written",
    ["2026/11/23 9:05:00", "2026-11-23  09:05", "2026年11月23日 09:05", " 2026-11-23 09:05:00 ", "2026-11-23T09:05:00"],
)
def test_dates_as_the_real_files_have_them(written):
    assert read_moment(written) == MONDAY.replace(minute=5)


HEAD = "编号,标题,时间,内容\n"


def rejects_of(folder: Path, name: str = "来信.csv") -> list[list[str]]:
    with (folder / f"{name}.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_one_number_with_another_matter_is_refused(folder, capsys):
    path = write(
        folder, HEAD + "S1,路灯,2026-11-20 09:30,甲事\nS1,路灯,2026-11-20 09:30,乙事\nS1,路灯,2026-11-20 09:30,甲事\n"
    )
    assert "共 3 行：新增 1，以前已导入 1，退件 1" in bring_in(path, capsys)
    line, reason, *_ = rejects_of(folder)[0]
    assert line == "3"
    assert "编号 S1 已导入过，但内容不同" in reason
    later = write(folder, HEAD + "S1,路灯,2026-11-21 09:30,甲事\n")  # the same words, on another day
    assert "新增 0，以前已导入 0，退件 1" in bring_in(later, capsys)


def test_running_numbers_are_no_identity_across_files(folder, capsys):
    head, source = "序号,标题,时间,内容\n", ("--source", "12345 热线")
    october = write(folder, head + "".join(f"{n},十月{n},2026-10-0{n},十月第{n}件\n" for n in range(1, 4)), "十月.csv")
    november = write(
        folder, head + "".join(f"{n},十一月{n},2026-11-0{n},十一月第{n}件\n" for n in range(1, 6)), "十一月.csv"
    )
    assert "新增 3，以前已导入 0，退件 0" in bring_in(october, capsys, *source)
    assert "新增 5，以前已导入 0，退件 0" in bring_in(november, capsys, *source)
    for path, rows in ((october, 3), (november, 5)):
        assert f"新增 0，以前已导入 {rows}，退件 0" in bring_in(path, capsys, *source)


def test_the_same_row_of_another_source_is_another(folder, capsys):
    path = write(folder, GOOD)
    bring_in(path, capsys, "--source", "甲")
    assert "新增 2" in bring_in(path, capsys, "--source", "乙")


def test_numbers_that_a_spreadsheet_spoilt_are_refused_with_the_way_out(folder, capsys):
    rows = "".join(f"2.02611E+16,事{n},2026-11-20 09:30,第{n}件不同的事\n" for n in range(5))
    assert "新增 0，以前已导入 0，退件 5" in bring_in(write(folder, HEAD + rows), capsys)
    assert {"先把这一列设为“文本”格式再保存" in reason for _, reason, *_ in rejects_of(folder)} == {True}


def test_long_numbers_stay_whole_and_numbers_are_no_floats(folder, capsys):
    book = Workbook()
    for row in (["编号", "标题", "时间", "内容"], ["20261120000123457", "a", datetime(2026, 11, 20), "甲"], [3.0, "b", "2026-11-20", 7.0]):  # fmt: skip
        book.active.append(row)
    book.save(folder / "a.xlsx")
    assert "新增 2" in bring_in(folder / "a.xlsx", capsys, "--source", "热线")
    keys = Request.objects.order_by("pk").values_list("submit_key", flat=True)
    assert [key.split(":")[1] for key in keys] == ["20261120000123457", "3"]
    assert Request.objects.latest("pk").words.startswith("7\n")


def test_rejects_come_back_as_they_were_meant(folder, capsys):
    """Guarded on the way out, taken for what they are on the way in; what was too much is refused again."""
    path = write(folder, HEAD + "-7,-漏水,昨天,-漏水，电话 +8613800138000\nA1,多一列,2026-11-20,逗号没加引号,后半句\n")
    assert "新增 0，以前已导入 0，退件 2" in bring_in(path, capsys)
    rejects = folder / "来信.csv.rejects.csv"
    mended = rejects.read_text(encoding="utf-8-sig").replace("昨天,", "2026-11-20,")
    again = write(folder, mended, "再来.csv")
    assert "共 2 行：新增 1，以前已导入 0，退件 1" in bring_in(again, capsys, "--source", "来信.csv")
    request = Request.objects.get()
    assert request.submit_key.startswith("来信.csv:-7:")
    assert request.case.title == "-漏水"
    assert request.words.startswith("-漏水，电话 +8613800138000\n")
    assert rejects_of(folder, "再来.csv") == [
        ["3", "有 5 列，表头是 4 列", "A1", "多一列", "2026-11-20", "逗号没加引号", "后半句"]
    ]
    assert "新增 0，以前已导入 1，退件 1" in bring_in(again, capsys, "--source", "来信.csv")


def test_a_hotlines_own_heads(folder, capsys):
    text = '热线工单,,,,,\n受理编号*,诉求标题,来电时间（必填）,"诉求\n描述",事发地址,诉求类别\nK2,灯,2026-11-20 09:30,路灯不亮,宜和佳苑,公共设施/照明\n'
    assert "共 1 行：新增 1" in bring_in(write(folder, text), capsys)
    case = Case.objects.get()
    assert (case.title, case.place, case.category.path) == ("灯", "宜和佳苑", "公共设施/照明")


def test_a_file_without_rows_is_an_error(folder):
    with pytest.raises(CommandError, match="没有读到任何诉求"):
        call_command("import_requests", str(write(folder, HEAD)))


def test_names_of_columns_that_staff_keep(folder, capsys, county_admin):
    path = write(folder, "投诉件号,标题,时间,内容\nT1,灯,2026-11-20,灯坏了\n")
    with pytest.raises(CommandError, match="缺少列：编号"):
        call_command("import_requests", str(path))
    client = signed_in(county_admin)
    add = "/admin/cases/columnname/add/"
    assert client.get(add).context["adminform"].form.fields["column"].choices
    client.post(add, {"column": "requests:编号", "name": "投诉 件号"})
    assert "新增 1" in bring_in(path, capsys)
    twice = client.post(add, {"column": "requests:标题", "name": "投诉件号"})
    assert "“投诉 件号”已经是“编号”的列名" in str(twice.context["adminform"].form.errors["name"])
    assert "平台已经认得" in str(client.post(add, {"column": "requests:标题", "name": "受理编号"}).context["errors"])


FIELDS = st.sampled_from(["1", "2", "2.02611E+16", "", "灯", "2026-11-20", "昨天", "2099-01-01", "=x", '"', "长" * 61])
ROWS = st.lists(st.lists(FIELDS, min_size=0, max_size=6), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS)
def test_rows_in_are_new_and_known_and_rejected(folder, rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD.strip().split(","), *rows])
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    place = Grid.objects.get(name="宜和社区")
    path = write(folder, out.getvalue())
    for _ in range(2):
        report = import_requests(file=path, source="性质", default_place=place, at=MONDAY.replace(month=12))
        assert report.rows == len(filled)
        assert all(reason and line > 1 for line, reason, _ in report.rejects)
    assert report.imported == 0
