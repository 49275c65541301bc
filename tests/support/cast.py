"""The same people in every test: 王居民 and her neighbour, 李网格长 and the next grid's, up to the county, and nobody.

A small street of the same make as the real one: 街道 → 社区 → 小区 → 党小组 → 两个网格, beside it a second street."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.models import SecondFactor, User
from accounts.personal_data import EncryptedTextField
from accounts.sign_in.sessions import SIGNED, VERIFIED
from cases.engine.calendar import load_days
from cases.engine.turns import Given
from cases.limits.holidays import known_years
from cases.models import Case
from cases.services import act, route
from grids.models import Building, Grid, Post
from grids.posts import services as grid_services
from grids.tree import services as tree
from grids.tree.services import Branch
from residents.defaults import load_defaults
from residents.services import Place, submit_request

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
"""A working Monday morning."""
PASSWORD = "Test-password-1"
SECOND_FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Secret of everybody's codes (base 32)."""


@dataclass
class Town:
    street: Grid
    community: Grid
    estate: Grid
    group: Grid
    grid: Grid
    next_grid: Grid
    building: Building
    other_street: Grid
    other_community: Grid
    other_grid: Grid


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def defaults(db: None) -> None:
    load_defaults()
    load_days(days=known_years(since=2025), at=MONDAY)


@pytest.fixture
def town(db: None) -> Town:
    return plant_town()


def plant_town(name: str = "熊山街道", code: str = "350725001") -> Town:
    street = tree.add_street(name=name, code=code)
    community = tree.add(parent=street, name="宜和社区", code=f"{code}008")
    grids = (Branch("宜和佳苑1号网格"), Branch("宜和佳苑2号网格"))
    tree.plant(parent=community, branches=[Branch("宜和佳苑", (Branch("宜和佳苑第一党小组", grids),))])
    other_street = tree.add_street(name="东平镇", code="350725101")
    other_community = tree.add(parent=other_street, name="东平社区", code="350725101001")
    other_grids = (Branch("东平1号网格"),)
    tree.plant(parent=other_community, branches=[Branch("东平小区", (Branch("东平第一党小组", other_grids),))])
    street, community, estate, group, grid, next_grid = Grid.objects.filter(tree_id=street.tree_id).order_by("lft")
    other_street, other_community, *_, other_grid = Grid.objects.filter(tree_id=other_street.tree_id).order_by("lft")
    building = grid_services.cover(grid=grid, name="3幢", unit="1单元")
    return Town(street, community, estate, group, grid, next_grid, building, other_street, other_community, other_grid)


def audit_problems(**more: Any) -> list[str]:
    """What the check of the audit trail finds, once all lines are sealed (in a test nothing is committed)."""
    audit.seal()
    return list(audit.problems(at=MONDAY, **more))


def _person(name: str, serial: int, **more: Any) -> User:
    return User.objects.create_user(phone=f"1380013{serial:04d}", name=name, password=PASSWORD, **more)


def _appointed(name: str, serial: int, role: str, grid: Grid | None, **more: Any) -> User:
    """In post since long ago, as `appoint` leaves it but for its line of the audit trail: most tests have a whole staff."""
    person = _person(name, serial, **more)
    if person.is_staff:
        SecondFactor.objects.create(person=person, secret=SECOND_FACTOR, set_at=MONDAY)
    Post.objects.create(person=person, role=role, grid=grid, from_at=datetime(2026, 1, 1, tzinfo=ZONE))
    return person


@pytest.fixture
def resident(db: None) -> User:
    return _person("王秀英", 1)


@pytest.fixture
def neighbour(db: None) -> User:
    return _person("赵建国", 2)


@pytest.fixture
def grid_leader(town: Town) -> User:
    return _appointed("李强", 3, "grid_leader", town.grid)


@pytest.fixture
def next_grid_leader(town: Town) -> User:
    return _appointed("周敏", 4, "grid_leader", town.next_grid)


