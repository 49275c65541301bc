"""A written and an oral dispute driven to the end, all their papers printed as PDF and as .docx through LibreOffice, page by
page as pictures. `SCREENSHOTS=folder script/test tests/disputes/papers/test_pictures.py` keeps them to be looked at."""

import os
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from disputes.models import Clause, Exhibit, Party
from disputes.papers.kinds import papers_of
from disputes.papers.record import Record
from disputes.papers.whole import whole_file
from disputes.services.agreements import ClauseSaid
from papers.pdf import paper_pdf
from papers.word import paper_docx
from tests.disputes.conftest import (
    a_signature,
    apply,
    draft,
    fill_in,
    issue_all,
    meet,
    number,
    settle,
    sign,
    take_on,
)
from tests.disputes.papers.test_papers import squeezed
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.office import inked, needs_an_office_suite, pictures, printed

pytestmark = [pytest.mark.django_db, needs_an_office_suite]

CLAUSES = [
    ClauseSaid("赵建国请专业师傅检修空调排水管和墙面接头，修到不再漏水为止，并拍照告知王秀英。", "上门维修，费用由赵建国承担", date(2026, 12, 1)),
    ClauseSaid("赵建国赔偿王秀英阳台地板和被褥损失人民币捌佰元整（800.00元）。", "微信转账", date(2026, 11, 30)),
    ClauseSaid("今后任何一方维修、安装涉及对方的设施，应当提前三日告知对方。" * 6, "口头或者微信告知", date(2027, 11, 23)),
]  # fmt: skip
FACTS = "2026年9月起，赵建国家空调冷凝水从接头处滴到楼下王秀英家阳台，地板起翘，被褥受潮。双方多次争吵，对由谁修、赔多少有争议。"


@pytest.fixture
def folder(tmp_path) -> Path:
    kept = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def driven(case, group_leader, resident, neighbour, *, form: str):
    dispute = case.dispute
    dispute.wish, dispute.summary = "一、修好空调不再漏水；\n二、赔偿阳台地板和被褥损失。", FACTS
    dispute.save()
    fill_in(case)
    take_on(case, group_leader, neighbour)
    draw(case, "note", group_leader, "到两家看过现场，水是从空调管接头漏的，楼下阳台地板起翘约两平方米。")
    applicant = Party.objects.get(dispute=case.pk, side="applicant")
    meet(case, group_leader, present=[applicant], record="被申请人没有到场，先听申请人说了情况。", result="again")
    second = MONDAY + timedelta(days=1)
    if form == "oral":
        settle(case, group_leader, resident, neighbour, at=second)
    else:
        meet(
            case,
            group_leader,
            at=second,
            record="双方到场。\n申请人：阳台一直是湿的。\n被申请人：愿意修，赔偿希望少一点。\n调解员讲了相邻关系的法律规定，双方各让一步。",
        )
        draft(
            case,
            group_leader,
            at=second + timedelta(hours=1),
            form="written",
            facts=FACTS,
            responsibilities="空调由赵建国安装和使用，漏水造成的损失由其承担；王秀英发现后未及时移开被褥，自担一部分。",
            clauses=CLAUSES,
        )
        number(case)
        for person in (resident, neighbour):
            sign(case, person, at=second + timedelta(hours=2))
    later = second + timedelta(days=9)
    issue_all(case, group_leader, at=later - timedelta(days=8))
    for clause in Clause.objects.filter(agreement__dispute=case.pk):
        draw(case, "record_performance", group_leader, at=later, clause=clause, degree="done")
    draw(case, "visit", group_leader, "回访双方，都说处得不错。", at=later)
    issue_all(case, group_leader, at=later)
    case.refresh_from_db()
    return later


@pytest.fixture
def both(dispute, town, staff, group_leader, resident, neighbour):
    oral = apply(resident, neighbour, town, key="oral")
    cases = {"written": dispute, "oral": oral}
    for form, case in cases.items():
        driven(case, group_leader, resident, neighbour, form=form)
        posted = {"entry": "identity", "photos": a_signature("identity.png")}
        assert signed_in(group_leader).post(f"/disputes/{case.number}/papers/", posted).status_code == 302
    assert Exhibit.objects.count() == 2
    return cases


def text(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def test_every_paper_opens_in_an_office_suite_and_as_pdf(both, folder):
    sheets = {
        f"{form}-{paper.code}": paper.sheet
        for form, case in both.items()
        for paper in papers_of(Record(case, at=MONDAY + timedelta(days=2)))
        if not paper.missing
    }
    kinds = {name.split("-")[1] for name in sheets}
    assert kinds == {
        "application",
        "registration",
        "rights",
        "investigation",
        "session",
        "agreement",
        "oral",
        "visit",
        "confirmation",
    }
    for name, sheet in sheets.items():
        (folder / f"{name}-pdf.pdf").write_bytes(paper_pdf(sheet))
    opened = printed({f"{name}-docx": paper_docx(sheet) for name, sheet in sheets.items()}, folder)
    for path in [*opened.values(), *(folder / f"{name}-pdf.pdf" for name in sheets)]:
        pages = text(path.read_bytes())
        for place, words in enumerate(pages, 1):
            assert f"第{place}页，共{len(pages)}页" in words, path.name
            assert "草稿，未签发" in words, path.name
            assert "（2026）宜和人调字第" in words, path.name
        drawn = pictures(path)
        assert len(drawn) == len(pages)
        assert all(inked(picture) > 0.01 for picture in drawn), path.name


def test_the_whole_files_as_pictures(both, folder):
    for form, case in both.items():
        path = folder / f"file-{form}.pdf"
        path.write_bytes(whole_file(Record(case)))
        drawn = pictures(path)
        assert len(drawn) == len(text(path.read_bytes()))
        # The back cover has two signs and a page number.
        assert all(inked(picture) > 0.01 for picture in drawn[:-1])
