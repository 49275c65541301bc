"""The yearly notice: days stored, open limits counted anew, a bad table refused as a whole."""

import io
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from cases.engine.calendar import load_days
from cases.limits.holidays import DayRow, read_notice
from cases.models import CalendarDay, Case
from cases.reading.tracking import tracking_path
from cases.services import route
from tests.support.cast import MONDAY, ZONE, draw, signed_in, submit
from tests.support.heard import heard

YEAR = """日期,类型,名称
2027-01-01,放假,元旦
2027-02-06,放假,春节
2027-02-07,放假,春节
2027-02-08,放假,春节
2027-04-05,放假,清明节
2027-05-01,放假,劳动节
2027-06-09,放假,端午节
2027-09-15,放假,中秋节
2027-10-01,放假,国庆节
2027-01-02,放假,元旦
2027-01-04,放假,元旦
2027-01-10,上班,元旦调休
"""


def notice(text: str, encoding: str = "utf-8") -> list[DayRow]:
    return read_notice(io.BytesIO(text.encode(encoding)))


def test_announcing_a_year_moves_the_open_limits_it_touches(defaults, town, staff, resident):
    late_december = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    case = submit(resident, town, at=late_december)
    closed = submit(resident, town, key="closed", at=late_december)
    draw(closed, "withdraw", resident, "", at=late_december)
    # Five working days on the provisional calendar: 31, 4, 5, 6, 7 (1 January is a festival by law).
    assert case.finish_by_at == datetime(2027, 1, 7, 18, tzinfo=ZONE)
    before = closed.finish_by_at
    written, recomputed = load_days(days=notice(YEAR), at=late_december)
    assert (written, recomputed) == (12, 1)
    case.refresh_from_db()
    closed.refresh_from_db()
    assert case.finish_by_at == datetime(2027, 1, 8, 18, tzinfo=ZONE)
    assert closed.finish_by_at == before
    assert case.events.last().verb == "recount"
    assert heard("节假日安排已公布", resident)


def test_the_same_notice_again_moves_nothing(defaults, town, staff, resident):
    submit(resident, town, at=datetime(2026, 12, 30, 9, tzinfo=ZONE))
    load_days(days=notice(YEAR), at=MONDAY)
    assert load_days(days=notice(YEAR), at=MONDAY) == (0, 0)


def test_the_notice_may_be_gb18030_or_excel():
    assert notice(YEAR, encoding="gb18030") == notice(YEAR)
    book = Workbook()
    for line in YEAR.strip().splitlines():
        book.active.append(line.split(","))
    book.active["A2"] = datetime(2027, 1, 1)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    assert read_notice(out) == notice(YEAR)


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("2027-04-05,放假,清明节\n", "", "缺少：清明"),
        ("2027-01-01,放假", "2027-13-01,放假", "看不懂日期“2027-13-01”"),
        ("2027-01-01,放假", "元旦那天,放假", "看不懂日期"),
        ("2027-01-10,上班", "2027-01-10,加班", "应填“放假”或“上班”"),
        ("2027-01-10,上班,元旦调休", "2027-01-01,上班,元旦调休", "另一种类型"),
        (YEAR, "日期,类型,名称\n", "没有读到任何日期"),
    ],
)
def test_a_bad_notice_is_refused_with_its_line(was, becomes, words):
    with pytest.raises(ValidationError, match=words):
        notice(YEAR.replace(was, becomes))


def test_a_file_that_is_no_table_is_refused():
    with pytest.raises(ValidationError, match="打不开这个 Excel"):
        read_notice(io.BytesIO(b"PK\x03\x04 not a workbook"))


def test_all_errors_come_at_once():
    with pytest.raises(ValidationError) as refusal:
        notice(YEAR.replace("2027-01-01,放假", "x,放假").replace("2027-04-05,放假,清明节\n", ""))
    assert len(refusal.value.messages) == 2


def test_staff_read_the_notice_in_the_admin(defaults, county_admin):
    client = signed_in(county_admin)
    url = "/admin/cases/calendarday/add/"
    bad = io.BytesIO("日期,类型\n2027-01-01,什么".encode())
    bad.name = "bad.csv"
    assert "应填“放假”或“上班”" in client.post(url, {"file": bad}).content.decode()
    assert not CalendarDay.objects.filter(date__year=2027).exists()
    good = io.BytesIO(YEAR.encode())
    good.name = "2027.csv"
    assert client.post(url, {"file": good}).status_code == 302
    assert CalendarDay.objects.get(date=date(2027, 1, 10)).kind == "working"


def test_days_of_the_december_before_belong_to_the_year(defaults):
    """As in 2023's notice: 元旦 begins on 31 December."""
    days = notice(YEAR + "2026-12-31,放假,元旦\n2026-12-26,上班,元旦调休\n")
    assert [day.date for day in days][:2] == [date(2026, 12, 26), date(2026, 12, 31)]


@pytest.mark.parametrize("more", ["2026-12-01,放假,元旦", "2028-01-01,放假,元旦"])
def test_other_days_of_another_year_ask_for_the_whole_year(more):
    with pytest.raises(ValidationError, match=f"{more[:4]} 年缺少"):
        notice(YEAR + more)


def test_december_alone_is_no_year():
    with pytest.raises(ValidationError, match="2026 年缺少"):
        notice("日期,类型,名称\n2026-12-31,放假,元旦\n")


def test_announcing_a_year_counts_an_extension_from_the_corrected_end(
    defaults, town, staff, resident, grid_leader, group_leader
):
    late_december = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    case = submit(resident, town, at=late_december)
    route(case_id=case.pk, at=late_december)
    draw(case, "sign", grid_leader, at=late_december)
    draw(case, "ask_extension", grid_leader, "等配件", at=late_december, amount=2)
    draw(case, "grant_extension", group_leader, at=late_december)
    # To 7 January, and two working days more: 8, 11.
    assert case.finish_by_at == case.due_at == datetime(2027, 1, 11, 18, tzinfo=ZONE)
    load_days(days=notice(YEAR), at=late_december)
    case.refresh_from_db()
    # 4 January is off: to the 8th; two more: 10 (a Sunday that is worked), 11.
    assert case.finish_by_at == case.due_at == datetime(2027, 1, 11, 18, tzinfo=ZONE)
    assert not case.events.filter(verb="recount").exists()
    draw(case, "start", grid_leader, at=late_december)
    assert case.due_at == case.finish_by_at


def test_pages_and_messages_say_that_a_limit_is_provisional(defaults, town, staff, resident, grid_leader):
    late_december = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    case = submit(resident, town, at=late_december)
    route(case_id=case.pk, at=late_december)
    words = "最迟2027年1月7日（周四） 18:00 前（暂定，节假日安排公布后可能调整）答复"
    assert heard(words, resident)
    pages = [f"/cases/{case.number}/", f"/requests/{case.number}/done/", tracking_path(case)]
    for person in (resident, grid_leader):
        for page in pages[: 3 if person == resident else 1]:
            assert "（暂定，节假日安排公布后可能调整）" in signed_in(person).get(page).content.decode(), page
    load_days(days=notice(YEAR), at=late_december)
    for page in pages:
        assert "暂定" not in signed_in(resident).get(page).content.decode()


def test_a_promise_that_has_passed_is_shown_as_late(request_case, resident):
    Case.objects.filter(pk=request_case.pk).update(finish_by_at=datetime(2020, 1, 2, 18, tzinfo=ZONE))
    page = signed_in(resident).get(f"/cases/{request_case.number}/").content.decode()
    assert "最迟2020年1月2日（周四） 18:00 前（已超时）答复" in page
