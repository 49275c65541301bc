"""The real 熊山街道 with its 12 communities, and demonstration nodes and people to the published figures:
1 street, 12 communities, 25 estates, 78 party groups, 382 grids, each with its leader. Nodes below the communities and all
people are made up."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, SecondFactor, User
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.models.user import phone_index
from accounts.sign_in.second_factor import new_secret
from grids.county.divisions import XIONGSHAN, communities_of
from grids.models import Building, Grid, Level, Post
from grids.police.staffing import NORM
from grids.roles import ROLES
from grids.territory.demo import AREAS, seed_demo_territory, share
from grids.tree import services as tree

ESTATES, GROUPS, GRIDS = 25, 78, 382
ON_ROSTER = {**NORM, "informant": 1, "guard": 2, "safety_volunteer": 2}
"""网格+警格 of each community: 1+2+4, and of the N some; 楼栋长 come with the 五长 tree."""
PASSWORD = "Demo-2026!"
IN_POST_FROM = datetime(2026, 1, 1, tzinfo=UTC)
"""The demonstration year: rooms above let cases run through it."""
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀英霞平刚桂文辉玲红建华国庆春梅海燕晓东志兰"
ESTATE_WORDS = [
    "锦绣",
    "阳光",
    "东方",
    "翠景",
    "江滨",
    "文昌",
    "福源",
    "金桥",
    "水岸",
    "新城",
    "云根",
    "星河",
    "桂园",
    "龙腾",
    "嘉禾",
    "湖畔",
    "朝阳",
    "和美",
    "书香",
    "安居",
    "兰亭",
    "瑞景",
    "祥和",
]


def seed_street(*, at: datetime) -> Grid:
    """熊山街道 and its communities under their official codes. Idempotent."""
    street = Grid.objects.current().filter(code=XIONGSHAN).first()
    street = street or tree.add_street(name="熊山街道", code=XIONGSHAN)
    known = set(Grid.objects.current().filter(parent=street).values_list("code", flat=True))
    for division in communities_of(XIONGSHAN):
        if division.code not in known:
            tree.add(parent=street, name=division.short_name, code=division.code)
    street.refresh_from_db()
    return street


def seed_demo(*, at: datetime) -> None:
    """Demonstration nodes, doors, people and posts. Idempotent: does nothing when they are there."""
    with transaction.atomic():
        street = seed_street(at=at)
        if Grid.objects.filter(level=Level.ESTATE).exists():
            return
        _seed_nodes(street)
        _seed_buildings()
        _seed_people(at)
        seed_demo_territory(at=at, people=_county_leaders(at))


def _seed_nodes(street: Grid) -> None:
    """25 estates handed out to the communities, 78 groups to the estates, 382 grids to the groups, each in turn."""
    communities = list(Grid.objects.filter(parent=street, level=Level.COMMUNITY).order_by("code"))
    names = iter(_estate_names(communities))
    estate_numbers, group_numbers = count(), count()
    for index, community in enumerate(communities):
        estates = share(ESTATES, len(communities), index)
        tree.plant(
            parent=community,
            branches=[_estate(next(names), next(estate_numbers), group_numbers) for _ in range(estates)],
        )


def _estate(name: str, index: int, group_numbers: Iterator[int]) -> tree.Branch:
    serials = count(1)
    groups = [
        tree.Branch(
            f"{name}第{'一二三四五六'[number]}党小组",
            tuple(
                tree.Branch(f"{name}{next(serials)}号网格") for _ in range(share(GRIDS, GROUPS, next(group_numbers)))
            ),
        )
        for number in range(share(GROUPS, ESTATES, index))
    ]
    return tree.Branch(name, tuple(groups))


def _estate_names(communities: list[Grid]) -> Iterator[str]:
    """宜和佳苑 lies in 宜和社区; 胜地心苑 is the first of 胜利洋社区; the others are made up."""
    words = iter(ESTATE_WORDS)
    for index, community in enumerate(communities):
        for number in range(share(ESTATES, len(communities), index)):
            if number == 0 and community.name == "宜和社区":
                yield "宜和佳苑"
            elif number == 0 and community.name == "胜利洋社区":
                yield "胜地心苑"
            else:
                yield f"{next(words)}小区"


def _seed_buildings() -> None:
    """Each grid answers for one building in two units, or for two small buildings."""
    rows = []
    grids = Grid.objects.filter(level=Level.HOUSEHOLD).select_related("parent__parent")
    numbers: dict[int, int] = {}
    for grid in grids.order_by("lft"):
        estate = grid.parent.parent
        number = numbers[estate.pk] = numbers.get(estate.pk, 0) + 1
        name, unit = f"{(number + 1) // 2}幢", f"{2 - number % 2}单元"
        rows.append(Building(estate=estate, name=name, unit=unit, grid=grid))
    Building.objects.bulk_create(rows)


def _seed_people(at: datetime) -> None:
    chance = random.Random(350725)
    password = make_password(PASSWORD)
    wanted: list[tuple[str, Grid | None]] = [
        ("county_admin", None),
        ("system_admin", None),
        ("auditor", None),
        ("observer", None),
    ]
    for node in Grid.objects.current().filter(tree_id=Grid.objects.get(code=XIONGSHAN).tree_id).order_by("lft"):
        wanted += [(role, node) for role in _roles_at(node)]
    for community in Grid.objects.current().filter(level=Level.COMMUNITY, parent__code=XIONGSHAN).order_by("lft"):
        wanted += [(role, community) for role, number in ON_ROSTER.items() for _ in range(number)]
    people = [_person(serial, role, chance, password, at) for serial, (role, _) in enumerate(wanted)]
    residents = [_resident(serial, chance, at) for serial in range(8)]
    User.objects.bulk_create([*people, *residents])
    # They are shown their codes on the page, in demo mode only (accounts/views/sign_in.py).
    SecondFactor.objects.bulk_create(
        SecondFactor(person=person, secret=new_secret(), set_at=at) for person in people if person.is_staff
    )
    Consent.objects.bulk_create(
        Consent(person=person, notice_version=PRIVACY_NOTICE_VERSION, agreed_at=at) for person in residents
    )
    Post.objects.bulk_create(
        Post(person=person, role=role, grid=node, from_at=min(at, IN_POST_FROM))
        for person, (role, node) in zip(people, wanted, strict=True)
    )


def _county_leaders(at: datetime) -> list[User]:
    """One for each 片区. They sign in by a code: they have no desk here."""
    chance = random.Random(20)
    phones = [f"1990729{serial:04d}" for serial in range(AREAS)]
    return User.objects.bulk_create(
        User(phone=phone, phone_index=phone_index(phone), name=make_name(chance), password="!", joined_at=at)
        for phone in phones
    )


def _roles_at(node: Grid) -> list[str]:
    """Two people at the street's desk, two workers in each community, one leader everywhere."""
    leading = [code for code, role in ROLES.items() if role.leads and node.level in role.levels]
    extra = {Level.STREET: ["street_cadre"], Level.COMMUNITY: ["community_worker", "community_worker"]}
    return [*leading, *extra.get(Level(node.level), [])]


