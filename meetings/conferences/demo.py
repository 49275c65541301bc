"""Demonstration of 联席会议 and 一杯茶, through the services. As published: 凤嘴社区's 大党委 held a flood-prevention joint conference
with its co-building units; what is said here is made up. Each 议事点 gets its latest talks."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.models import Case
from cases.services import act
from grids.models import Grid, Pairing, Place, PlaceKind, Post, Unit, UnitKind
from grids.units.services import pair, register_unit
from meetings.conferences import proceedings
from meetings.conferences import services as conferences
from meetings.models import Conference, Resolution, TeaTalk
from meetings.tea_talks import services as tea_talks
from meetings.tea_talks.services import Agreement

COMMUNITY = "凤嘴社区"
UNITS = (
    ("县自来水公司（演示）", UnitKind.OFFICE),
    ("县供电公司（演示）", UnitKind.OFFICE),
    ("政和蓝天救援队（演示）", UnitKind.SOCIETY),
)
FLOOD_AGENDA = ("低洼楼栋和独居老人怎么排查", "沙袋、排水泵谁来备、放在哪里", "谁来转移、怎么演练")
# words, whose post, unit (by its place in UNITS), days until it is to be done
RESOLUTIONS = (
    ("排查低洼楼栋与独居老人名单", "branch_secretary", None, 12),
    ("备足沙袋与排水泵", "community_worker", 0, 30),
    ("组建应急转移分队并演练", "community_worker", 2, 75),
)
# subject, outcome, what was agreed ("" nothing), how it was talked about
TALKS = (
    ("楼道堆放电动车", "agreed", "楼下装充电桩，楼道清空", "两户各让一步，物业出一半钱。"),
    ("广场舞音量", "agreed", "晚上九点前收音箱", "跳舞的和楼上老人一起商量，定在九点。"),
    ("小区停车位不够", "topic", "", "意见不一，需共同协商。"),
    ("旧水管漏水", "handed_up", "", "要换主管，小区自己换不了。"),
    ("绿化带种菜", "continued", "", "下次请种菜的几户都来。"),
    ("垃圾桶摆放位置", "agreed", "桶挪到小区东门边", "一楼住户同意，保洁员跟着改时间。"),
)
A_TABLE = (3, 4)
"""How many talks, by turns."""


def seed_councils(*, at: datetime) -> int:
    """Returns how many conferences and talks were made: none when they are there already, or where there are no 议事点."""
    tables = list(Place.objects.filter(kind=PlaceKind.TEA_TABLE).select_related("grid").order_by("pk"))
    if not tables or TeaTalk.objects.exists():
        return 0
    with transaction.atomic():
        talks = sum(_talks(table, turn, at) for turn, table in enumerate(tables))
        community = next((table.grid for table in tables if table.grid.name == COMMUNITY), None)
        held = _conferences(community, at) if community is not None else 0
    return talks + held


def _posts(grid: Grid, role: str, at: datetime) -> list[Post]:
    """Demonstration posts of this role there and below."""
    area = Grid.objects.in_area([grid]).order_by()
    posts = Post.objects.held_at(at).filter(role=role, grid__in=area)
    return list(posts.select_related("person", "grid").order_by("grid__lft", "pk"))


def _node(post: Post) -> Grid:
    assert post.grid is not None, "these roles sit on a node"
    return post.grid


# --- 一杯茶 ----------------------------------------------------------------------------------------------------------


def _talks(table: Place, turn: int, at: datetime) -> int:
    """A week apart, the last one yesterday; each led by a group leader, done by a grid leader."""
    leaders = _posts(table.grid, "group_leader", at)
    count = A_TABLE[turn % len(A_TABLE)]
    for back in range(count):
        subject, outcome, what, words = TALKS[(turn + back) % len(TALKS)]
        leader = leaders[back % len(leaders)]
        holder = _posts(_node(leader), "grid_leader", at)[0]
        held_at = _at_four(at, days=-1 - 7 * back)
        by_date = localdate(at) + timedelta(days=9)
        talk = tea_talks.record(
            key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-tea:{table.pk}:{back}"),
            grid=_node(holder),
            place=table,
            held_at=held_at,
            people_count=4 + (turn + back) % 6,
            subject=subject,
            outcome=outcome,
            discussion=words,
            present="（演示）住户、物业和网格长",
            by=leader.person,
            at=held_at + timedelta(minutes=40),
            agreed=[Agreement(what, holder, by_date)] if what else [],
        )
        for agreed in talk.agreed.all():
            _carry_on(agreed.case, holder.person, leader.person, talk.recorded_at, steps=back + 1, now=at)
    return count


def _carry_on(case: Case, holder: User, asker: User, at: datetime, *, steps: int, now: datetime) -> None:
    """What its people did with a task since: the longer ago, the further it is. Not signed for; signed; finished, just now;
    confirmed."""
    done = (
        ("sign", holder, "", at + timedelta(hours=1)),
        ("finish", holder, "办好了，请看看", now - timedelta(hours=20) if steps == 3 else at + timedelta(days=2)),
        ("confirm", asker, "", at + timedelta(days=3)),
    )
    for verb, by, words, moment in done[: steps - 1]:
        _draw(case, verb, by, words, moment)


def _draw(case: Case, verb: str, by: User, words: str, at: datetime) -> None:
    case.refresh_from_db()
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(words))


def _at_four(at: datetime, *, days: int) -> datetime:
    day = localdate(at) + timedelta(days=days)
    return datetime.combine(day, time(16), get_current_timezone())


# --- 联席会议 --------------------------------------------------------------------------------------------------------


def _conferences(community: Grid, at: datetime) -> int:
    """One held, one held after it that followed its resolutions up, one to come."""
    host = _posts(community, "community_secretary", at)[0].person
    first = _call("防汛联席会议", FLOOD_AGENDA, community, host, _at_four(at, days=-35), _at_four(at, days=-42))
    units = _reported(community, first.called_at)
    _invite(first, units, host, first.called_at)
    made = _hold_first(first, community, units, host)
    second = _call(
        "防汛工作推进会",
        ("上次决议办得怎么样", "汛期值班"),
        community,
        host,
        _at_four(at, days=-7),
        _at_four(at, days=-14),
    )
    _invite(second, units, host, second.called_at)
    _hold_second(second, made, host)
    coming = _call(
        "冬春安全和共建项目联席会议",
        ("应急转移演练安排", "春节前走访慰问", "明年共建项目"),
        community,
        host,
        _at_four(at, days=6),
        at - timedelta(days=1),
    )
    _invite(coming, units, host, coming.called_at)
    police = coming.invitations.filter(invited_as="post").select_related("conference__grid").first()
    if police is not None and police.person is not None:
        conferences.answer(invitation=police, by=police.person, answer="yes", at=at - timedelta(hours=2))
    return Conference.objects.count()


def _call(
    title: str, agenda: Sequence[str], community: Grid, host: User, from_at: datetime, called_at: datetime
) -> Conference:
    return conferences.call(
        title=title,
        grid=community,
        agenda=agenda,
        from_at=from_at,
        until_at=from_at + timedelta(minutes=90),
        by=host,
        at=called_at,
        where=f"{community.name}党群服务中心三楼",
    )


def _reported(community: Grid, at: datetime) -> list[Unit]:
    """Units that take part in it, reported to it the day before."""
    units = []
    for name, kind in UNITS:
        unit = Unit.objects.filter(name=name).first() or register_unit(name=name, kind=kind)
        if not Pairing.objects.filter(unit=unit, grid=community, until_at=None).exists():
            pair(unit=unit, grid=community, at=at - timedelta(days=1))
        units.append(unit)
    return units


def _invite(conference: Conference, units: list[Unit], host: User, at: datetime) -> None:
    """The units through residents who work there, the police, who leads the estates, and two residents."""
    residents = list(User.objects.filter(posts=None, phone_index__gt="").order_by("pk")[:5])
    for number, unit in enumerate(units):
        person = residents[2 + number] if number < 2 and len(residents) > 2 + number else None
        conferences.invite_unit(conference=conference, unit=unit, person=person, by=host, at=at)
    for role in ("police_officer", "branch_secretary", "community_worker"):
        for post in _posts(conference.grid, role, at)[:1]:
            conferences.invite_post(conference=conference, post=post, by=host, at=at)
    for person in residents[:2]:
        conferences.invite_resident(conference=conference, person=person, by=host, at=at)


def _hold_first(conference: Conference, community: Grid, units: list[Unit], host: User) -> list[Resolution]:
    at = conference.from_at + timedelta(minutes=60)
    _attend(conference, host, at)
    made = []
    for words, role, unit, days in RESOLUTIONS:
        post = _posts(community, role, at)[0]
        made.append(
            proceedings.resolve(
                conference=conference,
                words=words,
                post=post,
                by_date=localdate(at) + timedelta(days=days),
                by=host,
                at=at,
                unit=None if unit is None else units[unit],
            )  # fmt: skip
        )
    minutes = "大党委成员、共建单位、社区民警和居民代表到会。会上通报了去年汛期积水的位置，逐项商定分工。"
    proceedings.close(conference=conference, minutes=minutes, by=host, at=at + timedelta(minutes=20))
    return made


def _attend(conference: Conference, host: User, at: datetime) -> None:
    """All but the last one invited came."""
    came = list(conference.invitations.order_by("pk").values_list("pk", flat=True))[:-1]
    proceedings.take_attendance(conference=conference, came=dict.fromkeys(came, ""), by=host, at=at)


def _hold_second(conference: Conference, made: list[Resolution], host: User) -> None:
    """The first was done and confirmed meanwhile, the second is confirmed on the spot, the third is still running."""
    names, sandbags, drill = (resolution.case for resolution in made)
    since, just_before = made[0].made_at, conference.from_at - timedelta(days=1)
    for case in (names, sandbags, drill):
        _draw(case, "sign", _holder(case), "", since + timedelta(hours=1))
    _draw(names, "finish", _holder(names), "名单 46 户，已入户核对", since + timedelta(days=9))
    _draw(names, "confirm", host, "", since + timedelta(days=10))
    _draw(sandbags, "finish", _holder(sandbags), "沙袋 300 只、排水泵 4 台入库", just_before)
    _draw(drill, "progress", _holder(drill), "队员报名中，已有 18 人", just_before)
    at = conference.from_at + timedelta(minutes=40)
    _attend(conference, host, at)
    reviews = (
        ("名单交给各网格，按名单包户。", ""),
        ("现场看过，够用，放在邻里中心仓库。", "confirm"),
        ("分队已组建，演练要抓紧。", ""),
    )
    for resolution, (words, verb) in zip(made, reviews, strict=True):
        resolution.case.refresh_from_db()
        proceedings.review(conference=conference, resolution=resolution, words=words, verb=verb, by=host, at=at)
    minutes = "三项决议逐项回顾，物资到位，应急演练继续推进。"
    proceedings.close(conference=conference, minutes=minutes, by=host, at=at + timedelta(minutes=30))


def _holder(case: Case) -> User:
    assert case.holder is not None, "a task that was handed out has a holder"
    return case.holder.person
