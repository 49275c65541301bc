"""卷宗: the thirteen entries in the field's order, each with what there is, and what is missing named."""

from collections.abc import Sequence

from django.utils.timezone import localtime

from accounts.privacy.holdings import KEEPINGS
from accounts.privacy.rights import days_of
from cases.models import Attachment
from disputes.models import Exhibit, IssuedPaper
from disputes.papers.kinds import DRAFT, Paper, papers_of
from disputes.papers.record import Record, day
from papers.pdf import file_pdf
from papers.sheet import Bound, Entry, Hand, Para, Picture, Sheet, Signs, Text
from web.stored_files import content_of

MANDATE, SESSIONS, AGREEMENT, COURT, SITUATION, BACK = 4, 7, 8, 11, 12, 13
EACH = frozenset({SESSIONS})
"""Of which every paper must be there, not one of them. An application to the court lies in the file only once it was made."""
HEADING = "人民调解卷宗"
EXHIBITS = {
    3: Exhibit.Entry.IDENTITY,
    4: Exhibit.Entry.MANDATE,
    6: Exhibit.Entry.EVIDENCE,
    9: Exhibit.Entry.RECEIPT,
    11: Exhibit.Entry.COURT,
}
"""Entries that hold what people bring."""
TITLES = {
    1: "申请书或受理登记表", 2: "权利义务告知书", 3: "当事人身份证明", 4: "授权委托书", 5: "调查记录", 6: "证据材料",
    7: "调解记录", 8: "调解协议书或口头协议登记表", 9: "履行凭证", 10: "回访记录", 11: "司法确认有关材料",
    12: "卷宗情况说明", 13: "封底",
}  # fmt: skip
REQUIRED = frozenset({1, 2, 3, 7, 8, 13})


def entries_of(record: Record) -> list[Entry]:
    """司法部 2010 通知 as used. Where no agreement was reached, entry 8 is not asked for."""
    kept = IssuedPaper.objects.filter(dispute=record.case.pk).exclude(file="")
    issued = {paper.code: paper for paper in kept.order_by("pk")}  # the last one issued is the one that holds
    papers = papers_of(record)
    entries = [_entry(number, record, papers, issued) for number in TITLES if number not in {SITUATION, BACK}]
    entries.append(_situation(record, entries))
    entries.append(Entry(BACK, TITLES[BACK], True, made_by_the_file=True))
    return entries


def _entry(number: int, record: Record, papers: Sequence[Paper], issued: dict[str, IssuedPaper]) -> Entry:
    """What was issued as it was issued; what is ready and was not, as the draft it is, which does not count."""
    own = [paper for paper in papers if paper.kind.entry == number]
    made = [issued[paper.code] for paper in own if paper.code in issued]
    drafts = [paper for paper in own if paper.code not in issued and not paper.missing and number != COURT]
    brought = _pictures(number, record)
    sheets: list[Sheet | Bound] = [
        *[Bound(paper.content) for paper in made],
        *[paper.sheet for paper in drafts],
        *brought,
    ]
    is_whole = bool(made or brought) and not (number in EACH and drafts)
    is_required = _is_required(number, record)
    return Entry(
        number,
        TITLES[number],
        is_required,
        sheets,
        _remark(made, drafts, record, number),
        is_missing=is_required and not is_whole,
    )


def _is_required(number: int, record: Record) -> bool:
    if number == AGREEMENT:
        return record.agreement is not None or not record.case.outcome
    if number == MANDATE:
        return any(party.agent for party in record.parties)
    return number in REQUIRED


def _remark(made: Sequence[IssuedPaper], drafts: Sequence[Paper], record: Record, number: int) -> str:
    if made:
        return "已签发 " + "、".join(paper.number for paper in made)
    if drafts:
        return DRAFT
    if number == AGREEMENT and record.agreement is None and record.case.outcome:
        return str(record.dispute.outcome_label)
    return ""