def _person(serial: int, role: str, chance: random.Random, password: str, at: datetime) -> User:
    phone = f"1990725{serial:04d}"
    return User(
        phone=phone,
        phone_index=phone_index(phone),
        name=make_name(chance),
        password=password,
        is_staff=ROLES[role].is_desk,
        joined_at=at,
    )


def _resident(serial: int, chance: random.Random, at: datetime) -> User:
    phone = f"1990726{serial:04d}"
    return User(
        phone=phone,
        phone_index=phone_index(phone),
        name=make_name(chance),
        password="!",
        joined_at=at,
    )


def make_name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def counts() -> dict[str, int]:
    """Standing nodes of 熊山街道 by level: 1 / 12 / 25 / 78 / 382 on the demonstration."""
    street = Grid.objects.current().get(code=XIONGSHAN)
    levels = list(street.get_descendants(include_self=True).filter(retired_at=None).values_list("level", flat=True))
    return {level.label: levels.count(level) for level in Level}


def sign_ins() -> list[tuple[str, User]]:
    """One demonstration person for each kind, all of the same line: 宜和佳苑 upward."""
    estate = Grid.objects.filter(name="宜和佳苑").first()
    if estate is None:
        return []
    people: list[tuple[str, User]] = []
    if resident := User.objects.filter(posts=None).order_by("pk").first():
        people.append(("居民", resident))
    first_grid = estate.get_descendants().filter(level=Level.HOUSEHOLD, retired_at=None).first() or estate
    line = Grid.objects.upward_from(first_grid)
    posts = Post.objects.held_at(timezone.now()).filter(grid__in=line.order_by())
    for post in posts.select_related("person", "grid").order_by("-grid__level", "pk"):
        if post.role_label not in [label for label, _ in people]:
            people.append((post.role_label, post.person))
    for post in Post.objects.filter(grid=None).select_related("person").order_by("pk"):
        people.append((post.role_label, post.person))
    return people
