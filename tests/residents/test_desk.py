"""代为登记 and files of requests: the community writes down what it hears, in its own area."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Consent, User
from cases.models import Case
from residents.models import Request, Source
from tests.imports.tables import brought_in
from tests.support.cast import signed_in
from tests.support.pages import ERROR, MESSAGE, inside

REGISTER, IMPORT = "/requests/register/", "/requests/import/"
MAY = {"community_worker", "community_secretary", "street_cadre", "county_admin", "other_cadre"}


def request_form(town, **more):
    return {
        "key": str(uuid.uuid4()),
        "phone": "139 0000 0000",
        "name": "刘大爷",
        "has_agreed": "on",
        "place": town.estate.pk,
        "building": town.building.pk,
        "words": "井盖松了",
        "urgency": "normal",
        **more,
    }


@pytest.fixture
def desk(defaults, town, staff):
    return signed_in(staff["community_worker"])


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("url", [REGISTER, IMPORT])
def test_the_desk_is_for_those_who_dispatch(defaults, staff, resident, url):
    for who, person in {**staff, "resident": resident}.items():
        assert (signed_in(person).get(url).status_code == 200) == (who in MAY), who


def test_a_caller_becomes_a_resident_who_can_follow(desk, town, worker_at_desk):
    answer = desk.post(REGISTER, request_form(town))
    case = Case.objects.get()
    assert answer["Location"] == f"/requests/{case.number}/done/"
    caller = User.objects.with_phone("13900000000")
    assert caller.name == "刘大爷"
    assert Consent.objects.filter(person=caller).exists()
    assert case.seats.get(person=caller)
    assert case.request.source == Source.STAFF
    assert case.events.first().by_id == worker_at_desk.pk
    assert case.grid == town.grid
    assert signed_in(caller).get(f"/cases/{case.number}/").status_code == 200
    assert desk.get(answer["Location"]).status_code == 200


def test_a_known_caller_keeps_their_name(desk, town, resident):
    desk.post(REGISTER, request_form(town, phone=resident.phone, name="别的名字", has_agreed=""))
    resident.refresh_from_db()
    assert resident.name == "王秀英"
    assert Case.objects.get().seats.get(person=resident)


def test_who_leaves_no_phone_is_heard_too(desk, town):
    desk.post(REGISTER, request_form(town, phone="", name="", has_agreed=""))
    assert not Case.objects.get().seats.exists()


def test_the_same_form_twice_is_one_case(desk, town):
    form = request_form(town)
    assert desk.post(REGISTER, form)["Location"] == desk.post(REGISTER, form)["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"has_agreed": ""}, "要先告知居民并征得同意"),
        ({"name": ""}, "请填写怎么称呼"),
        ({"phone": "1390000"}, "手机号"),
        ({"words": ""}, "请用您自己的话说说"),
        ({"words": "长" * 8001}, "最多 8000 字，您写了 8001 字"),
        ({"place": ""}, "请选择小区"),
        ({"place": "²"}, "这个地点已撤并"),
        ({"urgency": "soon"}, "soon"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, town, wrong, message):
    answer = text(desk.post(REGISTER, request_form(town, address_note="东门垃圾房旁", **wrong)))
    assert message in inside(answer, ERROR)
    assert "东门垃圾房旁" in answer
    assert not Case.objects.exists()
    assert User.objects.with_phone("13900000000") is None


def test_nobody_registers_for_another_community(defaults, town, staff):
    answer = signed_in(staff["other_cadre"]).post(REGISTER, request_form(town))
    assert "这个地点已撤并，请重新选择" in text(answer)
    assert not Case.objects.exists()


def test_without_javascript_the_buildings_come_on_request(desk, town):
    answer = text(desk.post(REGISTER, {**request_form(town), "show_buildings": "1"}))
    assert "3幢1单元" in answer
    assert "井盖松了" in answer
    assert not Case.objects.exists()


HEAD = ["编号", "标题", "时间", "内容", "地点"]
ROWS = [
    ["001", "路灯", "2026-11-20 09:00", "路灯不亮", "宜和佳苑"],
    ["002", "积水", "前天", "门口积水", ""],
    ["003", "噪声", "2026-11-20 09:00", "半夜装修", "东平社区"],
]


def table(name: str, rows=ROWS) -> SimpleUploadedFile:
    if name.endswith(".csv"):
        lines = "\n".join(",".join(row) for row in [HEAD, *rows])
        return SimpleUploadedFile(name, lines.encode("gb18030"))
    book, out = Workbook(), io.BytesIO()
    for row in [HEAD, *rows]:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.mark.parametrize("name", ["诉求.csv", "诉求.xlsx"])
def test_a_file_goes_in_once_and_names_the_rows_that_did_not(desk, town, name):
    form = {"source": "12345 热线", "place": town.community.pk}
    page = brought_in(desk, IMPORT, {**form, "file": table(name)})
    assert inside(page, MESSAGE) == "共 3 行：新增 2，以前已导入 0，没有导入 1。"
    assert "看不懂时间“前天”" in inside(page, "//table")
    assert set(Case.objects.values_list("place", flat=True)) == {"宜和佳苑", "宜和社区"}  # 东平 is not this desk's
    assert set(Request.objects.values_list("source", flat=True)) == {Source.IMPORT}
    page = brought_in(desk, IMPORT, {**form, "file": table(name)})
    assert inside(page, MESSAGE) == "共 3 行：新增 0，以前已导入 2，没有导入 1。"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (None, "请选择文件。"),
        (SimpleUploadedFile("a.csv", b""), "这个文件是空的。"),
        (SimpleUploadedFile("a.pdf", b"%PDF"), "请选择 .csv、.xlsx、.xls 或 .ods 文件。"),
        (SimpleUploadedFile("a.xlsx", b"PK no book"), "打不开这个 Excel 文件"),
        (SimpleUploadedFile("a.csv", "编号,标题\n1,灯".encode()), "缺少列：编号、内容、时间"),
        (SimpleUploadedFile("a.csv", b"x" * 10_000_001), "文件超过 10 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_field(desk, town, file, message):
    form = {"source": "纸质登记本", "place": town.community.pk, **({"file": file} if file else {})}
    answer = text(desk.post(IMPORT, form))
    if message.startswith("缺少列"):
        message = "缺少列"
    assert message in inside(answer, ERROR)
    assert "纸质登记本" in answer
    assert not Case.objects.exists()


def test_a_packed_file_that_swells_is_refused(desk, town, monkeypatch):
    monkeypatch.setattr("tables.reading.MAX_BYTES", 2_000)
    for name in ("诉求.csv", "诉求.xlsx"):
        rows = [[str(number), "灯", "2026-11-20", "灯", ""] for number in range(200)]
        form = {"source": "12345", "place": town.community.pk, "file": table(name, rows)}
        assert "文件太大，请分成几个文件。" in text(desk.post(IMPORT, form))
