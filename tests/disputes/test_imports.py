"""Real mediations run to the outcome their dialogue ends in."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from disputes.imports.mediations import clauses_of, import_mediations, parties_of
from disputes.models import Clause, Dispute, Side
from disputes.papers.record import Record
from disputes.papers.whole import missing_of, whole_file
from tests.disputes.papers.test_papers import squeezed
from tests.support.cast import MONDAY

NOT_TOLD = [7, 22, 28, 31, 36]
"""As read by hand: in 7, 22 and 28 the mediator alone speaks of an agreement, in 31 one brother has said yes on a condition,
in 36 two of five shops go to court."""
REAL = Path(__file__).parents[3] / "shared" / "data" / "mediation_cases.jsonl.gz"


@pytest.mark.skipif(not REAL.exists(), reason="没有 ../shared/data/mediation_cases.jsonl.gz：真实案例不随代码发布")
def test_the_real_cases_run_to_an_outcome(dispute_defaults, town, staff):
    report = import_mediations(path=REAL, node=town.group, at=MONDAY)
    assert (report.imported, report.rejects) == (49, [])
    assert (report.settled, report.unknown) == (44, NOT_TOLD)
    left_open = Dispute.objects.filter(case__outcome="")
    assert {int(dispute.submit_key.rpartition(":")[2]) for dispute in left_open} == set(NOT_TOLD)
    assert all(dispute.case.is_open and dispute.case.holder for dispute in left_open.select_related("case__holder"))
    assert not Dispute.objects.filter(type="99").exists()
    again = import_mediations(path=REAL, node=town.group, at=MONDAY)
    assert (again.imported, again.known) == (0, 49)


@pytest.mark.skipif(not REAL.exists(), reason="没有 ../shared/data/mediation_cases.jsonl.gz：真实案例不随代码发布")
def test_the_real_cases_give_correct_papers(dispute_defaults, town, staff):
    """Each one's whole file names its parties, its type, what was agreed, and what it lacks."""
    import_mediations(path=REAL, node=town.group, at=MONDAY)
    for dispute in Dispute.objects.select_related("case", "type").prefetch_related("parties"):
        record = Record(dispute.case)
        text = squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(whole_file(record))).pages))
        for party in dispute.parties.all():
            assert squeezed(party.title) in text, (dispute.case.number, party.title)
        assert squeezed(dispute.type.name) in text
        for clause in Clause.objects.filter(agreement__dispute=dispute):
            assert squeezed(clause.what)[:12] in text
        for title, why in missing_of(record):
            assert squeezed(title) in text, why


def write(folder: Path, *rows: dict) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    return path


def row(*turns: str, parties: str = "甲某, 乙某, 民警") -> dict:
    """`turns`: "甲某：同意。", of the mediator without a name."""
    spoken = [turn.rpartition("：") for turn in turns]
    dialog = [{"speaker": who or "sys", "text": words} for who, _, words in spoken]
    return {
        "event_type": "社区邻里纠纷",
        "event_description": "漏水",
        "disputing_parties": parties,
        "dialog": dialog,
    }


def test_one_that_ends_without_agreement_failed_at_the_community(dispute_defaults, town, staff, tmp_path):
    path = write(tmp_path, row("赔偿 200 元，行吗？", "甲某：我不接受，走法律程序。", "那只好这样。"))
    assert import_mediations(path=path, node=town.group, at=MONDAY).settled == 0
    case = Dispute.objects.get().case
    assert (case.state, case.outcome, case.holder.grid) == ("archived", "failed", town.community)


def test_one_whose_ending_is_not_told_stays_open_and_says_so(dispute_defaults, town, staff, tmp_path):
    path = write(tmp_path, row("双方达成协议，乙某赔偿 200 元。", "乙某：我回去想想。"))
    report = import_mediations(path=path, node=town.group, at=MONDAY)
    assert (report.imported, report.settled, report.unknown) == (1, 0, [1])
    case = Dispute.objects.get().case
    assert case.is_open
    assert not case.outcome
    assert "看不出双方是否都同意" in case.events.get(verb="note").remark.words


def test_a_line_that_cannot_be_read_is_named_and_the_others_go_in(dispute_defaults, town, staff, tmp_path):
    path = write(tmp_path, row("达成协议", parties="民警"), row("双方达成协议，乙某赔偿 200 元。"))
    report = import_mediations(path=path, node=town.group, at=MONDAY)
    assert report.imported == 1
    assert report.rejects[0][0] == 1
    assert "双方" in report.rejects[0][1]


def test_who_helps_is_no_party():
    parties = parties_of("翟某, 付某, 深圳市Q餐饮有限责任公司, 片警, 杨某（某公司负责人）")
    assert [(party.side, party.name or party.organisation) for party in parties] == [
        (Side.APPLICANT, "翟某"),
        (Side.RESPONDENT, "付某"),
        (Side.THIRD, "深圳市Q餐饮有限责任公司"),
        (Side.THIRD, "杨某"),
    ]


def test_numbered_items_become_clauses():
    words = "协议如下：1. 甲某支付 500 元。2. 乙某修好水管。"
    assert [clause.what for clause in clauses_of([words], None)] == ["甲某支付 500 元。", "乙某修好水管。"]
