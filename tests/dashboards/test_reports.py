"""Reports of any level and period as page, PDF and workbook; kept as they were sent; sent once, to whom may read them."""

import io
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.models import Report, Rollup, Subscription
from dashboards.reports import services as reports
from dashboards.reports.content import content_of, definitions
from dashboards.reports.excel import percent_cell, report_excel
from dashboards.reports.pdf import report_pdf
from grids.models import Grid, Post
from grids.tree import services as tree
from notices.delivery.outbox import deliver_due
from notices.models import Notice
from tests.support.cast import MONDAY, ZONE, draw, signed_in, submit
from tests.support.pages import words

AT = MONDAY + timedelta(hours=2)
NEXT_MORNING = datetime(2026, 11, 24, 7, 40, tzinfo=ZONE)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 7, 40, tzinfo=ZONE)


@pytest.fixture
def month(request_case, staff, resident, town):
    """One request answered, finished and rated, one in hand."""
    draw(request_case, "sign", staff["grid_leader"], at=MONDAY + timedelta(minutes=30))
    draw(request_case, "finish", staff["grid_leader"], "换了灯", at=AT)
    draw(request_case, "rate", resident, at=AT, score=5, is_solved=True)
    submit(resident, town, key="second", words="井盖坏了")
    count(at=AT)
    return request_case


@pytest.fixture
def mail_on(settings):
    settings.EMAIL_HOST, settings.PORTAL_URL = "mail.example.cn", "https://portal.example.cn"
    settings.DEFAULT_FROM_EMAIL = "portal@example.cn"


@pytest.fixture
def wanted(month, staff, town):
    """The secretary wants her community's day."""
    reports.subscribe(person=staff["community_secretary"], node=town.community, codes=["day"], mail="", at=AT)
    return Subscription.objects.get()


def content(town, code="month"):
    return content_of(town.community, Period.of(code, AT.date()), at=AT)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_report_is_values_alone_and_says_what_the_page_says(month, town, staff):
    report = content(town)
    assert json.loads(json.dumps(report, ensure_ascii=False)) == report
    numbers = {figure["label"]: figure["amount"] for figure in report["main"]}
    assert numbers == {"诉求登记": 2, "诉求办结": 1, "诉求归档": 1, "诉求在办": 1, "诉求超时未办": 0}
    assert report["below"]["rows"][0]["name"] == "宜和佳苑"
    assert report["below"]["rows"][0]["numbers"] == [2, 1, 1, 0]
    assert (report["period"], report["before"], report["title"]) == ("2026年11月", "2026年10月", "月报")
    page = signed_in(staff["community_secretary"]).get(f"/reports/node/{town.community.pk}/?on=2026-11-23")
    assert "宜和社区月报" in page.content.decode()
    words = json.dumps(report, ensure_ascii=False)
    assert "楼道灯" not in words
    assert "王秀英" not in words


def test_every_figure_of_a_report_is_defined(month, town):
    report = content(town)
    defined = dict(definitions(report))
    for figure in (*report["main"], *report["rates"], *report["given"]):
        assert defined[figure["label"]]


@pytest.mark.parametrize("code", ["day", "week", "month", "quarter", "year"])
def test_the_pdf_holds_the_numbers(month, town, code):
    pdf = report_pdf(content(town, code))
    assert pdf.startswith(b"%PDF")
    words = "".join(text_of(pdf).split())
    for text in ("三率和综合得分", "100.0", "样本少", "下一级", "附：口径", "宜和佳苑"):
        assert text in words, text


def test_what_a_name_holds_is_set_as_it_is(month, town):
    """A name is a value of the page and no markup of it."""
    Grid.objects.filter(pk=town.estate.pk).update(name="#a $b *c*")
    words = "".join(text_of(report_pdf(content(town))).split())
    assert "#a$b*c*" in words


