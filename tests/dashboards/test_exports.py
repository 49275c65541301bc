"""The list behind a figure as a file: all of it, as its reader may read it, for who asked, once, whatever is killed."""

import io
import re
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from accounts.limiter import LIMITS
from accounts.models import AuditLine
from accounts.models.audit import Act
from accounts.privacy.rights import run_retention
from cases.models import Case
from dashboards.exports import listings
from dashboards.exports import services as exports
from dashboards.figures.counting import count
from dashboards.figures.lists import behind
from dashboards.figures.periods import Period
from dashboards.models import Counted, Export, Rollup, Tally
from grids.models import Post
from tests.support.cast import MONDAY, signed_in, submit
from tests.support.machine import wait_until
from tests.support.pages import inside

AT = MONDAY + timedelta(hours=2)
MONTH = Period.of("month", AT.date())


@pytest.fixture
def cases(request_case, resident, town, staff):
    """Three requests, one of them with words that a spreadsheet might run, one private."""
    submit(resident, town, key="second", words="=HYPERLINK(1) 井盖坏了")
    hidden = submit(resident, town, key="third", words="邻居天天吵")
    Case.objects.filter(pk=hidden.pk).update(is_private=True)
    count(at=AT)
    return [request_case, hidden]


def ask(person, node, measure="opened", *, kind="", period=MONTH, at=AT):
    return exports.ask_for_figure(person=person, node=node, measure=measure, kind=kind, period=period, at=at)


def rows_of(export):
    export.refresh_from_db()
    with export.file.open("rb") as file:
        return list(load_workbook(io.BytesIO(file.read())).active.iter_rows(min_row=5))


