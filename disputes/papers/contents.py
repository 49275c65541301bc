"""What stands in each paper, and what is still missing for it. One pair of functions a paper."""

from datetime import datetime
from typing import Any

from disputes.guards.agreements import not_for_the_court
from disputes.models import Assent, Clause, Party, Session, Side, Source, Visit
from disputes.papers.record import Record, day, minute
from papers.sheet import Block, Fields, Hand, Item, Para, Seal, Signs, Table, Text
from web.period_ends import last_day
from web.text import article

RIGHTS = (
    "一、人民调解委员会依据《中华人民共和国人民调解法》调解民间纠纷，在当事人自愿、平等的基础上进行，不收取任何费用。",
    "二、当事人在调解中享有下列权利：（一）选择或者接受人民调解员；（二）接受调解、拒绝调解或者要求终止调解；"
    "（三）要求调解公开进行或者不公开进行；（四）自主表达意愿、自愿达成调解协议。",
    "三、当事人在调解中履行下列义务：（一）如实陈述纠纷事实；（二）遵守调解现场秩序，尊重人民调解员；"
    "（三）尊重对方当事人行使权利。",
    "四、人民调解员偏袒一方、侮辱当事人、索取收受财物或者泄露当事人个人隐私、商业秘密的，当事人可以要求更换并投诉。",
    "五、经调解达成的协议具有法律约束力，当事人应当按照约定履行。双方认为有必要的，可以自协议生效之日起三十日内共同向"
    "人民法院申请司法确认。",
    "六、调解不成的，可以依法通过仲裁、行政、司法等途径维护自己的权利，人民调解不妨碍当事人起诉。",
)
"""人民调解法 3, 4, 15, 23, 24, 26, 31, 33; told before it begins."""


AGREED = "经调解，各方当事人自愿达成如下协议："


def who(party: Party, *, with_id: bool = False, role: str = "") -> Block:
    """One party as a paper names it; `role`: what the paper calls them, else their side."""
    named = (role or party.get_side_display(), party.title)
    if party.organisation:
        rows = [[named, ("负 责 人", party.representative)], [("联系方式", party.phone)]]
    else:
        born = f"{party.birth_year}年" if party.birth_year else ""
        if with_id and party.id_number:
            born = day(party.birth_date)
        rows = [
            [named, ("性　　别", party.get_gender_display() if party.gender else "")],
            [("民　　族", party.ethnicity), ("出　　生", born)],
            [("职业职务", party.occupation), ("联系方式", party.phone)],
        ]
    if with_id and not party.organisation:
        rows.append([("身份证号", party.id_number)])
    rows.append([("住　　所" if party.organisation else "住　　址", party.address)])
    if party.guardian:
        rows.append([("监 护 人", party.guardian)])
    if party.agent:
        rows.append([("代 理 人", party.agent), ("代理人电话", party.agent_phone)])
    return Fields(rows)


def _blank_hands(parties: list[Party], role: str = "") -> list[Hand]:
    return [Hand(role or f"{party.get_side_display()}（签名）", party.title) for party in parties]


def was_asked_for(record: Record) -> bool:
    """By a party; what the mediators found themselves or was referred has the 受理登记表 alone."""
    return record.dispute.source in {Source.PARTY, Source.BOTH}


def application_missing(record: Record, part: Any) -> list[str]:
    return [] if record.dispute.wish else ["申请事项（希望怎么解决）"]


def application(record: Record, part: Any) -> list[Block]:
    """人民调解申请书 (17)."""
    others = [party for party in record.parties if party.side != Side.APPLICANT]
    return [
        *[who(party) for party in record.asks],
        # The other side's phone and address are theirs to give, not the applicant's paper to spread.
        *[Fields([[(party.get_side_display(), party.title)]]) for party in others],
        Text("纠纷简要情况", record.dispute.summary),
        Text("申请事项", record.dispute.wish),
        Para(f"特向{record.committee}申请予以调解。"),
        Signs([Hand("申请人（签名）", party.title, at=day(record.case.opened_at)) for party in record.asks]),
    ]


def registration_missing(record: Record, part: Any) -> list[str]:
    return [] if record.case.signed_at else ["还没有受理"]


def registration(record: Record, part: Any) -> list[Block]:
    """人民调解受理登记表."""
    dispute, case = record.dispute, record.case
    return [
        Fields(
            [
                [("登记日期", day(case.opened_at)), ("受理日期", day(case.signed_at))],
                [("纠纷类型", dispute.type.get_judicial_type_display()), ("事件类别", dispute.type.label)],
                [("案件来源", dispute.get_source_display()), ("难易程度", dispute.get_difficulty_display())],
                [
                    ("发生日期", day(dispute.occurred_on)),
                    ("发生地点", " ".join(filter(None, (case.place, dispute.place_note)))),
                ],
                [
                    ("涉及人数", f"{dispute.people_count or len(record.parties)}人"),
                    ("涉及金额", f"{dispute.amount}元" if dispute.amount else "无"),
                ],
            ]
        ),
        *[who(party) for party in record.parties],
        Text("纠纷简要情况", dispute.summary),
        Signs(_blank_hands(record.parties)),
        Signs([Hand("登记人", record.taken_on_by, at=day(case.signed_at))]),
        Seal(record.committee, day(case.signed_at)),
    ]


