"""Each paper says what the case says, names what it lacks, and once issued stays what it is."""

import hashlib
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.test import Client
from docx import Document
from pypdf import PdfReader

from cases.models import Case
from disputes.models import Clause, IssuedPaper, Party
from disputes.papers.kinds import KINDS, papers_of
from disputes.papers.record import Record
from disputes.services import papers as service
from disputes.services.agreements import ClauseSaid
from papers.pdf import paper_pdf
from papers.word import paper_docx
from tests.disputes.conftest import draft, fill_in, look, meet, number, settle, sign, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import MESSAGE, NOTICE, inside

SAYS = {
    "application": ("王秀英", "赵建国", "楼上空调滴水", "修好", "申请人（签名）", "宜和社区人民调解委员会"),
    "registration": ("受理日期", "邻里", "当事人申请", "2026年11月23日", "印章"),
    "rights": ("权利义务告知书", "选择或者接受人民调解员", "不收取任何费用", "王秀英"),
    "investigation": ("去看过现场", "孙伟"),
    "session-1": ("宜和社区议事亭", "双方都说了难处", "调解员（签名）"),
    "agreement": ("主要事实、争议事项", "空调水滴到楼下", "各方责任", "履行方式：请师傅上门", "履行期限：2026年12月1日前", "住　　址", "印章"),
    "confirmation": ("请求确认", "人民法院", "350725196801010026"),
    "visit-1": ("回访情况", "都说处得不错", "已履行"),
}  # fmt: skip


@pytest.fixture
def whole(dispute, group_leader, resident, neighbour) -> Case:
    """From application to visit."""
    dispute.dispute.wish = "请对方修好空调"
    dispute.dispute.save()
    take_on(dispute, group_leader, neighbour)
    draw(dispute, "note", group_leader, "去看过现场，水是从空调管接头漏的。")
    meet(dispute, group_leader)
    draft(dispute, group_leader, form="written")
    fill_in(dispute)
    number(dispute)
    for person in (resident, neighbour):
        sign(dispute, person)
    draw(dispute, "record_performance", group_leader, clause=Clause.objects.get(), degree="done")
    draw(dispute, "visit", group_leader, "回访双方，都说处得不错。")
    dispute.refresh_from_db()
    return dispute


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def squeezed(words: str) -> str:
    """Line breaks of the setting do not count."""
    return re.sub(r"\s", "", words)


def word_of(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))


def paper(case: Case, code: str):
    return next(paper for paper in papers_of(Record(case, at=MONDAY)) if paper.code == code)


@pytest.mark.parametrize("code", SAYS)
def test_each_paper_says_what_the_case_says(whole, code):
    made = paper(whole, code)
    assert made.missing == []
    for text in (text_of(look(paper_pdf(made.sheet), code)), word_of(paper_docx(made.sheet))):
        for words in SAYS[code]:
            assert squeezed(words) in text, words


