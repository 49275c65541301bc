"""Demonstration topics, votes and covenants, through the services as neighbours would: the 户册 of 宜和佳苑, a topic in each
community, one voted on and carried out, one being voted on, a covenant in its second version. Registered with grids.demo
for taking away when the app is ready."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.limits.running import read_once
from cases.models import Case
from cases.services import act, move
from grids.models import Building, Grid, Level, Post
from meetings.covenants import services as covenants
from meetings.homes.roster import Row, has_home, write
from meetings.models import Matter, Topic, Version, Vote
from meetings.topics import services as topics
from meetings.votes import ballots, counts, urn
from meetings.votes import services as votes
from meetings.votes.quorum import Basis
from meetings.workflow import KIND
from notices.services import past_of_the_demonstration

ESTATE = "宜和佳苑"
HOMES = 24
NOTICE = timedelta(days=16)
"""Fifteen whole days, which owners are told of a vote before it opens, and what is left of the first."""
ASKED = (
    ("晾衣绳伸到路上，能不能统一装晾衣架", "路窄，衣服滴水，走路要绕。想在东边空地装一排晾衣架。"),
    ("小区门口的石墩能不能挪一挪", "轮椅和婴儿车过不去，挪开半米就好。"),
    ("楼下能不能留两个停车位给接送老人的车", "上下客没地方停，老人要走很远。"),
    ("广场舞音量和时间大家定一定", "有人要跳舞，有人要早睡，想坐下来一起定个时间。"),
)
CLAUSES = (
    "楼道不堆放杂物，消防通道保持畅通。",
    "电动车在车棚充电，不上楼、不飞线。",
    "养狗办证、牵绳，及时清理粪便。",
    "晚十点到早七点不装修、不大声喧哗。",
    "垃圾分类投放，定时定点。",
)
ADDED = "高空不抛物，阳台花盆摆在护栏内。"


@transaction.atomic
@read_once()
def seed_topics(*, at: datetime) -> int:
    """Returns how many topics were made: none when they are there already, or without a demonstration grid."""
    estate = Grid.objects.filter(name=ESTATE, level=Level.ESTATE).first()
    if estate is None or Case.objects.filter(kind=KIND).exists():
        return 0
    desks = {
        post.grid_id: post.person for post in Post.objects.filter(role="community_worker").select_related("person")
    }
    neighbours = list(User.objects.filter(posts=None, phone_index__gt="").order_by("pk")[:HOMES])
    _move_in(estate, neighbours, at)
    desk = desks[estate.parent_id]
    made = list(_asked(desks, neighbours, at))
    made.append(_voted(estate, desk, neighbours, at))
    made.append(_voting(estate, desk, neighbours, at))
    made.append(_secret(estate.parent, desk, neighbours, at))
    made += _covenant(estate, desk, neighbours, at)
    past_of_the_demonstration(before=at - timedelta(days=1))
    return len(made)


def _move_in(estate: Grid, neighbours: list[User], at: datetime) -> None:
    """A home each, two of them with a grown-up child."""
    buildings = list(Building.objects.filter(estate=estate).order_by("pk"))
    moved_in = at - timedelta(days=700)
    for n, person in enumerate(neighbours):
        building, door = buildings[n % len(buildings)], f"{n // len(buildings) + 1}0{n % 4 + 1}"
        area = Decimal(78 + 7 * (n % 6)) + Decimal("0.5")
        write(
            Row(building, door, area, person.name, person.phone, True, True, True, n % 8 == 0),
            estate=estate,
            at=moved_in,
        )


def _propose(grid: Grid, by: User, title: str, words: str, at: datetime) -> Topic:
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{grid.pk}:{title}")
    return topics.propose(grid=grid, title=title, words=words, by=by, at=at, submit_key=f"demo:{key}")


def _draw(topic: Topic, verb: str, by: User, at: datetime, words: str = "", **more: object) -> None:
    topic.case.refresh_from_db()
    act(case=topic.case, verb=verb, by=by, at=at, version=topic.case.version, given=Given(words), **more)
    topic.refresh_from_db()


def _adopted(grid: Grid, desk: User, title: str, words: str, matter: str, at: datetime) -> Topic:
    topic = _propose(grid, desk, title, words, at)
    _draw(topic, "adopt", desk, at, matter=Matter.objects.get(name=matter))
    return topic


def _asked(desks: dict[int | None, User], neighbours: list[User], at: datetime) -> Iterator[Topic]:
    """In each community one topic of its 小区: some look for co-signers, some are talked over, some are agreed and carried
    out."""
    communities = Grid.objects.current().filter(level=Level.COMMUNITY, pk__in=desks).order_by("lft")
    for n, community in enumerate(communities):
        estate = Grid.objects.current().filter(parent=community).order_by("lft").first()
        title, words = ASKED[n % len(ASKED)]
        proposed_at = at - timedelta(days=4 + n % 3, hours=n)
        topic = _propose(estate or community, neighbours[n % len(neighbours)], title, words, proposed_at)
        _cosign(topic, neighbours[n + 1 : n + 3], proposed_at + timedelta(hours=2))
        if n % 3:
            _talked_over(topic, desks[community.pk], neighbours[n + 3 :], proposed_at + timedelta(days=1), n % 3 == 2)
        yield topic


def _cosign(topic: Topic, people: list[User], at: datetime) -> None:
    """Each has bought a flat there, or would not count."""
    building = Building.objects.filter(estate=topic.case.grid).order_by("pk").first()
    for person in people:
        if building is not None and not has_home(person, topic.case.grid, at=at):
            door = f"{topic.cosigns.count() + 1}08"
            bought = Row(building, door, Decimal("89.5"), person.name, person.phone, False, True, True, False)
            write(bought, estate=topic.case.grid, at=at - timedelta(days=300))
        topics.cosign(topic=topic, person=person, at=at)


def _talked_over(topic: Topic, desk: User, others: list[User], at: datetime, is_agreed: bool) -> None:
    _cosign(topic, others[: topic.cosign_needed - topic.cosigns.count()], at)
    _draw(topic, "adopt", desk, at + timedelta(hours=1), matter=Matter.objects.get(name="邻里事务"))
    for person, words in zip(others, ("同意，越快越好。", "同意，最好先量一量尺寸。"), strict=False):
        topics.comment(topic=topic, person=person, words=words, at=at + timedelta(hours=2))
    if is_agreed:
        _draw(topic, "agree", desk, at + timedelta(hours=20), "大家都同意，由社区牵头办。")
        _carry(topic, desk, "上门量尺寸，定做法", at + timedelta(hours=21))


def _carry(topic: Topic, desk: User, task: str, at: datetime) -> Post:
    """Handed to the secretary of the place: 小区党支部 or community."""
    leads = {"role__in": ("branch_secretary", "community_secretary"), "grid": topic.case.grid}
    post: Post = Post.objects.held_at(at).select_related("person", "grid").get(**leads)
    _draw(topic, "hand_out", desk, at, post=post, what=task, by_date=localdate(at) + timedelta(days=30))
    return post


def _cast_all(vote: Vote, neighbours: list[User], noes: int, at: datetime) -> None:
    options = {option.words: option for option in vote.options.all()}
    for n, person in enumerate(neighbours):
        option = options[votes.NO if n < noes else next(iter(options))]
        for voter in votes.voices_of(vote, person)[:1]:
            votes.cast(voter=voter, option=option, at=at, receipt=ballots.new_receipt())


def _announce(topic: Topic, desk: User, question: str, basis: str, at: datetime, *, days: int, **more: object) -> Vote:
    """It opens at `at`, for so many days, and was made known in time."""
    told_at = at - (NOTICE if basis == Basis.OWNERS else timedelta())
    topic.case.refresh_from_db()
    return votes.announce(
        case=topic.case,
        by=desk,
        at=told_at,
        version=topic.case.version,
        given=Given(),
        question=question,
        proposals=more.pop("proposals", ["同意"]),
        basis=basis,
        opens_at=at,
        closes_at=at + timedelta(days=days),
        **more,
    )


def _count(topic: Topic, at: datetime) -> None:
    topic.case.refresh_from_db()
    counts.count(case=topic.case, by=None, at=at, version=None, given=Given())
    topic.refresh_from_db()
    topic.case.refresh_from_db()


def _open(topic: Topic, desk: User, slips: list[str], at: datetime) -> None:
    first, second = (slip for slip in map(urn.read_slip, slips[:2]) if slip)
    counts.open_urn(case=topic.case, by=desk, at=at, version=topic.case.version, slips=(first, second))
    topic.refresh_from_db()


def _voted(estate: Grid, desk: User, neighbours: list[User], at: datetime) -> Topic:
    """Passed last month, in the hands of the desk since."""
    began = at - timedelta(days=50)
    topic = _adopted(estate, desk, "动用维修资金修屋面", "顶楼雨天渗水，三家报修过。", "使用维修资金", began)
    vote = _announce(topic, desk, "动用维修资金 8.6 万元修 3 幢屋面", "owners", began + timedelta(days=17), days=8)
    _cast_all(vote, neighbours[: len(neighbours) * 5 // 6], 2, began + timedelta(days=19))
    _count(topic, began + timedelta(days=25))
    _carry(topic, desk, "招三家比价并公示", began + timedelta(days=27))
    return topic


def _voting(estate: Grid, desk: User, neighbours: list[User], at: datetime) -> Topic:
    """Open now: most have not voted yet."""
    topic = _adopted(
        estate, desk, "单元门装门禁", "外人随意进出，想装刷卡门禁。", "其他共有和共同管理事项", at - timedelta(days=20)
    )
    vote = _announce(
        topic, desk, "单元门装哪种门禁", "owners", at - timedelta(days=1), days=8, proposals=["刷卡门禁", "密码门禁"]
    )
    _cast_all(vote, neighbours[-6:], 0, at - timedelta(hours=5))
    return topic


def _secret(community: Grid, desk: User, neighbours: list[User], at: datetime) -> Topic:
    """A secret one of the residents' meeting that decided nothing: too few took part."""
    began = at - timedelta(days=12)
    topic = _adopted(
        community,
        desk,
        "社区广场夜间关灯时间",
        "灯太亮睡不着，关太早跳舞的人看不见。",
        "涉及全体居民利益的重要问题",
        began,
    )
    key, slips = urn.cut_keys()
    vote = _announce(
        topic,
        desk,
        "广场灯几点关",
        "adults",
        began + timedelta(days=2),
        days=5,
        proposals=["九点半", "十点"],
        urn_key=key,
        witnesses=[person.name for person in neighbours[-urn.WITNESSES :]],
    )
    _cast_all(vote, neighbours[: len(neighbours) // 3], 2, began + timedelta(days=3))
    _count(topic, began + timedelta(days=7))
    _open(topic, desk, slips, began + timedelta(days=7, hours=2))
    return topic


def _covenant(estate: Grid, desk: User, neighbours: list[User], at: datetime) -> list[Topic]:
    """In force for half a year; a second version is talked over clause by clause."""
    began, title = at - timedelta(days=200), f"{ESTATE}小区公约"
    matter = "小区公约（管理规约）"
    first = _adopted(estate, desk, "订立小区公约", "大家的事大家定。", matter, began)
    _draft(first, desk, title, CLAUSES, began + timedelta(days=1))
    vote = _announce(first, desk, "通过《宜和佳苑小区公约》", "owners", began + timedelta(days=18), days=10)
    _cast_all(vote, neighbours[1:], 1, began + timedelta(days=20))
    _count(first, began + timedelta(days=28))
    post = _carry(first, desk, "印出来贴到每个单元，报街道备案", began + timedelta(days=29))
    _finish(first, desk, post.person, began + timedelta(days=33))
    second = _adopted(
        estate, desk, "修改小区公约：管住高空抛物", "上个月有花盆掉下来。", matter, at - timedelta(days=6)
    )
    version = _draft(
        second,
        desk,
        title,
        (*CLAUSES[:3], CLAUSES[3].replace("十点", "九点半"), CLAUSES[4], ADDED),
        at - timedelta(days=5),
    )
    clause = version.clauses.get(number=4)
    topics.comment(
        topic=second, person=neighbours[2], words="九点半太早，夏天改十点吧。", at=at - timedelta(days=4), clause=clause
    )
    return [first, second]


def _draft(topic: Topic, desk: User, title: str, clauses: tuple[str, ...], at: datetime) -> Version:
    topic.case.refresh_from_db()
    return covenants.draft(
        case=topic.case, by=desk, at=at, version=topic.case.version, given=Given(), title=title, clauses=clauses
    )


def _finish(topic: Topic, desk: User, doer: User, at: datetime) -> None:
    """Its task is done, confirmed by the desk that asked for it, then the topic is."""
    case = topic.tasks.get().case
    move(case=case, verb="sign", by=doer, at=at - timedelta(days=3))
    move(case=case, verb="finish", by=doer, at=at - timedelta(days=2), given=Given("贴好了，也报备了。"))
    act(case=case, verb="confirm", by=desk, at=at - timedelta(days=1), version=case.version, given=Given())
    _draw(topic, "carried", desk, at, "每个单元都贴了公约。")
