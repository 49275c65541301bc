"""卷宗: thirteen entries in the field's order, pages as the contents say, what is missing named."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from cases.escalation import sweep
from disputes.models import Clause, Exhibit, IssuedPaper, Session
from disputes.papers.record import Record
from disputes.papers.whole import entries_of, missing_of, whole_file
from disputes.services import papers as service
from tests.disputes.conftest import a_signature, issue_all, look, settle, take_on
from tests.disputes.papers.test_papers import squeezed
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, inside

pytestmark = pytest.mark.django_db


def pages_of(case) -> list[str]:
    pdf = look(whole_file(Record(case)), f"file-{case.dispute.exhibits.count()}")
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def bring(case, person, entry: str) -> None:
    posted = {"entry": entry, "photos": a_signature(f"{entry}.png")}
    assert signed_in(person).post(f"/disputes/{case.number}/papers/", posted).status_code == 302


def test_entries_stand_in_the_fields_order(signed):
    entries = entries_of(Record(signed))
    assert [entry.number for entry in entries] == list(range(1, 14))
    assert [entry.number for entry in entries if entry.is_required] == [1, 2, 3, 7, 8, 13]


def test_what_is_missing_is_named_on_the_page_and_in_the_file(signed, group_leader):
    issue_all(signed, group_leader)
    assert missing_of(Record(signed)) == [("当事人身份证明", "还没有上传扫描件或照片")]
    page = signed_in(group_leader).get(f"/disputes/{signed.number}/papers/").content.decode()
    assert "当事人身份证明：还没有上传扫描件或照片" in page
    pages = pages_of(signed)
    assert "缺：当事人身份证明" in pages[1]
    assert any("卷宗情况说明" in page and "当事人身份证明" in page for page in pages[2:])


def test_contents_name_the_right_pages(signed, group_leader):
    for entry in Exhibit.Entry.values:
        bring(signed, group_leader, entry)
    issue_all(signed, group_leader)
    assert missing_of(Record(signed)) == []
    pages = pages_of(signed)
    assert "人民调解卷宗" in pages[0]
    contents, sheets = pages[1], pages[2:]
    # What begins on which page, as the pages themselves say at their foot.
    begins = {
        "权利义务告知书": "告知书",
        "调解记录": "到场当事人",
        "调解协议书或口头协议登记表": "人民调解协议书",
        "封底": "封底",
    }
    for title, words in begins.items():
        page = next(number for number, sheet in enumerate(sheets, 1) if words in sheet)
        assert f"{title}必须{page}" in contents
        assert f"卷内第{page}页" in sheets[page - 1]


def test_a_paper_lies_in_the_file_as_it_was_issued(signed, group_leader):
    """Its number, seal line and day, and the words as they were: what changed since is not set anew."""
    dispute = signed.dispute
    issue_all(signed, group_leader)
    dispute.summary = "后来改写的情况"
    dispute.save()
    made = {paper.code: paper for paper in IssuedPaper.objects.all()}
    pages = pages_of(signed)
    for code in ("registration", "rights", "session-1", "agreement"):
        (page,) = [text for text in pages[2:] if f"文书编号{made[code].number}" in text and "第1页，共" in text]
        assert "签发孙伟2026年11月23日" in page
    assert any("楼上空调滴水" in page for page in pages)
    assert not any("后来改写的情况" in page for page in pages)


def test_of_a_paper_issued_twice_the_last_one_holds(signed, group_leader):
    issue_all(signed, group_leader)
    issue_all(signed, group_leader, at=MONDAY + timedelta(days=1))
    first, second = IssuedPaper.objects.filter(code="agreement").order_by("pk")
    pages = "".join(pages_of(signed))
    assert second.number in pages
    assert first.number not in pages


def test_what_is_not_issued_lies_there_as_a_draft_and_does_not_count(signed, group_leader):
    assert ("调解记录", "还没有签发") in missing_of(Record(signed))
    pages = pages_of(signed)
    minutes = next(page for page in pages[2:] if "到场当事人" in page)
    assert "草稿，未签发" in minutes
    assert "调解记录必须" in pages[1]


def test_minutes_of_every_session_must_be_there(signed, group_leader):
    service.issue(case=signed, code="session-1", by=group_leader, at=MONDAY, verify_url="/")
    assert "调解记录" not in dict(missing_of(Record(signed)))
    Session.objects.create(
        dispute=signed.dispute,
        number=2,
        starts_at=MONDAY,
        place="议事亭",
        state="held",
        record="又谈了一次",
        result="agreed",
        recorded_by=group_leader,
        recorded_at=MONDAY + timedelta(hours=3),
    )
    assert dict(missing_of(Record(signed)))["调解记录"] == "还没有签发"


def visited(case, leader) -> None:
    draw(case, "record_performance", leader, clause=Clause.objects.get(), degree="done")
    draw(case, "visit", leader, "都说处得不错。")


def test_it_is_not_put_away_while_something_is_missing_unless_somebody_signs_for_it(signed, group_leader):
    visited(signed, group_leader)
    with pytest.raises(ValidationError) as refusal:
        draw(signed, "archive", group_leader, "")
    assert "当事人身份证明（还没有上传扫描件或照片）" in refusal.value.message_dict["words"][0]
    page = signed_in(group_leader).post(f"/cases/{signed.number}/archive/", {"version": signed.version, "words": ""})
    assert "卷宗还不齐" in inside(page, ERROR)
    draw(signed, "archive", group_leader, "身份证原件当面核对过，当事人不愿留复印件。")
    assert signed.state == "archived"
    situation = next(page for page in pages_of(signed)[2:] if "下列必须归档" in page)
    assert "缺件原因身份证原件当面核对过" in situation
    assert "立卷人（签名）孙伟2026年11月23日" in situation


def test_a_whole_file_is_put_away_without_a_word(signed, group_leader):
    visited(signed, group_leader)
    issue_all(signed, group_leader)
    bring(signed, group_leader, "identity")
    draw(signed, "archive", group_leader, "")
    assert signed.state == "archived"


def test_time_alone_does_not_put_away_what_is_not_whole(signed, group_leader):
    visited(signed, group_leader)
    later = MONDAY + timedelta(days=40)
    for day in range(3):
        sweep(at=later + timedelta(days=day))
    signed.refresh_from_db()
    assert signed.state == "visited"
    told = heard("卷宗还缺", group_leader)
    assert 1 <= len(told) <= 3
    assert "当事人身份证明" in told[0].words
    issue_all(signed, group_leader, at=later)
    bring(signed, group_leader, "identity")
    sweep(at=later + timedelta(days=10))
    signed.refresh_from_db()
    assert signed.state == "archived"


def test_the_same_picture_twice_is_one(signed, group_leader):
    for _ in range(2):
        bring(signed, group_leader, "evidence")
    assert signed.dispute.exhibits.count() == 1
    with Exhibit.objects.get().file.open("rb") as kept:
        assert not kept.read().startswith(b"\xff\xd8"), "sealed on the disk"


def test_exhibits_are_for_who_mediates(signed, staff, group_leader, resident, neighbour):
    bring(signed, group_leader, "identity")
    path = f"/disputes/{signed.number}/exhibits/{Exhibit.objects.get().token}/"
    assert signed_in(group_leader).get(path)["Content-Type"] == "image/jpeg"
    for person in (resident, neighbour, staff["grid_leader"], staff["street_cadre"], staff["other_cadre"]):
        assert signed_in(person).get(path).status_code == 404
    posted = {"entry": "evidence", "photos": a_signature()}
    signed_in(resident).post(f"/disputes/{signed.number}/papers/", posted)
    assert signed.dispute.exhibits.count() == 1


def test_an_oral_agreement_fills_entry_eight(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    issue_all(dispute, group_leader)
    assert [title for title, _ in missing_of(Record(dispute))] == ["当事人身份证明"]