def test_an_oral_agreement_has_its_own_paper(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    made = paper(dispute, "oral")
    assert made.missing == []
    text = text_of(look(paper_pdf(made.sheet), "oral"))
    assert "口头协议登记表" in text
    assert "agreement" not in [paper.code for paper in papers_of(Record(dispute))]


def test_every_declared_paper_is_tested(whole):
    codes = {kind.code for kind in KINDS}
    assert codes == {code.partition("-")[0] for code in SAYS} | {"oral"}


def test_what_the_law_asks_for_is_named_when_it_is_missing(drafted, group_leader):
    missing = paper(drafted, "agreement").missing
    assert missing == [
        "王秀英的性别",
        "王秀英的出生年份",
        "王秀英的住址",
        "赵建国的性别",
        "赵建国的出生年份",
        "赵建国的住址",
        "王秀英的签名",
        "赵建国的签名",
    ]
    with pytest.raises(ValidationError, match="还不能签发，缺：王秀英的性别"):
        service.issue(case=drafted, code="agreement", by=group_leader, at=MONDAY, verify_url="/")


def test_rare_signs_and_a_long_clause_are_set(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    Party.objects.filter(side="respondent").update(name="阿卜杜拉·𠮷㛃䶮")
    long = "修好排水管并清洗阳台，恢复原状。" * 187 + "到此为止"
    with pytest.raises(ValidationError, match="最多 2000 字"):
        draft(dispute, group_leader, form="written", clauses=[ClauseSaid(long, "上门", date(2026, 12, 1))])
    draft(dispute, group_leader, form="written")
    clause = Clause.objects.get()
    clause.what = long
    clause.save()
    pdf = look(paper_pdf(paper(dispute, "agreement").sheet), "long")
    text = text_of(pdf)
    assert "阿卜杜拉·𠮷㛃䶮" in text
    assert "到此为止" in text
    assert len(PdfReader(BytesIO(pdf)).pages) > 2
    assert "阿卜杜拉·𠮷㛃䶮" in word_of(paper_docx(paper(dispute, "agreement").sheet))


def test_what_people_write_is_no_markup(dispute, group_leader):
    dispute.dispute.summary = "#panic() $x$ *粗* [[ \\ <b> 100%"
    dispute.dispute.save()
    assert squeezed("#panic() $x$ *粗* [[ \\ <b> 100%") in text_of(paper_pdf(paper(dispute, "application").sheet))


@pytest.fixture
def issued(signed, group_leader) -> IssuedPaper:
    return service.issue(
        case=signed, code="agreement", by=group_leader, at=MONDAY, verify_url="https://example.org/papers/verify/"
    )


def test_an_issued_paper_is_its_file_and_cannot_change(issued):
    assert hashlib.sha256(issued.content).hexdigest() == issued.sha256
    assert issued.number in text_of(look(issued.content, "issued"))
    with issued.file.open("rb") as kept:
        assert b"%PDF" not in kept.read(), "sealed on the disk"
    for change in ({"sha256": "0"}, {"number": "WS-2222-2222"}, {"file": "papers/other"}):
        with pytest.raises(InternalError, match="fixed once issued"), transaction.atomic():
            IssuedPaper.objects.update(**change)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM disputes_issuedpaper")
    assert IssuedPaper.objects.update(file="") == 1


def test_anybody_can_verify_and_reads_no_content(issued):
    client = Client()
    page = client.get("/papers/verify/", {"number": f" {issued.number.lower()} "}).content.decode()
    assert "宜和社区人民调解委员会" in page
    assert "2026年11月23日" in page
    assert "王秀英" not in page
    assert "空调" not in page
    for content, words in ((issued.content, "没有改动"), (issued.content + b" ", "不一致")):
        posted = {"number": issued.number, "file": SimpleUploadedFile("x.pdf", content)}
        assert words in inside(client.post("/papers/verify/", posted), NOTICE)
    alone = client.post("/papers/verify/", {"file": SimpleUploadedFile("x.pdf", issued.content)}).content.decode()
    assert "没有改动" in alone
    assert "没有查到" in client.get("/papers/verify/", {"number": "WS-0000-0000"}).content.decode()
    assert "请输入文书编号" in client.post("/papers/verify/", {}).content.decode()


@pytest.mark.usefixtures("still_clock")
def test_numbers_are_not_tried_without_end(issued):
    client = Client()
    answers = [client.get("/papers/verify/", {"number": f"WS-{n:04d}-0000"}).status_code for n in range(70)]
    assert answers[0] == 200
    assert answers[-1] == 429


DOORS = {
    "/": {"resident", "neighbour", "group_leader"},
    "/application/pdf/": {"resident", "group_leader"},
    "/application/docx/": {"resident", "group_leader"},
    "/registration/pdf/": {"group_leader"},
    "/rights/pdf/": {"resident", "neighbour", "group_leader"},
    "/investigation/pdf/": {"group_leader"},
    "/session-1/pdf/": {"resident", "neighbour", "group_leader"},
    "/agreement/docx/": {"resident", "neighbour", "group_leader"},
    "/visit-1/pdf/": {"group_leader"},
    "/confirmation/pdf/": {"resident", "neighbour", "group_leader"},
}
EVERYBODY = (
    "resident",
    "neighbour",
    "group_leader",
    "grid_leader",
    "community_secretary",
    "street_cadre",
    "other_cadre",
)


def test_who_may_have_what(whole, staff, resident, neighbour):
    people = {**staff, "resident": resident, "neighbour": neighbour}
    parties = {party.person_id: party for party in Party.objects.all()}
    made = service.issue(case=whole, code="registration", by=staff["group_leader"], at=MONDAY, verify_url="/")
    base = f"/disputes/{whole.number}"
    doors = {f"{base}/papers{door}": who for door, who in DOORS.items()}
    doors |= {
        f"{base}/file/": {"group_leader"},
        f"{base}/issued/{made.number}/": {"group_leader"},
        f"{base}/parties/{parties[resident.pk].pk}/": {"resident", "group_leader"},
        f"{base}/parties/{parties[neighbour.pk].pk}/": {"neighbour", "group_leader"},
    }
    for door, who in doors.items():
        for name in EVERYBODY:
            assert signed_in(people[name]).get(door).status_code == (200 if name in who else 404), (door, name)
        assert Client().get(door).status_code == 302
    for name in set(EVERYBODY) - {"group_leader"}:
        assert signed_in(people[name]).post(f"{base}/papers/rights/issue/").status_code == 404, name
    answer = signed_in(staff["group_leader"]).post(f"{base}/papers/rights/issue/", follow=True)
    assert "已签发" in inside(answer, MESSAGE)


def test_details_are_asked_for_and_the_number_only_with_consent(drafted, group_leader, resident):
    mine = Party.objects.get(person=resident)
    path = f"/disputes/{drafted.number}/parties/{mine.pk}/"
    client = signed_in(resident)
    posted = {
        "gender": "2",
        "ethnicity": "汉族",
        "birth_year": "1968",
        "address": "宜和佳苑",
        "id_number": "35072519680101003x",
    }
    page = client.post(path, posted).content.decode()
    assert "身份证号校验位不对" in page
    assert "宜和佳苑" in page
    posted["id_number"] = "350725196801010026"
    assert "请先勾选同意" in client.post(path, posted).content.decode()
    assert client.post(path, {**posted, "agrees": "on"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.id_number, mine.id_consent) == ("350725196801010026", "online")
    page = client.get(path).content.decode()
    assert "350725********0026" in page
    assert "350725196801010026" not in page


def test_an_oral_agreement_asks_for_no_number(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    page = signed_in(group_leader).get(f"/disputes/{dispute.number}/parties/{Party.objects.first().pk}/")
    assert "身份证号" not in page.content.decode()


def test_each_level_stands_on_its_own_records_and_the_last_on_the_agreement(
    dispute, group_leader, branch_secretary, resident, neighbour
):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draw(dispute, "hand_up", group_leader, "差距大", at=MONDAY + timedelta(hours=2))
    later = MONDAY + timedelta(days=1)
    settle(dispute, branch_secretary, resident, neighbour, at=later)
    dispute.refresh_from_db()
    first, second = (text_of(paper_pdf(paper(dispute, f"session-{number}").sheet)) for number in (1, 2))
    assert "调解员孙伟" in first
    assert "调解员吴芳" in second
    assert "登记人孙伟" in text_of(paper_pdf(paper(dispute, "registration").sheet))
    made = text_of(paper_pdf(paper(dispute, "oral").sheet))
    assert "吴芳" in made
    assert "孙伟" not in made
