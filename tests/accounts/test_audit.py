"""The audit trail: what is written, that nothing of it can be changed unseen, who may read it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from accounts import audit
from accounts.models import AuditLine, AuditWords
from accounts.models.audit import Act
from accounts.tasks import seal_audit
from grids.models import Post
from grids.posts.services import appoint
from tests.support.cast import MONDAY, PASSWORD, audit_problems, signed_in


@pytest.fixture
def trail(db):
    for number in range(1, 6):
        audit.record(act=Act.REVEAL, at=MONDAY, by=number, about=9, thing=f"手机号 {number}", words=f"约时间 {number}")
    audit.seal()


def by_sql(statement: str, *values) -> None:
    """As somebody with the database's own password would, the guards switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)


def test_a_whole_trail_has_no_problems(trail):
    assert audit_problems() == []
    assert audit_problems(expected=audit.head()) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE accounts_auditline SET by = 99 WHERE number = 3", "第 3 行"),
        ("UPDATE accounts_auditline SET at = at - interval '1 day' WHERE number = 1", "第 1 行"),
        ("UPDATE accounts_auditline SET is_success = false WHERE number = 5", "第 5 行"),
        ("DELETE FROM accounts_auditwords; DELETE FROM accounts_auditline WHERE number = 3", "第 3 行到第 3 行不见了"),
        ("DELETE FROM accounts_auditwords; DELETE FROM accounts_auditline WHERE number < 3", "第 1 行到第 2 行不见了"),
    ],
)
def test_a_changed_or_missing_line_is_named(trail, statement, named):
    by_sql(statement)
    assert any(named in problem for problem in audit_problems())
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=StringIO())


def test_a_line_changed_and_sealed_anew_breaks_the_next_one(trail):
    line = AuditLine.objects.get(number=2)
    line.by = 77
    by_sql("UPDATE accounts_auditline SET by = 77, seal = %s WHERE number = 2", "f" * 64)
    assert any("第 2 行" in problem for problem in audit_problems())


def test_a_reworded_reason_is_named(trail):
    words = AuditWords.objects.get(line__number=4)
    words.words = "别的事由"
    by_sql("SELECT 1")
    words.save()
    assert audit_problems() == ["第 4 行的说明被改动过"]


def test_the_newest_lines_cut_off_are_missed_by_whoever_kept_the_head(trail):
    kept = audit.head()
    by_sql(
        "DELETE FROM accounts_auditwords WHERE line_id = (SELECT id FROM accounts_auditline WHERE number = 5); DELETE FROM accounts_auditline WHERE number = 5"
    )
    assert audit_problems() == []
    assert "第 5 行" in audit_problems(expected=kept)[0]
    with pytest.raises(CommandError):
        call_command("verify_audit", expect=str(kept), stdout=StringIO())


