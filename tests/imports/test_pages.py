"""The pages of imports: who may hand in what, what is refused at its field, what is said on the way and in the end."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.privacy.rights import run_retention
from cases.models import Case
from grids.models import Grid
from imports import services
from imports.models import Import
from meetings.models import Tenure
from tests.imports.tables import (
    HOMES_HEAD,
    REQUESTS_HEAD,
    ask,
    brought_in,
    confirmed,
    homes_table,
    requests_table,
    run,
    tried,
    upload,
)
from tests.support.cast import signed_in
from tests.support.pages import BUTTON, ERROR, MESSAGE, inside, words

NEW = "/imports/new/requests/"
ROWS, PROGRESS = "//tbody/tr", "//progress"
REJECTED = f"{REQUESTS_HEAD}\n1,路灯,2026-11-20,灯坏了\n2,垃圾,前天,王大明家门口 13800138000\n".encode()


@pytest.fixture
def desk(defaults, town, staff):
    return signed_in(staff["community_worker"])


def form(town, content=None, name="表.csv", **more):
    posted = {"source": "12345 热线", "place": town.community.pk, **more}
    return posted if content is None else {**posted, "file": upload(content, name)}


def test_it_is_for_those_who_may_bring_something_in(defaults, town, staff, resident):
    may = {"community_worker", "community_secretary", "street_cadre", "county_admin", "other_cadre"}
    for who, person in {**staff, "resident": resident}.items():
        for path in ("/imports/", NEW, f"{NEW}sample.xlsx"):
            assert (signed_in(person).get(path).status_code == 200) == (who in may), (who, path)


def test_the_list_offers_every_kind_and_holds_ones_own(desk, town, worker_at_desk, secretary):
    mine = run(ask(worker_at_desk, town.community))
    ask(secretary, town.estate, homes_table(2), kind="homes")
    page = desk.get("/imports/")
    assert [label for label in words(page, BUTTON) if label.startswith("导入")] == [
        "导入诉求",
        "导入单位名单",
        "导入户册",
    ]
    (card,) = words(page, "//main//a[contains(@class, 'case-card')]")
    assert card.startswith(mine.title)
    assert card.endswith("新增 2，以前已导入 0，没有导入 0")


def test_the_list_costs_the_same_with_more_imports(desk, town, worker_at_desk):
    counted = []
    for source in ("甲", "乙", "丙"):
        run(ask(worker_at_desk, town.community, source=source))
        desk.get("/imports/")
        with CaptureQueriesContext(connection) as queries:
            desk.get("/imports/")
        counted.append(len(queries))
    assert len(set(counted)) == 1


def test_from_the_form_to_what_became_of_it(desk, town):
    page = desk.get(NEW)
    assert "要有：编号、时间、内容；可有：序号、标题、地点、分类、紧急程度、姓名、电话" in inside(
        page, "//form//*[contains(@class, 'help')]"
    )
    answer = desk.post(NEW, form(town, requests_table()))
    asked = Import.objects.get()
    assert answer["Location"] == f"/imports/{asked.pk}/"
    page = desk.get(answer["Location"])
    assert "收下了，正在读表格" in inside(page, MESSAGE)
    assert "看到哪了" in words(page, BUTTON)  # without scripts
    assert inside(page, PROGRESS) == "0 %"
    Import.objects.update(row_count=200, done_count=50)
    page = desk.get(answer["Location"], headers={"HX-Request": "true"})
    assert "25 %（50 / 200 行）" in inside(page, MESSAGE)
    assert inside(page, "//main | //h1") == ""  # the part that asks again by itself
    services.run_imports(at=timezone.now())
    page = desk.get(answer["Location"])
    assert inside(page, MESSAGE).startswith("试过了，还没有导入。共 2 行：可新增 2，以前已导入 0，不能导入 0。")
    assert words(page, PROGRESS) == words(page, "//*[@hx-get]") == []
    assert words(page, ROWS) == ["待分拣2"]
    assert not Case.objects.exists()
    assert desk.post(f"{answer['Location']}confirm/")["Location"] == answer["Location"]
    assert "正在导入：0 %（0 / 2 行）" in inside(desk.get(answer["Location"]), MESSAGE)
    services.run_imports(at=timezone.now())
    page = desk.get(answer["Location"])
    assert inside(page, MESSAGE) == "共 2 行：新增 2，以前已导入 0，没有导入 0。"
    assert words(page, PROGRESS) == words(page, "//*[@hx-get]") == []
    assert Case.objects.count() == 2


def test_each_kind_asks_its_own_beside_the_file(desk):
    asked = {
        key: set(desk.get(f"/imports/new/{key}/").context["form"].fields) for key in ("requests", "roster", "homes")
    }
    assert asked == {"requests": {"file", "source", "place"}, "roster": {"file"}, "homes": {"file", "place"}}
    assert desk.get("/imports/new/nothing/").status_code == 404
    assert desk.get("/imports/new/nothing/sample.xlsx").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (None, "", "请选择文件。"),
        (b"", "a.csv", "这个文件是空的。"),
        (b"x", "a.pdf", "请选择 .csv、.xlsx、.xls 或 .ods 文件。"),
        (b"%PDF-1.4", "a.csv", "这是PDF 文件，不是表格。"),
        (b"<html><table></table></html>", "a.xls", "这是网页或 XML 文件，不是表格。"),
        (b"PK no book", "a.xlsx", "打不开这个 Excel 文件"),
        ("编号,标题\n1,灯\n".encode(), "a.csv", "缺少列："),
        (REQUESTS_HEAD.encode(), "a.csv", "没有读到任何诉求"),
        (b"x" * 10_000_001, "a.csv", "文件超过 10 MB"),
    ],
)
def test_what_is_no_such_table_is_refused_at_its_field(desk, town, content, name, refusal):
    page = desk.post(NEW, form(town, content, name, source="纸质登记本"))
    (error,) = words(page, ERROR)
    assert refusal in error
    assert page.context["form"].errors.keys() == {"file"}
    assert page.context["form"]["source"].value() == "纸质登记本"
    assert not Import.objects.exists()


def test_what_is_asked_beside_it_is_said_at_its_field(desk, town):
    page = desk.post(NEW, form(town, requests_table(), source="", place=town.other_community.pk))
    assert words(page, ERROR) == ["请写明来源，例如“12345 热线”。", "这个网格已撤并，请重新选择。"]
    page = desk.post("/imports/new/homes/", {"file": upload(homes_table(1))})
    assert words(page, ERROR) == ["请选择小区。"]
    assert not Import.objects.exists()


def test_what_the_form_cannot_tell_the_page_says(desk, town, monkeypatch):
    """A large workbook is not opened inside the request."""
    monkeypatch.setattr("tables.reading.QUICK_BYTES", 5)
    page = brought_in(desk, NEW, form(town, b"PK no book", "a.xlsx"))
    assert "打不开这个 Excel 文件" in inside(page, ERROR)
    assert words(page, MESSAGE) == []
    page = desk.post(
        NEW, form(town, "编号,标题\n1,灯\n".encode())
    )  # of a text the first lines are looked at all the same
    assert "缺少列：" in inside(page, ERROR)


def test_a_place_outside_ones_area_is_closed_past_the_form_too(desk, town, worker_at_desk):
    asked = run(ask(worker_at_desk, town.other_community))
    assert asked.failed == "您已不能往这里导入。"
    assert not Case.objects.exists()


def test_no_room_for_it_is_said_at_its_field(desk, town, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    page = desk.post(NEW, form(town, requests_table()))
    assert "现在存不下文件" in inside(page, ERROR)
    assert not Import.objects.exists()


@pytest.mark.parametrize("who", ["community_secretary", "county_admin", "resident"])
def test_somebody_elses_is_not_there(desk, town, staff, resident, worker_at_desk, who):
    asked = run(ask(worker_at_desk, town.community, REJECTED))
    other = signed_in({**staff, "resident": resident}[who])
    for path in (f"/imports/{asked.pk}/", f"/imports/{asked.pk}/rejects.csv"):
        assert other.get(path).status_code == 404
    assert other.get(f"/media/{asked.rejects.name}").status_code == 404


def test_rejected_rows_are_named_by_line_and_reason_alone(desk, town):
    page = brought_in(desk, NEW, form(town, REJECTED))
    assert words(page, "//tr[td[1] = '3']")[0].startswith("3看不懂时间“前天”")
    assert "王大明" not in inside(page)
    assert "13800138000" not in inside(page)


def test_the_page_shows_twenty_the_file_holds_them_all(desk, town, worker_at_desk):
    bad = "\n".join([REQUESTS_HEAD, *(f"{n},灯,前天,坏了" for n in range(30))]).encode()
    asked = run(ask(worker_at_desk, town.community, bad))
    assert len(words(desk.get(asked.get_absolute_url()), ROWS)) == 20
    answer = desk.get(f"{asked.get_absolute_url()}rejects.csv")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").count("\r\n") == 31


def test_rejects_mended_and_sent_again_go_in(desk, town, worker_at_desk):
    page = brought_in(desk, NEW, form(town, REJECTED))
    assert "下载退件（CSV）" in words(page, BUTTON)
    answer = desk.get(f"/imports/{Import.objects.get().pk}/rejects.csv")
    assert answer["Content-Type"].startswith("text/csv")
    mended = b"".join(answer.streaming_content).decode("utf-8-sig").replace(",前天,", ",2026-11-20,")
    page = brought_in(desk, NEW, form(town, mended.encode(), "退件.csv"))
    assert inside(page, MESSAGE) == "共 1 行：新增 1，以前已导入 0，没有导入 0。"
    assert Case.objects.count() == 2


def test_without_rejects_there_is_no_file_of_them(desk, town, worker_at_desk):
    asked = run(ask(worker_at_desk, town.community))
    assert desk.get(f"{asked.get_absolute_url()}rejects.csv").status_code == 404
    bad = run(ask(worker_at_desk, town.community, REJECTED))
    services.REJECTS_KEPT.clear(timezone.now(), timezone.now())
    page = desk.get(bad.get_absolute_url())
    assert "退件已到期删除。" in words(page, "//p")
    assert desk.get(f"{bad.get_absolute_url()}rejects.csv").status_code == 404


def test_an_import_that_was_broken_off_says_that_its_own_rows_may_be_among_the_known(desk, town, worker_at_desk):
    asked = ask(worker_at_desk, town.community)
    confirmed(asked)
    Import.objects.update(tries=1)
    tried(asked)
    page = desk.get(asked.get_absolute_url())
    assert "“以前已导入”里可能有中断前这一次导入的行" in inside(page)
    once = run(ask(worker_at_desk, town.estate))
    assert "中断" not in inside(desk.get(once.get_absolute_url()))


def test_the_pages_of_the_rooms_lead_to_the_same(desk, town):
    roster = "姓名,手机号,单位,身份\n张三,1380,县教育局,在职\n".encode()
    homes = f"{HOMES_HEAD}\n3幢,1单元,101,80,林一,13700001001,是\n".encode()
    for url, more, message in (
        ("/requests/import/", form(town, requests_table()), "共 2 行：新增 2，以前已导入 0，没有导入 0。"),
        ("/volunteers/roster/", {"file": upload(roster)}, "共 1 行：新增 0，以前已导入 0，没有导入 1。"),
        ("/homes/", {"file": upload(homes), "place": town.estate.pk}, "共 1 行：新增 1，以前已导入 0，没有导入 0。"),
    ):
        assert desk.get(url).status_code == 200
        assert inside(brought_in(desk, url, more), MESSAGE) == message
    assert set(Import.objects.values_list("kind", flat=True)) == {"requests", "roster", "homes"}
    assert Tenure.objects.get().home.estate == Grid.objects.get(pk=town.estate.pk)


def test_a_trial_says_how_long_it_waits_and_is_forgotten_then(desk, town, worker_at_desk):
    asked = tried(ask(worker_at_desk, town.community, REJECTED))
    page = desk.get(asked.get_absolute_url())
    assert "没有确认的，1 天后连同表格自动删除；每次下载都记入审计记录。" in words(page, "//p")
    run_retention(at=asked.previewed_at + timedelta(hours=23))
    assert Import.objects.exists()
    run_retention(at=asked.previewed_at + timedelta(hours=25))
    assert not Import.objects.exists()
    assert not Case.objects.exists()


def test_a_trial_that_is_dropped_leaves_nothing(desk, town, worker_at_desk):
    asked = tried(ask(worker_at_desk, town.community))
    assert desk.post(f"{asked.get_absolute_url()}confirm/", {"drop": "1"})["Location"] == "/imports/"
    assert not Import.objects.exists()
    assert not Case.objects.exists()


def test_an_import_is_taken_back_on_its_page_by_who_brought_it_in(desk, town, staff, worker_at_desk):
    asked = run(ask(worker_at_desk, town.community))
    url = f"{asked.get_absolute_url()}take-back/"
    assert signed_in(staff["community_secretary"]).post(url, {"words": "导错了"}).status_code == 404
    assert words(desk.post(url, {"words": " "}), ERROR) == ["请写明为什么撤回。"]
    page = desk.post(url, {"words": "导错了"}, follow=True)
    assert words(page, MESSAGE)[0] == "已撤回 2 件。改好的表可以重新导入。"
    assert set(Case.objects.values_list("outcome", flat=True)) == {"taken_back"}
    assert desk.get(url).status_code == 404  # once
