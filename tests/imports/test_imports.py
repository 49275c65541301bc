"""A table handed in on a page and taken in by the worker: once, sealed, to the end, for who asked alone."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.limiter import LIMITS
from accounts.models import AuditLine
from accounts.models.audit import Act
from accounts.personal_data import unseal_file
from accounts.privacy import rights
from accounts.privacy.holdings import HOLDINGS
from accounts.privacy.rights import run_retention
from cases.models import Case
from grids.models import Post
from imports import services
from imports.kinds import KINDS
from imports.models import Import
from meetings.models import Home, Tenure
from photos import lost as lost_files
from residents.models import Request
from tables.reading import read_table
from tests.imports.tables import REQUESTS_HEAD, ask, confirmed, homes_table, requests_table, run, tried, upload
from tests.support.cast import MONDAY, signed_in, whole_database
from tests.support.machine import wait_until

BAD = f"{REQUESTS_HEAD}\n1,路灯,2026-11-20,灯坏了\n2,垃圾,前天,王大明家门口没人收\n".encode()


def on_disk() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


@pytest.fixture
def desk(defaults, staff, worker_at_desk):
    return worker_at_desk


def test_every_row_is_new_or_known_or_rejected(desk, town):
    ask(desk, town.community, requests_table(3))
    first = run(Import.objects.get())
    assert (first.row_count, first.new_count, first.known_count, first.rejected_count) == (3, 3, 0, 0)
    again = run(ask(desk, town.community, requests_table(4) + "\n9,灯,前天,坏了".encode()))
    assert (again.row_count, again.new_count, again.known_count, again.rejected_count) == (5, 1, 3, 1)
    assert Case.objects.count() == 4
    assert {case.request.source for case in Case.objects.all()} == {"import"}


def test_a_row_that_does_not_add_up_is_refused_by_the_database(desk, town):
    ended = run(ask(desk, town.community))
    with pytest.raises(IntegrityError, match="import_rows_add_up"), transaction.atomic():
        Import.objects.filter(pk=ended.pk).update(new_count=7)


def test_it_lies_sealed_and_goes_when_it_has_ended(desk, town):
    asked = ask(desk, town.community, BAD)
    (name,) = on_disk()
    with default_storage.open(f"imports/{name}") as file:
        kept = file.read()
    assert "王大明".encode() not in kept
    assert unseal_file(kept) == BAD
    run(asked)
    assert not default_storage.exists(f"imports/{name}")
    assert asked.file == ""
    (left,) = on_disk()  # the row that did not go in
    assert asked.rejects.name == f"imports/{left}"
    with asked.rejects.open("rb") as file:
        assert "王大明".encode() not in file.read()


def test_name_and_reasons_stand_sealed_in_the_database(desk, town):
    ask(desk, town.community, BAD)
    Import.objects.update(name="王大明家的.csv")
    run(Import.objects.get())
    ((line, reason),) = Import.objects.get().shown_rejects
    assert (line, reason.partition("“")[0]) == (3, "看不懂时间")
    stolen = whole_database()
    assert "看不懂时间" not in stolen
    assert "王大明家的.csv" not in stolen


def test_the_same_file_twice_at_once_is_one_import(desk, town):
    first = ask(desk, town.community)
    assert ask(desk, town.community) == first
    assert len(on_disk()) == 1
    assert ask(desk, town.estate) != first  # elsewhere
    assert ask(desk, town.community, source="登记本") != first
    assert ask(desk, town.community, requests_table(5)) != first
    for _ in "trial", "in":
        assert services.run_imports(at=timezone.now()) == 4
        for previewed in Import.objects.all():
            services.confirm(previewed=previewed, at=timezone.now())
    later = run(ask(desk, town.community))
    assert later != first
    assert (later.new_count, later.known_count) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_eight_hands_is_one_import(desk, town):
    def hand_in(_):
        try:
            return ask(desk, town.community).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        assert len(set(hands.map(hand_in, range(8)))) == 1
    assert len(on_disk()) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_take_each_in_once(desk, town, county_admin, street_cadre):
    wanted = [
        ask(person, town.community, requests_table(30, first=100 * number), source=f"来源{number}")
        for number, person in enumerate((desk, county_admin, street_cadre), start=1)
    ]

    confirmed(*wanted)

    def work(_):
        try:
            return services.run_imports(at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(work, range(8))) == 3
    for imported in wanted:
        imported.refresh_from_db()
        assert (imported.tries, imported.new_count, imported.known_count) == (1, 30, 0)
    assert Request.objects.count() == 90
    assert on_disk() == []


def test_one_whose_worker_died_is_begun_anew_when_the_lease_runs_out(desk, town):
    asked = confirmed(ask(desk, town.community))
    assert services._lease(timezone.now()) == asked  # and then the power went
    assert services.run_imports(at=timezone.now() + timedelta(minutes=1)) == 0
    assert services.run_imports(at=timezone.now() + timedelta(minutes=3)) == 1
    asked.refresh_from_db()
    assert (asked.new_count, asked.tries) == (2, 2)


def test_one_begun_while_the_clock_ran_ahead_is_begun_anew(desk, town):
    asked = confirmed(ask(desk, town.community))
    assert services._lease(timezone.now() + timedelta(hours=1)) == asked
    assert services.run_imports(at=timezone.now()) == 1


def test_one_that_kills_workers_is_given_up_and_says_so(desk, town):
    asked, other = confirmed(ask(desk, town.community), ask(desk, town.estate))
    at = timezone.now()
    for number in range(3):
        assert services._lease(at + timedelta(minutes=5 * number)) == asked
        Import.objects.filter(pk=other.pk).update(leased_until=at + timedelta(minutes=5 * number + 7))
    assert services.run_imports(at=at + timedelta(minutes=20)) == 1
    asked.refresh_from_db()
    other.refresh_from_db()
    assert asked.failed.startswith("几次都没有做完")
    assert (asked.file, len(on_disk())) == ("", 0)
    assert other.new_count == 2
    assert Case.objects.count() == 2


def test_a_worker_that_lost_its_lease_stops_and_says_nothing(desk, town, monkeypatch):
    """It was slow; somebody else has begun anew and finishes meanwhile."""
    asked = confirmed(ask(desk, town.estate, homes_table(250), kind="homes"))
    keep = services._keep

    def slow(leased, at, **counts):
        if counts["done_count"] == 200:
            monkeypatch.setattr(services, "_keep", keep)
            assert services.run_imports(at=at + timedelta(minutes=5)) == 1
        keep(leased, at, **counts)

    monkeypatch.setattr(services, "_keep", slow)
    assert services.run_imports(at=timezone.now()) == 0
    asked.refresh_from_db()
    assert (asked.new_count, asked.known_count) == (50, 200)
    assert asked.was_begun_anew
    assert Tenure.objects.count() == 250
    assert on_disk() == []


def test_a_fault_is_tried_again(desk, town, monkeypatch):
    asked = ask(desk, town.community)
    monkeypatch.setattr("residents.imports.import_kind.import_requests", lambda **_: 1 / 0)
    assert services.run_imports(at=timezone.now()) == 0
    monkeypatch.undo()
    asked.refresh_from_db()
    assert asked.is_waiting
    assert services.run_imports(at=timezone.now() + timedelta(minutes=3)) == 1


def test_progress_is_said_on_the_way(desk, town, monkeypatch):
    asked = confirmed(ask(desk, town.estate, homes_table(250), kind="homes"))
    seen, keep = [], services._keep

    def look(leased, at, **counts):
        keep(leased, at, **counts)
        seen.append((Import.objects.get(pk=asked.pk).percent, Home.objects.count()))

    monkeypatch.setattr(services, "_keep", look)
    tried(asked)
    assert [percent for percent, _ in seen] == [0, 40, 80]
    assert [homes for _, homes in seen] == [0, 0, 200]  # what is said to be done is in, but for the batch in hand
    assert asked.percent == 100


def test_what_only_the_worker_can_tell_stands_as_the_reason(desk, town):
    asked = run(ask(desk, town.community, "编号,标题\n1,灯\n".encode()))
    assert asked.failed.startswith("缺少列：")
    assert (asked.new_count, len(on_disk())) == (0, 0)


def test_a_post_that_ended_stops_it(desk, town):
    asked = ask(desk, town.community)
    Post.objects.filter(person=desk).update(until_at=MONDAY)
    run(asked)
    assert asked.failed == services.GONE
    assert not Case.objects.exists()
    assert on_disk() == []
    assert signed_in(desk).get(asked.get_absolute_url()).status_code == 403


def test_each_import_and_each_fetching_is_a_line_of_the_audit_trail(desk, town):
    asked = run(ask(desk, town.community, BAD))
    client = signed_in(desk)
    for _ in range(2):
        client.get(f"{asked.get_absolute_url()}rejects.csv")
    lines = AuditLine.objects.filter(by=desk.pk).exclude(act=Act.SIGN_IN).order_by("pk").values_list("act", "thing")
    assert list(lines) == [
        (Act.IMPORT, f"表格导入 {asked.pk} requests @{town.community.pk}"),
        *[(Act.EXPORT, f"表格导入 {asked.pk} 退件 1 行")] * 2,
    ]


def test_what_did_not_go_in_goes_after_a_week_the_row_after_a_month(desk, town):
    asked = run(ask(desk, town.community, BAD))
    end = asked.ended_at
    run_retention(at=end + timedelta(days=6))
    assert len(on_disk()) == 1
    run_retention(at=end + timedelta(days=8))
    asked.refresh_from_db()
    assert (on_disk(), asked.rejects, asked.first_rejects) == ([], "", "")
    run_retention(at=end + timedelta(days=29))
    assert Import.objects.exists()
    run_retention(at=end + timedelta(days=31))
    assert not Import.objects.exists()


def test_it_goes_with_who_asked(desk, town):
    run(ask(desk, town.community, BAD))
    ask(desk, town.community, requests_table(7))
    (holding,) = [holding for holding in HOLDINGS if holding.label == "导入的表格"]
    assert [row["行数"] for row in holding.rows(desk)] == [2, 0]
    Post.objects.filter(person=desk).update(until_at=MONDAY)
    rights.erase(person=desk, at=timezone.now())
    assert (Import.objects.count(), on_disk()) == (0, [])


def test_so_many_an_hour(desk, town):
    client = signed_in(desk)
    most = LIMITS["import"]["person"].times
    for number in range(most):
        ask(desk, town.community, requests_table(1, first=number))
    form = {"source": "热线", "place": town.community.pk, "file": upload(requests_table(1, first=99))}
    answer = client.post("/imports/new/requests/", form)
    assert "操作太频繁了" in answer.context["form"].non_field_errors()[0]
    assert Import.objects.count() == most


def test_a_file_whose_row_never_came_goes_the_next_night_but_one(desk, town):
    services._seal(b"x")
    asked = ask(desk, town.community)
    for name in on_disk():
        os.utime(default_storage.path(f"imports/{name}"), (MONDAY.timestamp(), MONDAY.timestamp()))
    assert lost_files.remove(at=MONDAY + timedelta(hours=23)) == 0
    assert lost_files.remove(at=MONDAY + timedelta(days=2)) == 1
    assert [f"imports/{name}" for name in on_disk()] == [asked.file.name]


def test_a_refusal_of_a_worker_that_lost_its_lease_is_not_said(desk, town, monkeypatch):
    """Others wait behind it, and are taken in all the same."""
    asked, other = ask(desk, town.community, b"x"), ask(desk, town.estate)

    def begun_anew(leased):
        monkeypatch.undo()
        Import.objects.filter(pk=leased.instance.pk).update(tries=2)
        return services._unseal(leased)

    monkeypatch.setattr(services, "_unseal", begun_anew)
    assert services.run_imports(at=timezone.now()) == 1
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.failed, asked.is_waiting, other.is_previewed) == ("", True, True)


def _confirmed_by_worker(asked):
    wait_until(lambda: Import.objects.get(pk=asked.pk).is_previewed)
    services.confirm(previewed=asked, at=timezone.now())
    return asked


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_it_in_and_one_killed_half_way_loses_nothing(worker, desk, town):
    worker.start()
    small = _confirmed_by_worker(ask(desk, town.community))
    wait_until(lambda: not Import.objects.get(pk=small.pk).is_waiting)
    rows = 1_500
    large = _confirmed_by_worker(ask(desk, town.estate, homes_table(rows), kind="homes"))
    assert not Tenure.objects.exists()
    wait_until(lambda: Import.objects.get(pk=large.pk).done_count >= 400)
    worker.kill()
    half = Tenure.objects.count()
    assert 200 <= half < rows
    assert Import.objects.get(pk=large.pk).is_waiting
    Import.objects.filter(pk=large.pk).update(leased_until=timezone.now())  # its two minutes are over
    worker.start()
    wait_until(lambda: not Import.objects.get(pk=large.pk).is_waiting)
    large.refresh_from_db()
    assert (large.new_count, large.known_count, large.rejected_count) == (rows - half, half, 0)
    assert Tenure.objects.count() == Home.objects.count() == rows
    assert on_disk() == []


@pytest.mark.parametrize("key", ["requests", "roster", "homes"])
def test_the_example_row_is_read_and_refused(desk, town, key):
    """Whoever leaves it in the table makes nobody up."""
    answer = signed_in(desk).get(f"/imports/new/{key}/sample.xlsx")
    content = b"".join(answer.streaming_content)
    kind = KINDS[key]
    (row,) = read_table(content, kind.layout).rows
    assert {name: row.text(name) for name in kind.example} == kind.example
    assert io.BytesIO(content).read(2) == b"PK"
    ended = run(ask(desk, None if key == "roster" else town.estate, content, kind=key))
    assert (ended.new_count, ended.rejected_count) == (0, 1)
    assert any(word in ended.shown_rejects[0][1] for word in ("示例", "在今天之后"))