@pytest.fixture
def group_leader(town: Town) -> User:
    return _appointed("孙伟", 5, "group_leader", town.group)


@pytest.fixture
def branch_secretary(town: Town) -> User:
    return _appointed("吴芳", 6, "branch_secretary", town.estate)


@pytest.fixture
def worker_at_desk(town: Town) -> User:
    return _appointed("郑洁", 7, "community_worker", town.community, is_staff=True)


@pytest.fixture
def secretary(town: Town) -> User:
    return _appointed("陈国华", 8, "community_secretary", town.community, is_staff=True)


@pytest.fixture
def street_cadre(town: Town) -> User:
    return _appointed("林涛", 9, "street_cadre", town.street, is_staff=True)


@pytest.fixture
def county_admin(town: Town) -> User:
    return _appointed("黄磊", 10, "county_admin", None, is_staff=True)


@pytest.fixture
def auditor(town: Town) -> User:
    return _appointed("马丽", 12, "auditor", None, is_staff=True)


@pytest.fixture
def other_cadre(town: Town) -> User:
    """Of another street: a stranger with a post."""
    return _appointed("何军", 11, "street_cadre", town.other_street, is_staff=True)


@pytest.fixture
def staff(
    grid_leader: User,
    next_grid_leader: User,
    group_leader: User,
    branch_secretary: User,
    worker_at_desk: User,
    secretary: User,
    street_cadre: User,
    county_admin: User,
    other_cadre: User,
) -> dict[str, User]:
    """Everybody in post, by role; the stranger as "other_cadre"."""
    return {
        "grid_leader": grid_leader,
        "next_grid_leader": next_grid_leader,
        "group_leader": group_leader,
        "branch_secretary": branch_secretary,
        "community_worker": worker_at_desk,
        "community_secretary": secretary,
        "street_cadre": street_cadre,
        "county_admin": county_admin,
        "other_cadre": other_cadre,
    }


@pytest.fixture
def request_case(defaults: None, town: Town, staff: dict[str, User], resident: User) -> Case:
    """A request of 王秀英, routed to 李强, not signed for."""
    case = submit(resident, town)
    route(case_id=case.pk, at=MONDAY)
    case.refresh_from_db()
    return case


def submit(
    resident: User | None, town: Town, *, key: str = "key-1", words: str = "楼道灯坏了三天", **more: Any
) -> Case:
    place = Place(town.estate, town.building)
    return submit_request(asker=resident, place=place, words=words, submit_key=key, at=more.pop("at", MONDAY), **more)


def draw(case: Case, verb: str, by: User, words: str = "已处理", *, at: datetime = MONDAY, **more: Any) -> None:
    """Draw an arrow as a fresh page would."""
    case.refresh_from_db()
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(words), **more)


def post_of(person: User) -> Post:
    return person.posts.get()


def signed_in(person: User) -> Client:
    """As if through all factors."""
    client = Client()
    client.force_login(person)
    session = client.session
    session[VERIFIED] = True
    session[SIGNED] = timezone.now().timestamp()
    session.save()
    return client


SEALED_NAMES = ("phone", "id_number", "address")


def readable_in_a_dump() -> list[str]:
    """Phones, ID numbers and addresses of people that stand in clear somewhere in the database."""
    stolen = whole_database()
    numbers = set(re.findall(r"(?<!\d)(?:1\d{10}|\d{17}[\dX])(?!\d)", stolen))
    readable = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, EncryptedTextField) and any(name in field.name for name in SEALED_NAMES):
                kept = set(model._base_manager.values_list(field.name, flat=True)) - {"", None}
                readable |= {value for value in kept if value in numbers or (not value.isdigit() and value in stolen)}
    return sorted(readable)


def whole_database() -> str:
    """Every row of every table as text: what somebody who stole a dump would read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [row[0] for row in cursor.fetchall()]
        parts = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            parts += [f"{table} {row[0]}" for row in cursor.fetchall()]
    return "\n".join(parts)
