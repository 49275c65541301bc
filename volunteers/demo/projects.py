"""Demonstration renovations, surprises and brands: some under way, one before its residents, some accepted. Through the
services; goes with the room's other demonstration rows (volunteers/demo/people.py)."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from PIL import Image

from accounts.models import User
from cases.engine.planting import planting
from cases.engine.turns import Given
from cases.models import Case
from cases.services import act
from grids.models import Building, Grid, Level, Post, Unit
from photos.cleaning import Photo, clean
from volunteers.models import Brand, BrandStep, Project
from volunteers.services import inspections, lists

Kind = Project.Kind
# (name, kind, how, budget, stages)
WORKS = (
    ("{place}雨污分流和道路改造", Kind.RENOVATION, "挖开重铺雨污水管，路面铺沥青，划停车位。", "中央预算内 120 万元、县级配套 30 万元",
     (("入户征求意见", "不花钱"), ("管网施工", "90 万元"), ("路面和停车位", "60 万元"))),
    ("{place}楼道亮化和扶手", Kind.RENOVATION, "每层装声控灯，楼梯加扶手，一楼门口做坡道。", "县级福彩金 18 万元",
     (("选样式，居民投票", "不花钱"), ("安装", "18 万元"))),
    ("{place}飞线整治", Kind.RENOVATION, "三家运营商的线缆入管，拆掉废线。", "运营商各自承担",
     (("摸底", "不花钱"), ("入管", "运营商承担"))),
    ("{place}主街店招和人行道改造", Kind.STREET, "统一店招底板，人行道铺防滑砖，加盲道。", "县级财政 260 万元",
     (("商户意见", "不花钱"), ("人行道", "180 万元"), ("店招", "80 万元"))),
    ("{place}口袋公园", Kind.SURPRISE, "闲置角落改成小公园，放健身器材和长椅。", "街道年度惊喜经费 12 万元",
     (("定位置", "不花钱"), ("施工", "12 万元"))),
    ("{place}老年助餐点", Kind.SURPRISE, "邻里中心加厨房，中午有热饭。", "街道年度惊喜经费 20 万元",
     (("办许可", "不花钱"), ("装厨房", "20 万元"))),
)  # fmt: skip
BRANDS = (
    "银龄乐园",
    "红茶议事",
    "四点半课堂",
    "书香邻里",
    "平安夜巡",
    "绿色阳台",
    "巧手工坊",
    "家风长廊",
    "健康步道",
    "共享花园",
    "邻里食堂",
    "金牌调解",
)
STEPS = ("定方案，开居民会", "建队伍", "办第一场", "评一评，定下来年怎么做")


@planting()
def seed_projects(*, at: datetime) -> int:
    """Returns how many projects were made: none when they are there already, or where there is no demonstration unit."""
    estates = list(Grid.objects.filter(level=Level.ESTATE).select_related("parent").order_by("lft"))
    units = list(Unit.objects.filter(is_active=True).order_by("pk"))
    if not estates or not units or Project.objects.exclude(kind=Kind.NEIGHBOUR).exists():
        return 0
    for number in range(len(WORKS)):
        _project(number, estates[number * 4 % len(estates)], units[number % len(units)], at)
    _brands(estates, localdate(at))
    return len(WORKS)


ACCEPTED, BEFORE_RESIDENTS = (0, 4), (1,)
"""Which of the works are where; the others are under way."""


def _project(number: int, estate: Grid, unit: Unit, at: datetime) -> None:
    name, kind, plan, budget, stages = WORKS[number]
    grid = estate.parent if kind == Kind.STREET else estate
    desk = Post.objects.filter(role="community_worker", grid=estate.parent).select_related("person").order_by("pk")[0]
    by, begun = desk.person, at - timedelta(days=120 - number)
    first = localdate(begun)
    project = inspections.start_project(
        name=name.format(place=grid.name),
        kind=kind,
        plan=plan,
        grid=grid,
        unit=unit,
        from_date=first,
        until_date=first + timedelta(days=180),
        by=by,
        at=begun,
        budget_note=budget,
    )
    steps = [
        lists.plan_milestone(project=project, words=words, due_date=first + timedelta(days=40 * turn), budget_note=cost)
        for turn, (words, cost) in enumerate(stages, 1)
    ]
    is_done = number in ACCEPTED or number in BEFORE_RESIDENTS
    for turn, step in enumerate(steps if is_done else steps[:1], 1):
        lists.reach(milestone=step, on=first + timedelta(days=35 * turn))
    lists.add_photos(project=project, photos=[_picture("#8a7f72")], is_after=False, at=begun)
    if not is_done:
        return
    lists.add_photos(project=project, photos=[_picture("#6da288")], is_after=True, at=at - timedelta(days=20))
    opened = at - timedelta(days=20 if number in ACCEPTED else 3)
    closes = opened + timedelta(days=10)
    inspections.open_inspection(project=project, closes_at=closes, least=3, by=by, at=opened)
    _inspect(project, estate, by, opened, is_whole=number in ACCEPTED)
    if number in ACCEPTED:
        inspections.accept(
            project=project, by=by, at=closes + timedelta(days=2), result="居民验收通过，发现的问题整改好了。"
        )


def _inspect(project: Project, estate: Grid, by: User, opened: datetime, *, is_whole: bool) -> None:
    """Two or four households look; one of the four finds something, which is put right and confirmed."""
    people = list(User.objects.filter(posts=None, phone_index__gt="").order_by("pk")[:4])
    buildings = list(Building.objects.filter(estate=estate).select_related("estate", "grid").order_by("pk")[:4])
    for number, (person, building) in enumerate(zip(people if is_whole else people[:2], buildings, strict=False)):
        at = opened + timedelta(hours=5 * number + 4)
        finding = inspections.inspect(
            project=project,
            person=person,
            building=building,
            is_fine=number != 2,
            at=at,
            words="第二级台阶有点松" if number == 2 else "做得好",
        )
        if finding.task is not None:
            _put_right(finding.task, person, at + timedelta(hours=1))


def _put_right(task: Case, asker: User, at: datetime) -> None:
    desk = task.holder
    assert desk is not None, "open cases have a holder"
    holder = Post.objects.filter(role="grid_leader", grid=task.grid).select_related("person", "grid").order_by("pk")[0]
    acts: tuple[tuple[str, User, str, dict[str, Any]], ...] = (
        ("assign", desk.person, "", {"post": holder}),
        ("sign", holder.person, "", {}),
        ("finish", holder.person, "请施工队重新砌好了。", {}),
        ("confirm", asker, "看过了，牢了。", {}),
    )
    for hours, (verb, who, words, more) in enumerate(acts, 1):
        act(
            case=task,
            verb=verb,
            by=who,
            at=at + timedelta(hours=hours),
            version=task.version,
            given=Given(words),
            **more,
        )


def _picture(colour: str) -> Photo:
    """A plain picture, clean as an uploaded one."""
    out = BytesIO()
    Image.new("RGB", (480, 360), colour).save(out, "JPEG")
    return clean(SimpleUploadedFile("demo.jpg", out.getvalue(), "image/jpeg"))


def _brands(estates: list[Grid], today: date) -> None:
    """One for each community and each estate, some steps reached."""
    communities = list({estate.parent_id: estate.parent for estate in estates}.values())
    nodes = [*communities, *estates]
    brands = Brand.objects.bulk_create(
        Brand(
            grid=node,
            year=today.year,
            name=BRANDS[number % len(BRANDS)],
            goals=f"让“{BRANDS[number % len(BRANDS)]}”成为{node.name}人人知道、家家参加的事。",
        )
        for number, node in enumerate(nodes)
    )
    BrandStep.objects.bulk_create(
        BrandStep(
            brand=brand,
            words=words,
            due_date=date(today.year, 3 * turn, 28),
            reached_date=date(today.year, 3 * turn, 20)
            if date(today.year, 3 * turn, 20) < today and number % 4
            else None,
            progress="按计划做完了" if date(today.year, 3 * turn, 20) < today and number % 4 else "",
        )
        for number, brand in enumerate(brands)
        for turn, words in enumerate(STEPS, 1)
    )
