"""Past mediations from a file of dialogues (JSON lines: event_type, event_description, disputing_parties, dialog), each run
through the services to the outcome its dialogue ends in; where that is not told, it stays open."""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.models import Case
from cases.services import act
from disputes.guards.mediation import COMMUNITY, level_of
from disputes.imports.endings import MEDIATOR, Ending, ending_of
from disputes.models import Assent, Dispute, DisputeType, Form, Guidance, Party, Session, Side, Source, Will
from disputes.services import agreements, levels, sessions
from disputes.services.agreements import MAX_CLAUSES, MAX_TEXT, ClauseSaid
from disputes.services.opening import MAX_SUMMARY, PartySaid, Spot, open_dispute
from disputes.services.sessions import MAX_RECORD
from grids.models import Grid
from web.text import shorten, tidy

CODES = {
    "劳资劳动纠纷": "0799",
    "家庭婚姻纠纷": "0101",
    "环境污染纠纷": "0504",
    "社区邻里纠纷": "0299",
    "经济债务纠纷": "0804",
    "治安刑事纠纷": "0303",
    "交通事故纠纷": "0503",
    "房产土地纠纷": "0499",
    "校园教育纠纷": "0501",
    "公司经营纠纷": "0699",
    "医疗健康纠纷": "0502",
    "消费旅游纠纷": "0601",
    "遗产继承纠纷": "0103",
}
PUBLIC_SECURITY = "治安刑事纠纷"
HELPERS = re.compile(
    "调解|工作人员|干部|民警|片警|书记|专家|律师|主任|代理人|翻译|所长|领导|妇联|知名人士|亲朋好友|有关人员|未提及|老干部|党员"
)
RESULTS = {
    Ending.AGREED: Session.Result.AGREED,
    Ending.FAILED: Session.Result.APART,
    Ending.UNKNOWN: Session.Result.UNKNOWN,
}
UNKNOWN = "导入的记录里看不出双方是否都同意了，请核对原卷后登记结果。"
ORGANISATION = re.compile("(公司|工厂|厂|医院|药房|局|幼儿园|学校|小学|家具城|商场|施工方|校方)$")
AT_ONCE = re.compile("当场|现场|一次性")
ITEM = re.compile(r"(?:^|(?<=[。；;：:\s]))\d{1,2}[.、．]\s*")


@dataclass
class Report:
    imported: int = 0
    known: int = 0
    settled: int = 0
    unknown: list[int] = field(default_factory=list)
    """Lines whose ending is not told: open, for somebody to say."""
    rejects: list[tuple[int, str]] = field(default_factory=list)


def import_mediations(
    *,
    path: Path,
    node: Grid,
    at: datetime,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """Each line a dispute at `node`; a second run adds nothing. A line that cannot be read is named with its reason."""
    report = Report()
    types = {kind.code: kind for kind in DisputeType.objects.select_related("parent")}
    for number, line in progress(list(_lines(path))):
        key = f"import:{path.name}:{number}"
        if Dispute.objects.filter(submit_key=key).exists():
            report.known += 1
            continue
        try:
            with transaction.atomic():
                ending = _import(json.loads(line), key, node, types, at)
        except (ValidationError, json.JSONDecodeError, KeyError) as refusal:
            words = "；".join(refusal.messages) if isinstance(refusal, ValidationError) else f"读不出：{refusal}"
            report.rejects.append((number, words))
            continue
        report.imported += 1
        report.settled += ending == Ending.AGREED
        if ending == Ending.UNKNOWN:
            report.unknown.append(number)
    return report


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())


