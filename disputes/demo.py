"""A demonstration year of mediation to the published figures: 103 taken on, 99 concluded, 98 settled = 98.99 %. Every case
runs through the real services, each act at its own moment of 2026. Demonstration rows go with their cases."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.planting import planting
from cases.engine.turns import Given
from cases.limits.clock import ZONE
from cases.models import Case
from cases.services import act
from disputes.facts import facts_of_dispute
from disputes.guards.mediation import level_of
from disputes.models import Agreement, Assent, Dispute, DisputeType, Form, Guidance, Session, Side, Source
from disputes.services import agreements, keeping, levels, sessions
from disputes.services.agreements import ClauseSaid
from disputes.services.opening import PartySaid, Spot, open_dispute
from grids.models import Building, Grid, Level

TAKEN, CONCLUDED, SETTLED = 103, 99, 98
AT_GROUP, AT_BRANCH, AT_COMMUNITY = 71, 17, 9
"""Of the settled; the rest at the street."""
AT_ONCE = ("付医药费", "退还押金", "店家换新")
"""What was agreed to and done on the spot, so that an oral agreement was enough."""

# (type, what happened, what was agreed)
MATTERS = (
    ("0201", "楼上空调水滴到楼下阳台，说过几次没有修。", "楼上请师傅接好排水管"),
    ("0201", "楼道里堆放杂物，邻居出入不便。", "三天内清走楼道杂物，以后不再堆放"),
    ("0203", "晚上跳舞声音大，影响老人孩子休息。", "每晚九点前结束，音量调小"),
    ("0402", "停车位被占，和物业说了没有结果。", "物业重新划线，固定车位张贴车牌"),
    ("0401", "装修时弄坏了邻居家的水管。", "装修方修好水管，赔偿 800 元"),
    ("0202", "种的树枝伸进邻居院子，落叶堵了水沟。", "修剪树枝，共同清理水沟"),
    ("0103", "兄弟之间为老房子怎么分有争执。", "老房由长子居住，补给弟弟 30000 元"),
    ("0102", "几个子女轮流照顾老人，有人觉得不公平。", "每家照顾两个月，费用平摊"),
    ("0601", "在小店买的电器坏了，退换说不拢。", "店家换新，买家退回旧机"),
    ("0602", "租房押金退多少说不清。", "退还押金 1500 元"),
    ("0804", "借给朋友的钱到期没还。", "分三个月还清 6000 元"),
    ("0503", "电动车在小区里碰了一下，医药费谁出有争议。", "骑车人付医药费 460 元"),
    ("0507", "请人搬家时砸了手，医药费没有谈好。", "雇主付医药费 1200 元"),
    ("0303", "孩子打闹受了伤，两家大人起了口角。", "付医药费 350 元，互相道歉"),
    ("1203", "两户地界为一堵墙有争议。", "以旧墙中线为界，共同修墙"),
)


@dataclass(frozen=True)
class Plot:
    """How one demonstration case goes."""

    number: int
    settles_at: int | None
    """Level; None: not settled."""
    fails: bool = False
    is_public_security: bool = False


def plots() -> list[Plot]:
    levels_in_turn = [Level.GROUP] * AT_GROUP + [Level.ESTATE] * AT_BRANCH + [Level.COMMUNITY] * AT_COMMUNITY
    levels_in_turn += [Level.STREET] * (SETTLED - len(levels_in_turn))
    random.Random(98).shuffle(levels_in_turn)
    settled = [Plot(number, level, is_public_security=number % 9 == 4) for number, level in enumerate(levels_in_turn)]
    failed = [Plot(SETTLED + number, None, fails=True) for number in range(CONCLUDED - SETTLED)]
    open_ones = [Plot(CONCLUDED + number, None) for number in range(TAKEN - CONCLUDED)]
    return [*settled, *failed, *open_ones]


@planting()
def seed_disputes(*, every: int = 1) -> int:
    """Every `every`-th of the year. Returns how many were made: none when they are there already, or where there is no
    demonstration tree."""
    if Dispute.objects.exists() or not Building.objects.exists():
        return 0
    buildings = _buildings_by_community()
    people = list(User.objects.filter(posts=None).order_by("pk"))
    types = {kind.code: kind for kind in DisputeType.objects.select_related("parent")}
    chosen = list(zip(plots(), buildings, strict=False))[::every]
    for plot, building in chosen:
        _run(plot, building, people, types)
    return len(chosen)


def _buildings_by_community() -> list[Building]:
    """Doors of each community in turn, so that the year spreads over all twelve."""
    shelves: dict[int, list[Building]] = {}
    nodes = list(Grid.objects.filter(level=Level.COMMUNITY).order_by("lft"))
    for building in Building.objects.select_related("grid", "estate").order_by("pk"):
        community = next(node for node in nodes if node.covers(building.grid))
        shelves.setdefault(community.pk, []).append(building)
    turns = cycle(shelves.values())
    offsets = cycle(range(7))
    return [
        shelf[(next(offsets) * 3 + number // len(shelves)) % len(shelf)]
        for number, shelf in zip(range(TAKEN), turns, strict=False)
    ]


def _begin(number: int) -> datetime:
    """Spread over January to November; those still in hand began last."""
    day = datetime(2026, 1, 5, 9, 30, tzinfo=ZONE) + timedelta(days=number * 3, hours=number % 7)
    return min(day, datetime(2026, 11, 20, 9, 30, tzinfo=ZONE) + timedelta(hours=number % 7))


def _run(plot: Plot, building: Building, people: list[User], types: dict[str, DisputeType]) -> None:
    code, summary, clause = MATTERS[plot.number % len(MATTERS)]
    asker, other = people[plot.number % len(people)], people[(plot.number + 3) % len(people)]
    at = _begin(plot.number)
    case = open_dispute(
        spot=Spot.of(building.estate, building),
        type=types[code],
        summary=summary,
        parties=[PartySaid(Side.APPLICANT, person=asker), PartySaid(Side.RESPONDENT, person=other)],
        source=Source.POLICE if plot.is_public_security else Source.BOTH if plot.number % 3 else Source.PARTY,
        applicant=None if plot.is_public_security else asker,
        is_public_security=plot.is_public_security,
        submit_key=f"demo:{plot.number}",
        at=at,
    )
    for party in case.dispute.parties.filter(will="").select_related("person"):
        if party.person is not None:
            _draw(case, "consent", party.person, at + timedelta(hours=2))
    at += timedelta(hours=3)
    _draw(case, "accept", _leader(case), at)
    _draw(case, "name_mediators", _leader(case), at, mediators=[case.holder])
    if plot.settles_at is None and not plot.fails:
        return
    at = _talk(case, at, _result(plot, case))
    while level_of(case) > (plot.settles_at or 0):
        _draw(case, "hand_up", _leader(case), at, "这一级没有达成一致，请上一级继续。")
        at = _talk(case, at + timedelta(hours=20), _result(plot, case))
    if plot.fails:
        _end(case, at)
    else:
        _settle(case, clause, [asker, other], plot.number, at)


def _result(plot: Plot, case: Case) -> str:
    return Session.Result.AGREED if plot.settles_at == level_of(case) else Session.Result.APART


def _leader(case: Case) -> User:
    assert case.holder is not None, "open cases have a holder"
    return case.holder.person


def _draw(case: Case, verb: str, by: User, at: datetime, words: str = "", **more: object) -> None:
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(words), **more)


def _talk(case: Case, at: datetime, result: str) -> datetime:
    """A session the next morning, over tea; returns when it was over."""
    starts_at = at + timedelta(hours=18)
    sessions.plan_session(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        starts_at=starts_at,
        place=f"{case.place}邻里服务中心",
        is_tea_table=True,
    )
    sessions.record_session(
        case=case,
        by=_leader(case),
        at=starts_at + timedelta(hours=1),
        version=case.version,
        record="双方坐下来喝茶，各自说了难处，调解员讲了道理和法律规定。",
        result=result,
        present=facts_of_dispute(case).parties,
    )
    return starts_at + timedelta(hours=1)


def _end(case: Case, at: datetime) -> None:
    levels.terminate(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        given=Given("几次商谈差距仍然很大。"),
        ending="no_agreement",
        guidance=list(Guidance.objects.filter(name="向法院起诉")),
        gaps="演示数据，没有文书。",
    )


def _settle(case: Case, clause: str, people: list[User], number: int, at: datetime) -> None:
    is_at_once = any(words in clause for words in AT_ONCE)
    form = Form.ORAL if is_at_once else Form.WRITTEN
    how = "当场付清，当面点清" if is_at_once else "按期办好，办完告诉网格长"
    last = at + timedelta(days=0 if is_at_once else 3 if number % 2 else 10)
    agreement: Agreement = agreements.draft_agreement(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        form=form,
        facts=case.dispute.summary,
        responsibilities="双方各有不周到的地方，愿意各让一步。",
        clauses=[ClauseSaid(clause, how, localdate(last))],
    )
    for person in people:
        _assent(case, form, person, at + timedelta(hours=1))
    if number >= SETTLED - 6:
        return  # the latest are still to be kept
    at = last + timedelta(days=2)
    keeping.record_performance(
        case=case,
        by=_leader(case),
        at=at,
        version=case.version,
        given=Given(),
        clause=agreement.clauses.get(),
        degree="partly" if number % 25 == 7 else "done",
    )
    _draw(case, "visit", _leader(case), at, "回访双方，都说处得不错。")
    _draw(case, "rate", people[0], at + timedelta(hours=1), score=5 if number % 5 else 4)
    _draw(case, "archive", _leader(case), at + timedelta(days=1), "文书由当事人在纸上签名，原件装订存社区档案柜。")


def _assent(case: Case, form: str, person: User, at: datetime) -> None:
    """Oral ones are confirmed on the phone; written ones were signed on paper."""
    if form == Form.ORAL:
        _draw(case, "assent", person, at)
    else:
        party = next(party for party in facts_of_dispute(case).parties if party.person_id == person.pk)
        _draw(case, "record_assent", _leader(case), at, party=party, how=Assent.How.PAPER)
