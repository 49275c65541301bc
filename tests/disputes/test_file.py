"""卷宗: thirteen entries in the field's order, pages as the contents say, what is missing named."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from disputes.models import Exhibit
from disputes.papers.record import Record
from disputes.papers.whole import entries_of, missing_of, whole_file
from tests.cast import signed_in
from tests.disputes.conftest import a_signature, look, settle, take_on
from tests.disputes.test_papers import squeezed

pytestmark = pytest.mark.django_db


def pages_of(case) -> list[str]:
    pdf = look(whole_file(Record(case)), f"file-{case.dispute.exhibits.count()}")
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def bring(case, person, entry: str) -> None:
    said = {"entry": entry, "photos": a_signature(f"{entry}.png")}
    assert signed_in(person).post(f"/disputes/{case.number}/papers/", said).status_code == 302


def test_entries_stand_in_the_fields_order(signed):
    entries = entries_of(Record(signed))
    assert [entry.number for entry in entries] == list(range(1, 14))
    assert [entry.number for entry in entries if entry.is_required] == [1, 2, 3, 7, 8, 13]


def test_what_is_missing_is_named_on_the_page_and_in_the_file(signed, group_leader):
    assert missing_of(Record(signed)) == [("当事人身份证明", "还没有上传扫描件或照片")]
    page = signed_in(group_leader).get(f"/disputes/{signed.number}/papers/").content.decode()
    assert "当事人身份证明：还没有上传扫描件或照片" in page
    pages = pages_of(signed)
    assert "缺：当事人身份证明" in pages[1]
    assert any("卷宗情况说明" in page and "当事人身份证明" in page for page in pages[2:])


def test_contents_name_the_right_pages(signed, group_leader):
    for entry in Exhibit.Entry.values:
        bring(signed, group_leader, entry)
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
        assert f"第{page}页" in sheets[page - 1]


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
    said = {"entry": "evidence", "photos": a_signature()}
    signed_in(resident).post(f"/disputes/{signed.number}/papers/", said)
    assert signed.dispute.exhibits.count() == 1


def test_an_oral_agreement_fills_entry_eight(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    dispute.refresh_from_db()
    assert [title for title, _ in missing_of(Record(dispute))] == ["当事人身份证明"]