def _import(row: dict[str, Any], key: str, node: Grid, types: dict[str, DisputeType], at: datetime) -> Ending:
    kind = types[CODES.get(row["event_type"], "99")]
    turns = [(str(turn["speaker"]), tidy(str(turn["text"])).strip("“”")) for turn in row["dialog"]]
    case = open_dispute(
        spot=Spot.of(node),
        type=kind,
        summary=_cut(row["event_description"], MAX_SUMMARY),
        parties=parties_of(str(row["disputing_parties"])),
        source=Source.OTHER,
        submit_key=key,
        at=at,
        is_public_security=row["event_type"] == PUBLIC_SECURITY,
    )
    for party in case.dispute.parties.order_by("pk"):
        _draw(case, "record_will", at, "当事人参加了调解。", party=party, will=Will.AGREES)
    _draw(case, "accept", at)
    _draw(case, "name_mediators", at, mediators=[case.holder])
    everybody = list(case.dispute.parties.order_by("pk"))
    record = _cut(
        "\n".join(f"{'调解员' if speaker == MEDIATOR else speaker}：{words}" for speaker, words in turns), MAX_RECORD
    )
    sessions.plan_session(case=case, by=_leader(case), at=at, version=case.version, starts_at=at, place=node.name)
    later = at + timedelta(hours=1)
    ending = ending_of([turn for turn in turns if _is_heard(turn[0], everybody)])
    sessions.record_session(
        case=case,
        by=_leader(case),
        at=later,
        version=case.version,
        record=record,
        result=RESULTS[ending],
        present=everybody,
    )
    if ending == Ending.AGREED:
        _settle(case, row, [words for _, words in turns], everybody, later)
    elif ending == Ending.FAILED:
        _fail(case, later)
    else:
        _draw(case, "note", later, UNKNOWN)
    return ending


def _is_heard(speaker: str, parties: list[Party]) -> bool:
    """Mediator and parties, also through somebody: "西平县电业公司有关人员", "俄罗斯商人（通过翻译）"."""
    bare = _bare(speaker)
    return speaker == MEDIATOR or not HELPERS.search(bare) or any(party.title in bare for party in parties)


def parties_of(names: str) -> list[PartySaid]:
    """ "魏某, 金某（某厂负责人）, 民警": the first asks, the second answers, others are third parties; who helps is none."""
    bare_names: list[str] = []
    for name in re.split("[,，、]\\s*", names):
        bare = _bare(name)
        if bare and bare not in bare_names and not HELPERS.search(bare):
            bare_names.append(bare)
    return [_party(name, index) for index, name in enumerate(bare_names)]


def _bare(name: str) -> str:
    return re.sub("（.*?）|\\(.*?\\)", "", name).strip()


def _party(name: str, index: int) -> PartySaid:
    side = (Side.APPLICANT, Side.RESPONDENT)[index] if index < 2 else Side.THIRD
    return PartySaid(side, organisation=name) if ORGANISATION.search(name) else PartySaid(side, name=name)


def clauses_of(turns: list[str], deadline: Any) -> list[ClauseSaid]:
    """The turn that says what was agreed, cut at its numbered items."""
    telling = [words for words in turns if re.search("协议|赔偿|支付|同意|补偿", words)]
    words = max(telling[-6:] or turns[-1:], key=len)
    parts = [item.strip() for item in ITEM.split(words) if item.strip()]
    # "协议如下：" is none of the items.
    items = parts[1:] if len(parts) > 1 and parts[0].endswith(("：", ":")) else parts
    how = "当场履行" if AT_ONCE.search(words) else "按约定履行"
    return [ClauseSaid(_cut(item, MAX_TEXT), how, deadline) for item in items[:MAX_CLAUSES]]


def _settle(case: Case, row: dict[str, Any], turns: list[str], everybody: list[Party], at: datetime) -> None:
    blame = next((words for words in turns if "责任" in words), "双方自愿协商，各自的责任见调解记录。")
    agreements.draft_agreement(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        form=Form.WRITTEN,
        facts=_cut(row["event_description"], MAX_TEXT),
        responsibilities=_cut(blame, MAX_TEXT),
        clauses=clauses_of(turns, localdate(at) + timedelta(days=30)),
    )
    for party in everybody:
        _draw(case, "record_assent", at, party=party, how=Assent.How.SPOKEN)


def _fail(case: Case, at: datetime) -> None:
    while level_of(case) > COMMUNITY:
        _draw(case, "hand_up", at, "没有达成一致，请上一级继续。")
    levels.terminate(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        given=Given("没有达成一致。"),
        ending="no_agreement",
        guidance=list(Guidance.objects.filter(is_active=True)[:1]),
        gaps="由表格导入，文书在原卷宗。",
    )


def _leader(case: Case) -> User:
    assert case.holder is not None, "open cases have a holder"
    return case.holder.person


def _draw(case: Case, verb: str, at: datetime, words: str = "", **more: Any) -> None:
    act(case=case, verb=verb, by=_leader(case), at=at, version=case.version, given=Given(words), **more)


def _cut(text: str, length: int) -> str:
    """Whole where it fits; else its beginning, line breaks given up."""
    text = tidy(text)
    return text if len(text) <= length else shorten(text, length)