def _pictures(number: int, record: Record) -> list[Sheet]:
    """What was brought, a page each; photos the mediators took are evidence."""
    if number not in EXHIBITS:
        return []
    kept = record.exhibits.get(EXHIBITS[number], [])
    sheets = [Sheet(TITLES[number], [Picture(exhibit.picture, f"{day(exhibit.added_at)}收")]) for exhibit in kept]
    if number == 6:
        photos = Attachment.objects.filter(case=record.case).order_by("pk")
        sheets += [
            Sheet(TITLES[number], [Picture(content_of(photo.file), f"{day(photo.added_at)}拍摄上传")])
            for photo in photos
        ]
    return sheets


def _situation(record: Record, entries: Sequence[Entry]) -> Entry:
    """卷宗情况说明: needed when something is missing; it names what, and why it was put away without it, signed for."""
    missing = missing_of(record, entries)
    if not missing:
        return Entry(SITUATION, TITLES[SITUATION], False)
    made = record.put_away
    keeper = made.by.name if made and made.by else "、".join(record.mediators[:1])
    sheet = Sheet(
        TITLES[SITUATION],
        [
            Para("本卷有下列必须归档的文书或材料尚缺："),
            *[Text(title, words) for title, words in missing],
            *([Text("缺件原因", why)] if (why := record.why_incomplete) else []),
            Signs([Hand("立卷人（签名）", keeper, at=day(made.at) if made else "")]),
        ],
        record.file_number,
    )
    return Entry(SITUATION, TITLES[SITUATION], False, [sheet], "有缺件")


def missing_of(record: Record, entries: Sequence[Entry] | None = None) -> list[tuple[str, str]]:
    """(entry, why) of what must be in the file and is not."""
    entries = entries_of(record) if entries is None else entries
    papers = papers_of(record)
    return [(entry.title, _why(entry.number, papers)) for entry in entries if entry.is_missing]


def _why(number: int, papers: Sequence[Paper]) -> str:
    # Of two papers that can fill one entry the nearer one says what it lacks.
    reasons = [paper.missing for paper in papers if paper.kind.entry == number and paper.missing]
    best = min(reasons, key=len, default=[])
    if any(paper.kind.entry == number and not paper.missing for paper in papers):
        return "还没有签发"
    if best:
        return "缺：" + "、".join(best)
    return "还没有开过调解会" if number == SESSIONS else "还没有上传扫描件或照片"


def whole_file(record: Record) -> bytes:
    entries = entries_of(record)
    return file_pdf(
        title=f"{HEADING} {record.case.number}",
        heading=HEADING,
        cover=_cover(record),
        entries=entries,
        note=_note(entries),
    )


def _note(entries: Sequence[Entry]) -> str:
    missing = [entry.title for entry in entries if entry.is_missing]
    return f"缺：{'、'.join(missing)}。原因见卷宗情况说明。" if missing else ""


def _cover(record: Record) -> list[tuple[str, str]]:
    case = record.case
    ended = day(case.finished_at) if case.finished_at else "　　"
    return [
        ("卷　　名", case.title),
        ("卷　　号", record.file_number),
        ("当 事 人", "、".join(party.title for party in record.parties)),
        ("调委会", record.committee),
        ("人民调解员", "、".join(record.mediators)),
        ("调解日期", f"{day(case.opened_at)} 至 {ended}"),
        ("立 卷 人", record.mediators[0] if record.mediators else ""),
        ("立卷日期", day(case.closed_at) if case.closed_at else "　　"),
        ("保管期限", _kept(record)),
        ("备　　注", f"{localtime(case.opened_at).year} 年度"),
    ]


def _kept(record: Record) -> str:
    """As long as staff set it: longer where a written agreement is in force."""
    is_written = record.written is not None and record.written.effective_at is not None
    code = "dispute_written" if is_written else "dispute_other"
    days = next(days_of(keeping) for keeping in KEEPINGS if keeping.code == code)
    return f"{round(days / 365)} 年"