def test_the_workbook_has_charts_formats_and_definitions(month, town):
    book = load_workbook(io.BytesIO(report_excel(content(town))))
    assert book.sheetnames[:4] == ["概览", "指标", "走势", "下一级"]
    assert book.sheetnames[-1] == "口径"
    charts = {sheet.title: [type(chart).__name__ for chart in sheet._charts] for sheet in book}
    assert charts["走势"] == ["LineChart"]
    assert charts["下一级"] == charts["各类事项"] == ["BarChart"]
    for sheet in book:
        assert sheet.freeze_panes == "B4"
        assert sheet.max_row > 3
    rates = {row[0].value: row[1] for row in book["指标"].iter_rows(min_row=4)}
    assert (rates["响应率"].value, rates["响应率"].number_format) == (1, "0.00 %")
    assert rates["调解成功率"].value == "—"
    numbers = {row[0].value: row for row in book["概览"].iter_rows(min_row=4)}
    assert (numbers["诉求登记"][1].value, numbers["诉求登记"][1].number_format) == (2, "#,##0")
    assert [row[0].value for row in book["走势"].iter_rows(min_row=4)][-1] == "26年11月"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "宜和\x07佳苑"])
def test_no_name_becomes_a_formula(month, town, name):
    Grid.objects.filter(pk=town.estate.pk).update(name=name)
    book = load_workbook(io.BytesIO(report_excel(content(town))))
    cell = book["下一级"]["A4"]
    assert (cell.data_type, cell.value) == ("s", name.replace("\x07", ""))
    assert cell.quotePrefix


def test_shares_are_numbers_in_the_workbook():
    assert percent_cell("98.99 %") == 0.9899
    assert percent_cell("—") == "—"


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_files_are_fetched_under_their_name(month, town, staff, form):
    client = signed_in(staff["community_secretary"])
    answer = client.get(f"/reports/node/{town.community.pk}/report.{form}?period=week&on=2026-11-23")
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    assert client.get(f"/reports/node/{town.community.pk}/report.doc").status_code == 404


def test_a_report_takes_at_most_twelve_queries(month, town, staff):
    client = signed_in(staff["street_cadre"])
    path = f"/reports/node/{town.street.pk}/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 12, "\n".join(query["sql"][:110] for query in queries)


def told(person):
    return Notice.objects.filter(person=person, path__startswith="/reports/")


def test_it_comes_the_morning_after_and_once(wanted, staff, town):
    early = NEXT_MORNING.replace(hour=7, minute=20)
    assert reports.send_due(at=AT) == reports.send_due(at=early) == 0
    assert reports.send_due(at=NEXT_MORNING) == 1
    assert reports.send_due(at=NEXT_MORNING + timedelta(minutes=10)) == 0
    report = Report.objects.get()
    assert (report.node, report.code, report.first) == (town.community, "day", date(2026, 11, 23))
    notice = told(staff["community_secretary"]).get()
    assert notice.path == f"/reports/{report.pk}/"
    assert notice.words == "宜和社区2026年11月23日日报：诉求登记 2 件，综合得分 100.0，超时未办 0 件。"
    assert "宜和社区日报" in signed_in(staff["community_secretary"]).get(notice.path).content.decode()


def test_what_a_night_without_power_missed_comes_later(wanted):
    assert reports.send_due(at=NEXT_MORNING.replace(hour=23)) == 1


def test_what_was_sent_does_not_change_when_figures_do(wanted, staff, town, resident):
    reports.send_due(at=NEXT_MORNING)
    client, path = signed_in(staff["community_secretary"]), Report.objects.get().get_absolute_url()
    before = client.get(path).content.decode()
    for row in Rollup.objects.all():
        row.amounts = dict.fromkeys(row.amounts, 77)
        row.save()
    after = client.get(path).content.decode()
    live = client.get(f"/reports/node/{town.community.pk}/?period=day&on=2026-11-23").content.decode()
    assert "77" in words(live, "//td")
    assert words(before, "//td | //strong") == words(after, "//td | //strong")
    for form in ("pdf", "xlsx"):
        assert client.get(f"{path}report.{form}").status_code == 200
    # Somebody who wants the same afterwards is sent the very same.
    reports.subscribe(person=staff["community_worker"], node=town.community, codes=["day"], mail="", at=AT)
    reports.send_due(at=NEXT_MORNING)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "at", "first"),
    [
        ("day", NEXT_MORNING, date(2026, 11, 23)),
        ("week", datetime(2026, 11, 30, 7, 30, tzinfo=ZONE), date(2026, 11, 23)),
        ("week", datetime(2026, 11, 30, 7, 29, tzinfo=ZONE), date(2026, 11, 16)),
        ("month", FIRST_OF_DECEMBER, date(2026, 11, 1)),
        ("quarter", datetime(2027, 1, 1, 8, tzinfo=ZONE), date(2026, 10, 1)),
        ("quarter", datetime(2027, 1, 1, 7, tzinfo=ZONE), date(2026, 7, 1)),
    ],
)
def test_periods_are_reported_once_they_are_over(code, at, first):
    assert reports.last_over(code, at=at) == Period.of(code, first)


