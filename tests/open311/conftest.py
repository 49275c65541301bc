"""A lamp's category, the points of the town, and a system with its key."""

from typing import Any

import pytest

from accounts.models import User
from cases.models import Category
from open311 import keys
from tests.support.cast import MONDAY, Town

HOUSE = (27.3654, 118.8586)
"""Where 3幢1单元 of the town stands, in WGS-84."""


@pytest.fixture
def lamp(defaults: None) -> Category:
    parent = Category.objects.create(kind="request", name="试验类", path="试验类")
    return Category.objects.create(kind="request", parent=parent, name="坏灯", path="试验类/坏灯", keywords="路灯 灯泡")


@pytest.fixture
def on_the_map(town: Town) -> Town:
    town.building.latitude, town.building.longitude = HOUSE
    town.building.save()
    return town


@pytest.fixture
def key(county_admin: User) -> str:
    _, drawn = keys.make(system="城管平台", by=county_admin, at=MONDAY)
    return drawn


@pytest.fixture
def other_key(county_admin: User) -> str:
    _, drawn = keys.make(system="热线平台", by=county_admin, at=MONDAY)
    return drawn


@pytest.fixture
def report(on_the_map: Town, staff: dict[str, User], lamp: Category, key: str) -> dict[str, Any]:
    """What a system sends of a lamp out of order."""
    return {
        "api_key": key,
        "service_code": lamp.pk,
        "lat": HOUSE[0],
        "long": HOUSE[1],
        "description": "路灯不亮\n已经三天",
        "first_name": "秀英",
        "last_name": "王",
        "phone": "13800005555",
        "email": "wang@example.cn",
        "attribute[fixmystreet_id]": "4711",
        "media_url": "https://fix.example.cn/photo/1.jpeg",
    }