@pytest.mark.parametrize("statement", ["UPDATE accounts_auditline SET by = 1", "DELETE FROM accounts_auditline"])
def test_the_database_refuses_to_change_or_remove_a_line(trail, statement):
    with pytest.raises(InternalError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_words_may_be_blanked_and_nothing_else(trail):
    audit.blank_words(person_id=9)
    assert set(AuditWords.objects.values_list("words", flat=True)) == {""}
    assert len(audit_problems()) == 5  # as long as the person they speak of is not erased
    audit.record(act=Act.ERASE, at=MONDAY, by=9, about=9)
    assert audit_problems() == []
    with pytest.raises(InternalError, match="only be blanked"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditwords SET words = 'x'")


@pytest.mark.django_db(transaction=True)
def test_lines_written_at_once_are_sealed_without_gaps():
    def write(number: int) -> None:
        audit.record(act=Act.EXPORT, at=MONDAY, by=number)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert sorted(AuditLine.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert list(audit.problems(at=MONDAY)) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_long_act_that_wrote_a_line():
    """A branch of the tree is written for seconds, with a line in the same transaction; sign-ins go on meanwhile."""
    with transaction.atomic():
        audit.record(act=Act.APPOINT, at=MONDAY, by=1)

        def sign_in() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = '2s'")
            audit.record(act=Act.SIGN_IN, at=MONDAY, by=2)
            connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(sign_in).result()
        assert list(AuditLine.objects.exclude(number=None).values_list("number", "act")) == [(1, "sign_in")]
    assert list(AuditLine.objects.order_by("number").values_list("act", flat=True)) == ["sign_in", "appoint"]
    assert list(audit.problems(at=MONDAY)) == []


@pytest.mark.django_db(transaction=True)
def test_a_line_whose_process_died_before_sealing_is_sealed_by_the_sweep(monkeypatch):
    monkeypatch.setattr(audit, "seal", lambda: None)
    audit.record(act=Act.EXPORT, at=MONDAY, by=1)
    monkeypatch.undo()
    assert AuditLine.objects.get().number is None
    assert list(audit.problems(at=MONDAY)) == []
    assert any("早该编号" in problem for problem in audit.problems(at=MONDAY + timedelta(minutes=6)))
    seal_audit()
    assert AuditLine.objects.get().number == 1
    assert list(audit.problems(at=MONDAY + timedelta(minutes=6))) == []


def test_a_line_changed_before_it_is_sealed_is_named_before_and_after(db):
    audit.record(act=Act.EXPORT, at=MONDAY, by=1)
    by_sql("UPDATE accounts_auditline SET by = 2")
    assert any("还没有编号的一行被改动过" in problem for problem in audit.problems(at=MONDAY))
    audit.seal()
    assert any("第 1 行被改动过" in problem for problem in audit.problems(at=MONDAY))


def test_a_line_is_sealed_once(trail):
    statement = "UPDATE accounts_auditline SET seal = 'x' WHERE number = 1"
    with pytest.raises(InternalError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_signing_in_failing_and_out_are_lines(client, grid_leader):
    client.post("/sign-in/password/", {"phone": grid_leader.phone, "password": "wrong"})
    client.post("/sign-in/password/", {"phone": grid_leader.phone, "password": PASSWORD})
    client.post("/sign-out/")
    lines = AuditLine.objects.filter(about=grid_leader.pk).exclude(act="appoint").order_by("pk")
    assert [(line.act, line.is_success) for line in lines] == [
        ("sign_in_failed", False),
        ("sign_in", True),
        ("sign_out", True),
    ]
    assert {line.address for line in lines} == {"127.0.0.1"}


def test_an_export_a_setting_and_a_post_are_lines(request_case, staff, county_admin, neighbour, town):
    client = signed_in(county_admin)
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY)
    client.post("/admin/grids/post/export/", {"format": "1", "resource": ""})
    rule = {"name": "试一试", "order": 5, "kind": "request", "role": "grid_leader", "is_active": "on"}
    client.post("/admin/cases/routingrule/add/", rule)
    acts = list(AuditLine.objects.filter(by=county_admin.pk).order_by("pk").values_list("act", "thing"))
    assert acts[0] == ("export", f"任职 {Post.objects.count()} 行")
    assert acts[1][0] == "setting"
    assert acts[1][1].startswith("新增派单规则")
    setting = AuditLine.objects.get(act="setting")
    assert "试一试" in setting.spoken.words
    assert AuditLine.objects.filter(act="appoint", about=neighbour.pk).exists()


def test_the_auditor_searches_and_others_do_not(trail, auditor, street_cadre, resident):
    audit.record(act=Act.REVEAL, at=MONDAY, by=street_cadre.pk, about=resident.pk, thing="手机号", words="核实地址")
    page = signed_in(auditor).get("/admin/accounts/auditline/", {"q": resident.phone}).content.decode()
    assert "核实地址" in page
    assert resident.masked_phone in page
    assert "约时间" not in page
    assert signed_in(street_cadre).get("/admin/accounts/auditline/").status_code == 403
    assert signed_in(auditor).get("/admin/cases/case/").status_code == 403