def nothing_missing(record: Record, part: Any) -> list[str]:
    return []


def rights(record: Record, part: Any) -> list[Block]:
    """人民调解当事人权利义务告知书 (23, 24)."""
    return [
        Para("　　".join(party.label for party in record.parties) + "："),
        *[Para(words) for words in RIGHTS],
        Para("以上内容已经阅读（或者已经向我宣读），我已明白。"),
        Signs(_blank_hands(record.parties)),
        Seal(record.committee, day(record.case.signed_at)),
    ]


def investigation_missing(record: Record, part: Any) -> list[str]:
    return [] if record.notes else ["还没有调查走访的工作记录"]


def investigation(record: Record, part: Any) -> list[Block]:
    """人民调解调查记录: what those who mediate found out, in their own words."""
    return [
        Fields(
            [
                [("纠纷", record.case.title), ("编号", record.case.number)],
                [("当事人", "、".join(p.label for p in record.parties))],
            ]
        ),
        *[
            Text(f"{minute(event.at)}　调查人：{event.by.name if event.by else ''}", event.remark.words)
            for event in record.notes
        ],
        Signs(
            [
                Hand("调查人（签名）", name)
                for name in dict.fromkeys(event.by.name for event in record.notes if event.by)
            ]
        ),
    ]


def session_record(record: Record, part: Session) -> list[Block]:
    """人民调解记录, of one session (27)."""
    came = set(part.present.all())
    there, away = ([party for party in record.parties if (party in came) is came_too] for came_too in (True, False))
    mediators = record.mediated(part)
    writer = part.recorded_by.name if part.recorded_by else ""
    return [
        Fields(
            [
                [("时　　间", minute(part.starts_at)), ("地　　点", part.where)],
                [("调 解 员", "、".join(mediators)), ("记 录 人", writer)],
                [("到场当事人", "、".join(party.label for party in there))],
                [("缺席当事人", "、".join(party.label for party in away) or "无")],
                [("其他到场人", part.others_present or "无")],
            ]
        ),
        Text("调解记录", part.record),
        Text("调解结果", _result(record, part)),
        Signs(_blank_hands(there)),
        Signs([Hand("调解员（签名）", name) for name in mediators] + [Hand("记录人（签名）", writer)]),
    ]


def _result(record: Record, session: Session) -> str:
    """As it was recorded, and the agreement that came of it."""
    words = f"{session.get_result_display()}。"
    made = record.came_of(session)
    return f"{words}{day(made.effective_at)}达成{made.get_form_display()}。" if made else words


def basic_missing(party: Party) -> list[str]:
    """当事人的基本情况 that a written agreement names (29)."""
    asked = (
        (("representative", "负责人"), ("address", "住址"))
        if party.organisation
        else (("gender", "性别"), ("birth_year", "出生年份"), ("address", "住址"))
    )
    return [f"{party.title}的{label}" for name, label in asked if not getattr(party, name)]


def may_be_written(record: Record) -> bool:
    return record.oral is None


def may_be_oral(record: Record) -> bool:
    return record.written is None


def agreement_missing(record: Record, part: Any) -> list[str]:
    """All of 人民调解法 29: who, what happened and who answers for it, what is to be done, how and by when; and that every
    party has signed this very text."""
    agreement = record.written
    if agreement is None:
        return ["还没有书面协议"]
    missing = [words for party in record.parties for words in basic_missing(party)]
    missing += [] if agreement.facts else ["主要事实和争议事项"]
    missing += [] if agreement.responsibilities else ["各方责任"]
    missing += [] if record.clauses else ["协议内容"]
    for clause in record.clauses:
        missing += [] if clause.how else [f"{article(clause.number)}的履行方式"]
        missing += [] if clause.deadline else [f"{article(clause.number)}的履行期限"]
    missing += [words for party in record.parties if (words := signature_missing(record, party))]
    return missing + ([] if record.mediators else ["调解员"])


def signature_missing(record: Record, party: Party) -> str:
    assent = record.assents.get(party.pk)
    if assent is None or assent.how == Assent.How.SPOKEN:
        return f"{party.title}的签名"
    signature = getattr(assent, "signature", None)
    if signature is None:
        return "" if assent.how == Assent.How.PAPER else f"{party.title}的签名"
    return (
        "" if signature.text_sha256 == record.text_sha256 else f"{party.title}的签名（签名后协议文本有改动，要重新签）"
    )


def _hand(record: Record, party: Party) -> Hand:
    """With the signature, if it stands under this very text."""
    assent = record.assents.get(party.pk)
    signature = getattr(assent, "signature", None)
    holds = signature is not None and signature.text_sha256 == record.text_sha256
    return Hand(
        f"{party.get_side_display()}（签名）",
        party.title,
        signature.picture if signature is not None and holds else b"",
        day(assent.at) if assent else "",
    )