def test_nothing_that_ended_before_is_sent(wanted, staff, town):
    reports.subscribe(person=staff["street_cadre"], node=town.street, codes=["month", "quarter"], mail="", at=AT)
    reports.send_due(at=NEXT_MORNING)
    assert not told(staff["street_cadre"]).exists()
    reports.send_due(at=FIRST_OF_DECEMBER)
    assert told(staff["street_cadre"]).count() == 1


def test_a_post_that_ended_ends_what_it_was_sent(wanted, staff, town):
    reports.send_due(at=NEXT_MORNING)
    path = Report.objects.get().get_absolute_url()
    client = signed_in(staff["community_secretary"])
    Post.objects.filter(person=staff["community_secretary"]).update(until_at=NEXT_MORNING)
    assert reports.send_due(at=NEXT_MORNING + timedelta(days=1)) == 0
    assert not Subscription.objects.exists()
    assert told(staff["community_secretary"]).count() == 1
    assert client.get(path).status_code == 403


def test_one_that_fails_does_not_stop_the_others(wanted, staff, town, monkeypatch):
    reports.subscribe(person=staff["street_cadre"], node=town.street, codes=["day"], mail="", at=AT)
    made = reports.content_of

    def fails_once(node, period, *, at):
        if node == town.community:
            raise RuntimeError("broken")
        return made(node, period, at=at)

    monkeypatch.setattr(reports, "content_of", fails_once)
    assert reports.send_due(at=NEXT_MORNING) == 1
    monkeypatch.setattr(reports, "content_of", made)
    assert reports.send_due(at=NEXT_MORNING + timedelta(minutes=5)) == 0  # not at once
    assert reports.send_due(at=NEXT_MORNING + timedelta(minutes=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_send_it_once(defaults, town, staff):
    for person in ("community_secretary", "community_worker", "street_cadre"):
        reports.subscribe(person=staff[person], node=town.community, codes=["day"], mail="", at=AT)

    def sweep(_):
        try:
            return reports.send_due(at=NEXT_MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        served = sum(hands.map(sweep, range(8)))
    reports.send_due(at=NEXT_MORNING)
    assert served <= 3
    assert Report.objects.count() == 1
    assert Notice.objects.filter(path=Report.objects.get().get_absolute_url()).count() == 3


def test_who_read_a_grid_reads_the_one_it_was_merged_into(month, staff, town):
    for node in (town.grid, town.next_grid):
        reports.subscribe(person=staff["group_leader"], node=node, codes=["day"], mail="", at=AT)
    reports.subscribe(person=staff["branch_secretary"], node=town.grid, codes=["day"], mail="", at=AT)
    tree.merge(source=town.grid, into=town.next_grid, at=AT)
    held = Subscription.objects.values_list("person__name", "node")
    assert set(held) == {("孙伟", town.next_grid.pk), ("吴芳", town.next_grid.pk)}


class Broken(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise OSError("no route to mail server")


def confirmed(client, mailoutbox, at):
    deliver_due(at=at)
    link = mailoutbox[-1].body.rpartition("https://portal.example.cn")[2].strip()
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    return link


def test_a_new_address_is_confirmed_by_its_owner_first(month, staff, town, mail_on, mailoutbox):
    client = signed_in(staff["community_secretary"])
    posted = {"codes": ["day"], "mail": "chen@example.cn"}
    assert client.post(f"/reports/node/{town.community.pk}/subscribe/", posted).status_code == 302
    Subscription.objects.update(from_date=AT.date())
    reports.send_due(at=NEXT_MORNING)
    deliver_due(at=timezone.now())
    assert [mail.to for mail in mailoutbox] == [["chen@example.cn"]]
    assert not mailoutbox[0].attachments
    link = mailoutbox[0].body.rpartition("https://portal.example.cn")[2].strip()
    stranger = signed_in(staff["street_cadre"])
    assert "不对或者过期" in stranger.post(link).content.decode()
    assert Subscription.objects.get().mail_confirmed_at is None
    confirmed(client, mailoutbox, timezone.now())
    assert Subscription.objects.get().mail_confirmed_at
    # The same address for another report needs no second message.
    client.post(f"/reports/node/{town.estate.pk}/subscribe/", {"codes": ["week"], "mail": "chen@example.cn"})
    assert Subscription.objects.filter(mail_confirmed_at=None).count() == 0
    assert "chen@example.cn" not in json.dumps(list(Subscription.objects.values("code", "from_date")), default=str)


@pytest.fixture
def by_mail(wanted, mail_on):
    wanted.mail, wanted.mail_confirmed_at = "chen@example.cn", AT
    wanted.save()
    return wanted


def test_a_report_goes_by_mail_with_its_pdf(by_mail, mailoutbox, settings):
    reports.send_due(at=NEXT_MORNING)
    deliver_due(at=NEXT_MORNING)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["chen@example.cn"], "【政和社区治理】宜和社区2026年11月23日日报")
    assert f"https://portal.example.cn{Report.objects.get().get_absolute_url()}" in mail.body
    ((name, pdf, kind),) = mail.attachments
    assert (name, kind) == ("宜和社区2026年11月23日日报.pdf", "application/pdf")
    assert "宜和社区日报" in "".join(text_of(pdf).split())


def test_a_mail_server_that_is_down_is_tried_again(by_mail, mailoutbox, settings):
    sound = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.dashboards.test_reports.Broken"
    reports.send_due(at=NEXT_MORNING)
    deliver_due(at=NEXT_MORNING)
    notice = Notice.objects.get(kind="report.made")
    assert (notice.sent_at, notice.tries) == (None, 1)
    assert "no route to mail server" in notice.failed
    assert notice.sent_over == ["site"]  # the other way does not wait for it
    settings.EMAIL_BACKEND = sound
    deliver_due(at=NEXT_MORNING + timedelta(minutes=3))
    deliver_due(at=NEXT_MORNING + timedelta(minutes=6))
    assert len(mailoutbox) == 1
    assert mailoutbox[0].extra_headers["X-Dedupe-Key"] == notice.dedupe_key
    notice.refresh_from_db()
    assert (notice.sent_over, notice.failed, bool(notice.sent_at)) == (["site", "mail"], "", True)


def test_who_lost_their_post_meanwhile_gets_no_mail(by_mail, mailoutbox, staff):
    reports.send_due(at=NEXT_MORNING)
    Post.objects.filter(person=staff["community_secretary"]).update(until_at=MONDAY)
    deliver_due(at=NEXT_MORNING)
    assert mailoutbox == []
    assert Notice.objects.get(kind="report.made").sent_over == ["site"]


def test_without_a_mail_server_no_address_is_asked_for(month, staff, town):
    client = signed_in(staff["community_secretary"])
    path = f"/reports/node/{town.community.pk}/subscribe/"
    assert 'name="mail"' not in client.get(path).content.decode()
    client.post(path, {"codes": ["day", "month"], "mail": "x@example.cn"})
    assert {subscription.mail for subscription in Subscription.objects.all()} == {""}


def test_a_wrong_address_is_said_at_its_field(month, staff, town, mail_on):
    page = signed_in(staff["community_secretary"]).post(
        f"/reports/node/{town.community.pk}/subscribe/", {"codes": ["day"], "mail": "chen"}
    )
    text = page.content.decode()
    assert "邮箱应形如" in text
    assert 'value="chen"' in text
    assert not Subscription.objects.exists()


def test_choosing_none_ends_it(wanted, staff, town):
    client = signed_in(staff["community_secretary"])
    assert "宜和社区日报" in client.get("/reports/").content.decode()
    client.post(f"/reports/node/{town.community.pk}/subscribe/", {})
    assert not Subscription.objects.exists()


def test_nobody_subscribes_to_what_they_may_not_read(month, staff, town):
    for path in (f"/reports/node/{town.street.pk}/subscribe/", "/reports/county/subscribe/"):
        assert signed_in(staff["community_secretary"]).post(path, {"codes": ["day"]}).status_code == 403
    assert not Subscription.objects.exists()
