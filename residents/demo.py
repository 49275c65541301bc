"""A demonstration year of requests, each through the services and each act at its own moment: most answered in time and
rated, some late, sent back, done again, left unrated, declined, a few in hand. They go with the demonstration's cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from accounts.models import User
from cases.categories import paths as categories
from cases.engine.planting import planting
from cases.engine.routing import desk
from cases.engine.turns import Given
from cases.escalation import sweep
from cases.limits.clock import Limit, Unit, add
from cases.limits.running import calendar_around
from cases.models import Case
from cases.services import act, route
from grids.models import Building, Post
from grids.rights.jurisdiction import candidates_for
from notices.services import past_of_the_demonstration
from residents.models import Channel, Request
from residents.services import Place, submit_request

REQUESTS = 160
DAYS = 320
"""Before today, over which they spread."""

# (category, what the resident says, what was done)
MATTERS = (
    ("公共设施/照明", "楼道灯坏了，晚上老人上下楼看不见。", "换了声控灯，试过能亮。"),
    ("环境卫生/垃圾清运", "垃圾桶满了两天没人收，味道很大。", "当天清运，加了一个桶。"),
    ("环境卫生/污水管道", "一楼下水道反水，流到门口了。", "疏通了管道，冲洗了地面。"),
    ("公共设施/道路", "单元门口的砖松了，下雨一踩一身泥。", "重新铺了砖。"),
    ("物业管理/停车充电", "电动车飞线充电，太危险。", "拆了飞线，在车棚装了充电插座。"),
    ("物业管理/电梯", "电梯时常停在三楼不动。", "维保单位换了门锁触点，运行正常。"),
    ("水电气热", "水压太低，四楼洗不了澡。", "自来水公司清洗了滤网，水压恢复。"),
    ("公共安全", "消防通道被车堵住。", "车主已挪车，划了黄线。"),
    ("噪声扰民", "楼下烧烤店半夜还很吵。", "店家答应十点收摊，装了隔音帘。"),
    ("民政养老", "邻居老人独居，想请人常去看看。", "网格员每周上门两次，已结对。"),
    ("咨询建议", "想问高龄补贴怎么领。", "当面说明了条件，帮老人递了材料。"),
)
SCORES = (5, 5, 4, 5, 4, 3, 5, 2, 4, 5, 5, 3)
"""Of those who rate, in turn."""


@dataclass(frozen=True)
class Turn:
    """What becomes of one request."""

    is_late: bool = False
    is_sent_back: bool = False
    is_redone: bool = False
    ends: str = "rate"
    """rate, lapse (nobody rates), decline, hand (still in hand)."""


def turns() -> Iterator[Turn]:
    """Every eighth is late, every tenth sent back, every twelfth done again, every fifth left unrated; the last eight are
    in hand."""
    for number in range(REQUESTS):
        if number >= REQUESTS - 8:
            yield Turn(ends="hand")
        elif number % 31 == 30:
            yield Turn(ends="decline")
        else:
            yield Turn(
                is_late=number % 8 == 3,
                is_sent_back=number % 10 == 6,
                is_redone=number % 12 == 5,
                ends="lapse" if number % 5 == 4 else "rate",
            )


@planting()
def seed_requests(*, at: datetime, every: int = 1) -> int:
    """Every `every`-th of the year. Returns how many were made: none when they are there already, or where there is no demonstration tree.

    To be called before other cases of the demonstration are opened, for the sweep that finds the late ones would find
    theirs as well."""
    buildings = list(Building.objects.select_related("grid", "estate").order_by("pk"))
    if Request.objects.exists() or not buildings:
        return 0
    people = list(User.objects.filter(posts=None).order_by("pk"))
    named = categories.in_use(kind="request")
    channel = Channel.objects.order_by("pk").first()
    step, scores = timedelta(days=DAYS) / REQUESTS, cycle(SCORES)
    chosen = list(enumerate(turns()))[::every]
    for number, turn in chosen:
        begins_at = _in_the_morning(at - timedelta(days=DAYS) + number * step)
        if turn.ends == "hand":
            begins_at = at - timedelta(hours=3 * (REQUESTS - number))
        path, words, result = MATTERS[number % len(MATTERS)]
        building, asker = buildings[number * 7 % len(buildings)], people[number % len(people)]
        assert building.grid is not None, "chosen among those of a grid"
        case = submit_request(
            asker=asker,
            place=Place(building.grid, building),
            words=words,
            category=named.get(path),
            submit_key=f"demo:{number}",
            at=begins_at,
        )
        _run(case, turn, asker, result, next(scores), begins_at, channel)
    past_of_the_demonstration(before=at - timedelta(days=1))
    return len(chosen)


def _in_the_morning(day: datetime) -> datetime:
    """The first working morning from then on."""
    calendar = calendar_around(day)
    working = next(calendar.working_days_from(day.date()))
    return next(calendar.shifts_on(working))[0] + timedelta(minutes=10 + day.minute)


def _run(case: Case, turn: Turn, asker: User, result: str, score: int, at: datetime, channel: Channel | None) -> None:
    at += timedelta(minutes=2)
    route(case_id=case.pk, at=at)
    case.refresh_from_db()
    if turn.ends == "decline" and channel is not None:
        _draw(
            case,
            "decline",
            desk(case.grid, at=at).person,
            at + timedelta(hours=1),
            "不属于社区办理的事，请走专门渠道。",
            channel=channel,
        )
        sweep(at=_due(case) + timedelta(minutes=1))
        return
    if turn.is_sent_back:
        at += timedelta(minutes=30)
        _draw(case, "send_back", _holder(case), at, "不在我的网格，请改派。")
        at += timedelta(minutes=30)
        _draw(case, "dispatch", _holder(case), at, post=_above_the_grid(case, at))
    at = _due(case) + timedelta(minutes=1) if turn.is_late else at + timedelta(minutes=40)
    if turn.is_late:
        sweep(at=at)
        case.refresh_from_db()
    _draw(case, "sign", _holder(case), at)
    if turn.ends == "hand":
        return
    at = _later(at, 9)
    _draw(case, "finish", _holder(case), at, result)
    if turn.is_redone:
        _draw(case, "redo", asker, at + timedelta(hours=2), "过了一天又不行了。")
        at = _later(at, 5)
        _draw(case, "finish", _holder(case), at, "又去看了一次，换了新的。")
    if turn.ends == "lapse":
        sweep(at=_due(case) + timedelta(minutes=1))
        return
    _draw(case, "rate", asker, at + timedelta(hours=5), score=score, is_solved=score > 2)


def _later(at: datetime, hours: int) -> datetime:
    """So many working hours later."""
    return add(calendar_around(at), at, Limit(hours, Unit.WORK_HOUR))


def _due(case: Case) -> datetime:
    assert case.due_at is not None, "open cases have a limit"
    return case.due_at


def _draw(case: Case, verb: str, by: User, at: datetime, words: str = "", **more: object) -> None:
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(words), **more)


def _holder(case: Case) -> User:
    assert case.holder is not None, "open cases have a holder"
    return case.holder.person


def _above_the_grid(case: Case, at: datetime) -> Post:
    """Whoever leads the party group of its grid: it was more than one grid's matter."""
    return candidates_for(case.grid, roles=frozenset({"group_leader"}), at=at)[0]