def agreement(record: Record, part: Any) -> list[Block]:
    """人民调解协议书 (28, 29)."""
    made = record.written
    if made is None:
        return [Para("还没有书面协议。")]
    return [
        *[who(party, with_id=True) for party in record.parties],
        Text("纠纷主要事实、争议事项", made.facts),
        Text("各方责任", made.responsibilities),
        *_clauses(record),
        Para(
            "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效。本协议一式"
            f"{len(record.parties) + 1}份，当事人各执一份，人民调解委员会留存一份。"
        ),
        Signs([_hand(record, party) for party in record.parties]),
        Signs(
            [Hand("人民调解员（签名）", name) for name in record.mediators]
            + [Hand("记录人（签名）", made.drafted_by.name)]
        ),
        Seal(record.committee, day(made.effective_at)),
    ]


def _clauses(record: Record) -> list[Block]:
    return [Text(AGREED, ""), *[Item(_clause(clause)) for clause in record.clauses]]


def _clause(clause: Clause) -> str:
    """Until the end of the day that is named (民法典 1259: 以前 counts it)."""
    kept = f"履行方式：{clause.how}\n履行期限：{day(clause.deadline)}前（含当日）"
    return f"{article(clause.number)}　{clause.what}\n{kept}"


def oral_missing(record: Record, part: Any) -> list[str]:
    if record.oral is None:
        return ["还没有口头协议"]
    return [] if record.oral.effective_at else ["各方都确认协议"]


def oral(record: Record, part: Any) -> list[Block]:
    """人民调解口头协议登记表 (28, 30): written down by the mediator, filled in as the 协议书 is. It binds from when the
    parties agreed; the committee's seal says that it was registered."""
    made = record.oral
    if made is None:
        return [Para("还没有口头协议。")]
    return [
        *[who(party) for party in record.parties],
        Text("纠纷主要事实、争议事项", made.facts),
        Text("各方责任", made.responsibilities),
        *_clauses(record),
        Para(f"以上口头协议由各方当事人于{day(made.effective_at)}达成，自达成之日起生效，由人民调解委员会登记存档。"),
        Signs(
            [Hand("人民调解员（签名）", name) for name in record.mediators]
            + [Hand("记录人（签名）", made.drafted_by.name)]
        ),
        Seal(record.committee, day(made.effective_at)),
    ]


def confirmation_missing(record: Record, part: Any) -> list[str]:
    """司法确认: a written agreement in force, of matters the court confirms, with who asks (法释〔2011〕5号)."""
    made = record.written
    if made is None or made.effective_at is None:
        return ["生效的书面协议"]
    if made.confirm_by_at is None or made.confirm_by_at <= record.at:
        return ["申请的时间：协议生效已超过三十日，法院不再受理"]
    if refusal := not_for_the_court(made):
        return [refusal]
    people = [party for party in record.parties if not party.organisation]
    missing = [f"{party.title}的身份证号" for party in people if not party.id_number]
    return missing + [words for party in record.parties for words in basic_missing(party)]


def confirmation(record: Record, part: Any) -> list[Block]:
    """司法确认申请书 (人民调解法 33, 民事诉讼法 205): both together, within thirty days."""
    made = record.written
    if made is None:
        return [Para("还没有书面协议。")]
    return [
        *[who(party, with_id=True, role="申请人") for party in record.parties],
        Text("申请事项", f"请求确认申请人于{day(made.effective_at)}在{record.committee}主持下达成的人民调解协议有效。"),
        Text("事实和理由", made.facts),
        *_clauses(record),
        Para(
            "申请人承诺：出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害的，"
            "愿意承担相应的民事责任和其他法律责任。"
        ),
        Para(
            f"最迟申请日期：{_last(made.confirm_by_at)}（含当日）。随附：调解协议书、身份证明、与协议有关的财产权利证明。"
        ),
        Para("此致\n　　　　　　　　人民法院"),
        Signs([Hand("申请人（签名）", party.title) for party in record.parties]),
    ]


def _last(until: datetime | None) -> str:
    return day(last_day(until) if until else None)


def visit(record: Record, part: Visit) -> list[Block]:
    """人民调解回访记录 (31)."""
    kept = {
        clause.number: max(clause.performances.all(), key=lambda performance: performance.pk, default=None)
        for clause in record.clauses
    }
    return [
        Fields(
            [
                [("当 事 人", "、".join(party.label for party in record.parties))],
                [("协议编号", record.file_number)],
                [("回访事由", "协议履行情况"), ("回访日期", day(part.visited_at))],
            ]
        ),
        Table(
            ["条款", "履行期限", "履行情况"],
            [
                [
                    article(clause.number),
                    day(clause.deadline),
                    last.get_degree_display() if (last := kept[clause.number]) else "未登记",
                ]
                for clause in record.clauses
            ],
        ),
        Text("回访情况", part.words),
        Signs([Hand("回访人（签名）", part.visited_by.name, at=day(part.visited_at))]),
    ]