def test_it_holds_as_many_lines_as_the_figure_says(cases, staff, town):
    client = signed_in(staff["grid_leader"])
    path = f"/figures/{town.grid.pk}/opened/?period=month&on=2026-11-01"
    assert client.get(path).content.decode().count("data-line") == 3
    asked = client.post(path.replace("opened/", "opened/export/"))
    export = Export.objects.get()
    assert asked["Location"] == f"/exports/{export.pk}/"
    assert "正在做：<strong>0 %</strong>" in client.get(asked["Location"]).content.decode()
    assert client.get(f"/exports/{export.pk}/list.xlsx").status_code == 404  # nothing half made is offered
    assert exports.make_exports(at=timezone.now()) == 1
    page = client.get(asked["Location"]).content.decode()
    assert "共 <strong>3</strong> 行" in page
    assert "hx-get" not in page
    answer = client.get(f"/exports/{export.pk}/list.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(min_row=5))
    assert [row[0].value for row in rows] == [1, 2, 3]
    words = [row[1].value for row in rows]
    assert "楼道灯坏了三天" in words
    assert sheet.freeze_panes == "A5"
    assert "李强 导出于" in sheet["A3"].value


def test_words_stay_words_and_private_ones_unread(cases, staff, town):
    export = ask(staff["grid_leader"], town.grid)
    exports.make_exports(at=AT)
    cells = {row[1].value: row[1] for row in rows_of(export)}
    assert cells["=HYPERLINK(1) 井盖坏了"].data_type == "s"
    assert "一件诉求（内容不公开）" in cells
    assert not any("吵" in words for words in cells)


def test_of_hours_the_amounts_add_up(cases, staff, town):
    Tally.objects.filter(measure="opened").update(amount=4)
    for rollup in Rollup.objects.filter(amounts__has_key="opened"):
        rollup.amounts["opened"] *= 4
        rollup.save()
    export = ask(staff["grid_leader"], town.grid)
    exports.make_exports(at=AT)
    listing = behind(town.grid, "opened", days=MONTH.days)
    assert sum(row[4].value for row in rows_of(export)) == listing.total == 12


@pytest.mark.parametrize("who", ["community_secretary", "county_admin", "neighbour"])
def test_nobody_else_fetches_it(cases, staff, town, neighbour, who):
    export = ask(staff["grid_leader"], town.grid)
    exports.make_exports(at=AT)
    other = signed_in({**staff, "neighbour": neighbour}[who])
    for path in (f"/exports/{export.pk}/", f"/exports/{export.pk}/list.xlsx"):
        assert other.get(path).status_code == 404
    assert export.label not in inside(other.get("/exports/"))
    export.refresh_from_db()
    assert other.get(f"/media/{export.file.name}").status_code == 404


def test_a_post_that_ended_closes_it(cases, staff, town):
    leader = staff["grid_leader"]
    client = signed_in(leader)
    made, waiting = ask(leader, town.grid), None
    exports.make_exports(at=AT)
    waiting = ask(leader, town.grid, "open")
    Post.objects.filter(person=leader).update(until_at=MONDAY)
    assert client.get(f"/exports/{made.pk}/list.xlsx").status_code == 403
    assert exports.make_exports(at=AT) == 0
    waiting.refresh_from_db()
    assert (waiting.failed, bool(waiting.file)) == ("您已不能看这里的数据。", False)


def test_each_fetching_is_a_line_of_the_audit_trail(cases, staff, town):
    leader = staff["grid_leader"]
    export = ask(leader, town.grid)
    exports.make_exports(at=AT)
    client = signed_in(leader)
    for _ in range(2):
        client.get(f"/exports/{export.pk}/list.xlsx")
    lines = AuditLine.objects.filter(act=Act.EXPORT, by=leader.pk).values_list("thing", flat=True)
    assert list(lines) == [f"清单导出 {export.pk} figure opened @{town.grid.pk} 3 行"] * 2


def test_the_same_asked_twice_is_made_once(cases, staff, town):
    leader = staff["grid_leader"]
    assert ask(leader, town.grid) == ask(leader, town.grid)
    assert exports.make_exports(at=AT) == 1
    assert ask(leader, town.grid).ready_at is None  # now it stands otherwise, perhaps


@pytest.mark.django_db(transaction=True)
def test_eight_workers_make_each_once(cases, staff, town):
    wanted = [ask(staff[who], town.grid) for who in ("grid_leader", "group_leader", "community_secretary")]

    def work(_):
        try:
            return exports.make_exports(at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(work, range(8))) == 3
    for export in wanted:
        assert len(rows_of(export)) == 3
        assert export.tries == 1
    assert len(default_storage.listdir("exports")[1]) == 3


def test_one_whose_worker_died_is_begun_anew_when_the_lease_runs_out(cases, staff, town):
    export = ask(staff["grid_leader"], town.grid)
    assert exports._lease(AT) == export  # and then the power went
    assert exports.make_exports(at=AT + timedelta(minutes=1)) == 0
    assert exports.make_exports(at=AT + timedelta(minutes=3)) == 1
    assert len(rows_of(export)) == 3


def test_one_begun_while_the_clock_ran_ahead_is_begun_anew(cases, staff, town):
    export = ask(staff["grid_leader"], town.grid)
    assert exports._lease(AT + timedelta(hours=1)) == export  # and then the clock was set right and the worker killed
    assert exports.make_exports(at=AT) == 1


def test_one_that_kills_workers_is_given_up_and_says_so(cases, staff, town):
    export = ask(staff["grid_leader"], town.grid)
    other = ask(staff["group_leader"], town.grid, at=AT + timedelta(seconds=1))
    for number in range(3):
        assert exports._lease(AT + timedelta(minutes=5 * number)) == export
    assert exports.make_exports(at=AT + timedelta(minutes=20)) == 1
    export.refresh_from_db()
    other.refresh_from_db()
    assert export.failed.startswith("几次都没有做成")
    assert other.ready_at


def test_a_worker_that_lost_its_lease_leaves_no_file(cases, staff, town, monkeypatch):
    """It was slow; somebody else has begun anew and finishes."""
    export = ask(staff["grid_leader"], town.grid)
    write = exports._write

    def slow(mine, file, now):
        rows = write(mine, file, now)
        monkeypatch.setattr(exports, "_write", write)
        assert exports.make_exports(at=AT + timedelta(minutes=5)) == 1
        return rows

    monkeypatch.setattr(exports, "_write", slow)
    assert exports.make_exports(at=AT) == 0
    assert len(rows_of(export)) == 3
    assert default_storage.listdir("exports")[1] == [export.file.name.rpartition("/")[2]]


def test_a_fault_leaves_no_file_and_is_tried_again(cases, staff, town, monkeypatch):
    export = ask(staff["grid_leader"], town.grid)
    lines = listings.lines
    monkeypatch.setattr(listings, "lines", lambda *_: 1 / 0)
    assert exports.make_exports(at=AT) == 0
    monkeypatch.setattr(listings, "lines", lines)
    export.refresh_from_db()
    assert not export.file
    assert exports.make_exports(at=AT + timedelta(minutes=3)) == 1


def test_lists_that_are_empty_or_too_long_are_refused(cases, staff, town, settings):
    client = signed_in(staff["grid_leader"])
    page = client.post(f"/figures/{town.grid.pk}/redone/export/", follow=True).content.decode()
    assert "这张表是空的" in page
    settings.EXPORT_MOST_ROWS = 2
    page = client.post(f"/figures/{town.grid.pk}/opened/export/?on=2026-11-01", follow=True).content.decode()
    assert "一次最多导出 2 行" in page
    assert not Export.objects.exists()


@pytest.mark.parametrize("path", ["/figures/{}/nonsense/export/", "/figures/{}/opened/export/?period=decade"])
def test_what_is_not_there(cases, staff, town, path):
    assert signed_in(staff["grid_leader"]).post(path.format(town.grid.pk)).status_code == 404


def test_nobody_exports_what_they_may_not_read(cases, staff, town):
    client = signed_in(staff["grid_leader"])
    for path in (f"/figures/{town.group.pk}/opened/export/", "/figures/county/opened/export/"):
        assert client.post(path).status_code == 403


def test_so_many_an_hour(cases, staff, town):
    client = signed_in(staff["grid_leader"])
    most = LIMITS["list_export"]["person"].times
    for _ in range(most):
        client.post(f"/figures/{town.grid.pk}/redone/export/")
    page = client.post(f"/figures/{town.grid.pk}/opened/export/?on=2026-11-01", follow=True).content.decode()
    assert "操作太频繁了" in page
    assert not Export.objects.exists()


def test_it_goes_after_a_week_and_with_its_owner(cases, staff, town):
    export = ask(staff["grid_leader"], town.grid)
    exports.make_exports(at=AT)
    export.refresh_from_db()
    run_retention(at=AT + timedelta(days=6))
    assert default_storage.exists(export.file.name)
    run_retention(at=AT + timedelta(days=8))
    assert not default_storage.exists(export.file.name)
    assert not Export.objects.exists()


@pytest.fixture
def many(cases, town):
    """4,000 lines of nodes that are gone: cheap to make, written as any other."""
    counted = Counted.objects.bulk_create(
        [Counted(source="grid", thing=10**9 + n, grid=town.grid, path=[]) for n in range(4_000)]
    )
    Tally.objects.bulk_create([Tally(counted=row, measure="grids", grid=town.grid, amount=1) for row in counted])


def test_it_takes_no_more_memory_for_more_lines(many, staff, town, monkeypatch):
    """Progress goes up by steps meanwhile, and the peak is far below what all lines at once take."""
    export = ask(staff["grid_leader"], town.grid, "grids")
    seen = []
    keep = exports._keep

    def look(mine, at, done):
        keep(mine, at, done)
        seen.append(Export.objects.get(pk=export.pk).percent)

    monkeypatch.setattr(exports, "_keep", look)
    tracemalloc.start()
    exports.make_exports(at=AT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == sorted(seen)
    assert len(seen) == 9
    assert peak < 4_000_000
    assert Export.objects.get().row_count == 4_001


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_and_a_killed_one_loses_nothing(worker, cases, staff, town):
    worker.start()
    first = ask(staff["grid_leader"], town.grid, at=timezone.now())
    wait_until(lambda: Export.objects.get(pk=first.pk).ready_at is not None)
    worker.kill()
    second = ask(staff["group_leader"], town.grid, at=timezone.now())
    worker.start()
    wait_until(lambda: Export.objects.get(pk=second.pk).ready_at is not None)
    assert Export.objects.get(pk=second.pk).row_count == 3


# A list of cases


def text_of(export):
    export.refresh_from_db()
    with export.file.open("rb") as file:
        sheet = load_workbook(io.BytesIO(file.read())).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_a_tab_goes_out_as_it_is_seen(cases, staff, resident, worker_at_desk):
    client = signed_in(worker_at_desk)
    page = client.get("/cases/?tab=area").content.decode()
    shown = re.findall(r"/cases/([A-Z0-9-]+)/", page.partition("<main")[2])
    assert len(shown) == 2
    asked = client.post("/cases/export/?tab=area")
    export = Export.objects.get()
    assert asked["Location"] == export.get_absolute_url()
    assert "我的辖区" in client.get(asked["Location"]).content.decode()
    exports.make_exports(at=timezone.now())
    head, *rows = text_of(export)
    assert head[:4] == ["序号", "编号", "类型", "标题"]
    assert [row[1] for row in rows] == list(dict.fromkeys(shown))
    assert rows[1][8:12] == ["2026-11-23 09:00", "2026-11-30 18:00", None, "否"]
    assert resident.phone not in str(rows)
    assert resident.name not in str(rows)
    assert client.get(f"{export.get_absolute_url()}list.xlsx").status_code == 200
    lines = AuditLine.objects.filter(act=Act.EXPORT, by=worker_at_desk.pk).values_list("thing", flat=True)
    assert list(lines) == [f"清单导出 {export.pk} cases cases 2 行"]
    assert export.case_ids == []  # which they were is forgotten with the end


def test_the_desk_list_goes_out_with_its_filters(cases, staff, county_admin):
    client = signed_in(county_admin)
    ticked = [case.pk for case in Case.objects.filter(is_private=False)]
    posted = {"action": "export_list", "_selected_action": ticked[:1], "select_across": "1", "index": "0"}
    asked = client.post("/admin/cases/case/?q=井盖", posted)
    exports.make_exports(at=timezone.now())
    _, *rows = text_of(Export.objects.get())
    assert asked["Location"] == Export.objects.get().get_absolute_url()
    assert [row[3] for row in rows] == ["=HYPERLINK(1) 井盖坏了"]


def test_what_may_no_longer_be_seen_is_a_line_without_words(cases, staff, worker_at_desk):
    client = signed_in(worker_at_desk)
    client.post("/cases/export/?tab=area")
    Case.objects.filter(pk=cases[0].pk).update(is_private=True)
    exports.make_exports(at=timezone.now())
    _, *rows = text_of(Export.objects.get())
    assert sorted(row[1] == "已不能查看" for row in rows) == [False, True]
    assert cases[0].title not in str(rows)


def test_a_list_of_cases_closes_with_a_post(cases, staff, worker_at_desk):
    """They saw it by that post; another they have does not open it again."""
    client = signed_in(worker_at_desk)
    export = Export.objects.get(pk=client.post("/cases/export/?tab=area")["Location"].split("/")[2])
    exports.make_exports(at=timezone.now())
    old = Post.objects.get(person=worker_at_desk)
    assert client.get(f"/exports/{export.pk}/").status_code == 200
    Post.objects.create(person=worker_at_desk, role=old.role, grid=old.grid, from_at=timezone.now())
    Post.objects.filter(pk=old.pk).update(until_at=timezone.now())
    assert client.get(f"/exports/{export.pk}/list.xlsx").status_code == 403


def test_lists_of_cases_empty_or_unknown(cases, worker_at_desk, other_cadre, settings):
    client = signed_in(worker_at_desk)
    assert client.post("/cases/export/?tab=nonsense").status_code == 404
    page = signed_in(other_cadre).post("/cases/export/?tab=late", follow=True).content.decode()
    assert "这张表是空的" in page
    settings.EXPORT_MOST_ROWS = 1
    assert "一次最多导出 1 行" in client.post("/cases/export/?tab=area", follow=True).content.decode()
    assert not Export.objects.exists()


def test_two_lists_asked_for_at_once_are_two(cases, worker_at_desk):
    client = signed_in(worker_at_desk)
    address = client.post("/cases/export/?tab=area")["Location"]
    assert client.post("/cases/export/?tab=area")["Location"] == address
    Case.objects.filter(pk=cases[0].pk).update(is_private=True)
    assert client.post("/cases/export/?tab=area")["Location"] != address
