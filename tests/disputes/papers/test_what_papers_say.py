"""The words of the papers as the field's forms want them: who, what was agreed, until when, and what never stands alone."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from cases.limits.clock import ZONE
from disputes.models import Party
from disputes.papers.record import Record
from disputes.services import papers as service
from disputes.services import parties
from disputes.services.agreements import ClauseSaid
from papers.pdf import paper_pdf
from papers.sheet import Hand, Item, Para, Seal, Sheet, Signs, Text, parted
from tests.disputes.conftest import IDS, draft, fill_in, meet, number, settle, sign, take_on
from tests.disputes.papers.test_papers import paper, squeezed, text_of
from tests.support.cast import MONDAY
from web.text import article

pytestmark = pytest.mark.django_db


def pages_of(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("clause", "words"), [(1, "第一条"), (9, "第九条"), (10, "第十条"), (11, "第十一条"), (20, "第二十条"), (99, "第九十九条")]
)  # fmt: skip
def test_clauses_are_numbered_in_words(clause, words):
    assert article(clause) == words


SIGNED = [
    Signs([Hand("申请人（签名）", "王秀英"), Hand("被申请人（签名）", "赵建国")]),
    Seal("宜和社区人民调解委员会", "2026年11月23日"),
]


@given(st.lists(st.one_of(
    st.builds(Para, st.text("甲乙。；丙", max_size=900)),
    st.builds(Item, st.text("甲乙。；丙", min_size=1, max_size=900)),
    st.builds(Text, st.just("各方责任"), st.text("甲乙。；丙", max_size=900)),
), max_size=6))  # fmt: skip
def test_what_stays_with_the_signatures_is_the_end_of_the_same_words(blocks):
    body, tail = parted([*blocks, *SIGNED])
    assert "".join(block.words for block in [*body, *tail[:-2]]) == "".join(block.words for block in blocks)
    assert tail[-2:] == SIGNED
    assert sum(len(block.words) for block in tail[:-2]) <= 400


@pytest.mark.parametrize("length", [60, 350, 1950])
@pytest.mark.parametrize("clauses", [1, 6, 14])
def test_signatures_never_stand_alone(length, clauses):
    """However long it is, the last page has the end of the last clause on it, and the number of the file."""
    items = [
        Item(f"{article(each + 1)}　" + "修好排水管并恢复原状。" * (length // 11) + f"履行方式：第{each}种")
        for each in range(clauses)
    ]
    blocks = [Text("各方责任", "各担一半。"), *items, Para("本协议自各方签名之日起生效。"), *SIGNED]
    last = pages_of(paper_pdf(Sheet("人民调解协议书", blocks, "（2026）宜和人调字第12号")))[-1]
    assert f"履行方式：第{clauses - 1}种" in last
    assert "被申请人（签名）" in last
    assert "（2026）宜和人调字第12号" in last


@pytest.fixture
def agreed(drafted, resident, neighbour):
    """In force since 23 November 2026, with numbers."""
    fill_in(drafted)
    number(drafted)
    for person in (resident, neighbour):
        sign(drafted, person)
    drafted.refresh_from_db()
    return drafted


def test_the_agreement_has_its_clauses_apart_and_numbered_in_words(agreed):
    text = text_of(paper_pdf(paper(agreed, "agreement").sheet))
    duties, _, clauses = text.partition("经调解，各方当事人自愿达成如下协议：")  # a page may end between
    assert "各方责任赵建国负责修理" in duties
    assert clauses.startswith("第一条赵建国修好空调排水管")
    assert "第1条" not in text
    assert "履行期限：2026年12月1日前（含当日）" in text


def test_the_agreement_names_each_party_in_full(agreed):
    text = text_of(paper_pdf(paper(agreed, "agreement").sheet))
    assert "申请人王秀英性别女民族汉族出生1968年1月1日" in text
    assert f"身份证号{IDS[0]}住址宜和佳苑3幢1单元301室" in text
    assert "被申请人赵建国性别男民族汉族出生1969年6月15日" in text
    assert "记录人（签名）孙伟" in text


def test_the_oral_register_names_each_party_and_has_the_seals_place(dispute, group_leader, resident, neighbour):
    fill_in(dispute)
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    text = text_of(paper_pdf(paper(dispute, "oral").sheet))
    assert "申请人王秀英性别女民族汉族出生1968年" in text
    assert "联系方式13800130002住址宜和佳苑3幢1单元401室" in text
    assert "第一条赵建国修好空调排水管" in text
    assert "记录人（签名）孙伟" in text
    assert "（印章）宜和社区人民调解委员会2026年11月23日" in text


def test_both_ask_the_court_with_the_clauses_and_the_true_last_day(agreed):
    text = text_of(paper_pdf(paper(agreed, "confirmation").sheet))
    assert "申请人王秀英性别女" in text
    assert "申请人赵建国性别男" in text
    assert "被申请人" not in text
    assert "第一条赵建国修好空调排水管" in text
    # Thirty days from 23 November, the starting day not counted: until the end of 23 December.
    assert "最迟申请日期：2026年12月23日（含当日）" in text


def test_the_court_is_not_asked_after_the_last_day(agreed, group_leader):
    def issue(at):
        return service.issue(case=agreed, code="confirmation", by=group_leader, at=at, verify_url="/")

    last_minute = datetime(2026, 12, 23, 23, 59, tzinfo=ZONE)
    assert issue(last_minute).number
    with pytest.raises(ValidationError, match="已超过三十日"):
        issue(last_minute + timedelta(minutes=1))


def test_minutes_say_who_was_away_who_wrote_and_what_came_of_it(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    applicant = Party.objects.get(side="applicant")
    meet(dispute, group_leader, present=[applicant], result="again")
    meet(dispute, group_leader, at=MONDAY + timedelta(days=1))
    first, second = (text_of(paper_pdf(paper(dispute, f"session-{each}").sheet)) for each in (1, 2))
    assert "记录人孙伟到场当事人申请人王秀英缺席当事人被申请人赵建国其他到场人无" in first
    assert "调解结果还没有达成一致，另约时间再谈。" in first
    assert "到场当事人申请人王秀英、被申请人赵建国缺席当事人无" in second
    assert "调解结果达成一致。" in second


def test_the_session_that_settled_it_names_the_agreement(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader, result="apart")
    settle(dispute, group_leader, resident, neighbour, at=MONDAY + timedelta(days=1))
    first, second = (text_of(paper_pdf(paper(dispute, f"session-{each}").sheet)) for each in (1, 2))
    assert "调解结果没有达成一致。申请人" in first
    assert "调解结果达成一致。2026年11月24日达成口头协议。" in second


def test_an_issued_paper_says_who_issued_it_and_when(agreed, group_leader):
    made = service.issue(case=agreed, code="session-1", by=group_leader, at=MONDAY, verify_url="/")
    assert f"文书编号{made.number}签发孙伟2026年11月23日" in text_of(made.content)


def described(case, by, side="respondent", **details):
    party = Party.objects.get(dispute=case.pk, side=side)
    parties.describe(party=party, by=by, at=MONDAY, agrees=True, **details)
    return Party.objects.get(pk=party.pk)


def test_year_and_sex_are_those_of_the_number(drafted, group_leader):
    party = described(drafted, group_leader, id_number=IDS[1])
    assert (party.birth_year, party.gender) == (1969, "1")


@pytest.mark.parametrize(
    ("details", "field", "words"),
    [
        ({"gender": "2"}, "gender", "身份证号里是男"),
        ({"birth_year": 1975}, "birth_year", "身份证号里是 1969 年"),
    ],
)
def test_a_number_that_contradicts_is_refused_at_the_field(drafted, group_leader, details, field, words):
    with pytest.raises(ValidationError) as refusal:
        described(drafted, group_leader, id_number=IDS[1], **details)
    assert words in refusal.value.message_dict[field][0]
    assert Party.objects.get(dispute=drafted.pk, side="respondent").id_number == ""


def test_a_number_against_the_day_of_birth_of_the_account(drafted, group_leader, neighbour):
    neighbour.birth_date = date(1969, 6, 16)
    neighbour.save()
    with pytest.raises(ValidationError) as refusal:
        described(drafted, group_leader, id_number=IDS[1])
    assert "与账号里的出生日期不符" in refusal.value.message_dict["id_number"][0]


def test_two_parties_do_not_share_a_number(drafted, group_leader):
    described(drafted, group_leader, side="applicant", id_number=IDS[0])
    with pytest.raises(ValidationError) as refusal:
        described(drafted, group_leader, id_number=IDS[0])
    assert "另一位当事人" in refusal.value.message_dict["id_number"][0]


def test_a_clause_added_later_is_numbered_on(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(
        dispute,
        group_leader,
        form="written",
        clauses=[ClauseSaid(f"第{each}件事", "上门", date(2026, 12, 1)) for each in range(12)],
    )
    assert "第十二条第11件事" in text_of(paper_pdf(paper(dispute, "agreement").sheet))
    assert Record(dispute).clauses[11].number == 12
