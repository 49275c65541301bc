"""Services of the demonstration, each through the services as it happened: 532 that are done, what they solved, and a few
under way."""

import random
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.models import Category
from grids.models import Grid, Post
from notices.services import past_of_the_demonstration
from volunteers.models import Need
from volunteers.services import adoption, lists, orders, visits

SERVICES, PROBLEMS, URGENT = 532, 135, 156
PROJECTS = 12
TITLES = {
    "探访陪伴": "陪独居老人聊天", "代办跑腿": "代买药、代缴费", "理发助浴": "上门理发", "放学看护": "放学后看护孩子",
    "课业辅导": "辅导小学作业", "水电维修": "修水管、换灯", "家电家具": "修洗衣机", "测量护理": "量血压、换药",
    "心理疏导": "陪着说说心事", "法律咨询": "看看租房合同", "清洁整治": "清理楼道杂物", "巡逻值守": "夜间巡逻",
    "手机教学": "教用手机挂号", "文艺活动": "教唱社区合唱",
}  # fmt: skip
DONE = "服务做完了，家里都好。"


def seed(*, people: list[User], estates: list[Grid], chance: random.Random, at: datetime, every: int) -> None:
    """Spread over the last half year, morning to evening; `every` 1 is all of them, 2 every other one."""
    holders = {post.grid_id: post for post in Post.objects.filter(role="community_worker").select_related("person")}
    askers = list(User.objects.filter(posts=None, volunteer=None).order_by("pk"))
    kinds = list(Category.objects.filter(kind="service", name__in=TITLES).order_by("pk"))
    morning = at.replace(hour=1, minute=0, second=0, microsecond=0)
    for serial in range(0, SERVICES, every):
        estate, kind = estates[serial % len(estates)], kinds[serial % len(kinds)]
        worker = holders[estate.parent_id].person
        begins_at = morning - timedelta(days=5 + serial % 170, hours=-chance.randrange(0, 9))
        need = (
            _note(serial, estate, kind, worker, begins_at - timedelta(days=2)) if serial < PROBLEMS + URGENT else None
        )
        _serve(
            estate,
            kind,
            need,
            worker=worker,
            helper=people[serial % len(people)],
            asker=askers[serial % len(askers)],
            begins_at=begins_at,
            minutes=chance.choice((65, 90, 125, 185)),
            score=chance.choice((5, 5, 5, 4, 4, 3)),
        )
        if need is not None:
            _solve(serial, need, worker, begins_at + timedelta(hours=7))
    past_of_the_demonstration(before=at - timedelta(days=1))
    _begin_some(estates, holders, kinds, askers, people, at)


def _note(serial: int, estate: Grid, kind: Category, worker: User, at: datetime) -> Need:
    """Each solved need was met by a service of its own: 135 problems, then 156 urgent matters."""
    return lists.note_need(
        source="visit",
        grid=estate,
        title=TITLES[kind.name],
        category=kind,
        urgency="normal" if serial < PROBLEMS else "urgent",
        people_count=1 + serial % 5,
        by=worker,
        at=at,
    )


def _serve(
    estate: Grid,
    kind: Category,
    need: Need | None,
    *,
    worker: User,
    helper: User,
    asker: User,
    begins_at: datetime,
    minutes: int,
    score: int,
) -> None:
    """Asked two days before, taken the evening before, rated three hours after."""
    case = orders.open_order(
        title=TITLES[kind.name],
        grid=estate,
        place=estate.name,
        category=kind,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=4),
        by=worker,
        at=begins_at - timedelta(days=2),
        asker=asker,
        need=need,
    )
    orders.offer(case=case, people=[helper], by=worker, at=begins_at - timedelta(days=1))
    orders.accept(case=case, by=helper, at=begins_at - timedelta(hours=20))
    visits.check_in(case=case, by=helper, at=begins_at, code=case.service.door_code)
    left_at = begins_at + timedelta(minutes=minutes)
    visits.check_out(case=case, by=helper, at=left_at, given=Given(DONE))
    visits.rate(
        case=case,
        by=asker,
        at=left_at + timedelta(hours=3),
        version=case.version,
        given=Given(),
        score=score,
        is_solved=True,
    )


def _solve(serial: int, need: Need, worker: User, at: datetime) -> None:
    """Some of the needs were taken on as a project by the estate's stewards, and end with it."""
    if serial >= PROJECTS:
        lists.end_need(need=need, state=Need.State.SOLVED, by=worker, at=at)
        return
    team = need.grid.teams.filter(kind="steward").select_related("leader").first()
    project = adoption.adopt(
        needs=[need],
        name=f"{need.grid.name}{need.category.name}",
        team=team,
        plan="每周固定一天，由小区管家轮流上门。",
        from_date=localdate(at),
        until_date=localdate(at) + timedelta(days=30),
        by=worker,
        at=at,
    )
    adoption.agree(project=project, by=team.leader, at=at)
    lists.publish(project=project, is_public=True)
    lists.finish_project(project=project, by=worker, at=at, result="已回应全部需求，转为经常性服务。")


def _begin_some(
    estates: list[Grid],
    holders: dict[int | None, Post],
    kinds: list[Category],
    askers: list[User],
    people: list[User],
    at: datetime,
) -> None:
    """One to dispatch, one offered, one taken: through the services, as they will go on."""
    for serial, asked in enumerate(((), people[1:3], people[2:3])):
        estate = estates[serial]
        worker = holders[estate.parent_id].person
        begins = at + timedelta(days=2 + serial)
        case = orders.open_order(
            title=TITLES[kinds[serial].name],
            grid=estate,
            place=estate.name,
            category=kinds[serial],
            begins_at=begins,
            ends_at=begins + timedelta(hours=2),
            by=worker,
            at=at,
            asker=askers[0],
        )
        if asked:
            assert case.holder is not None, "open cases have a holder"
            orders.offer(case=case, people=asked, by=case.holder.person, at=at)
        if len(asked) == 1:
            orders.accept(case=case, by=asked[0], at=at)
