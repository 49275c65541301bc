"""Where a row of a table goes: the estate and the door that it names, else the place of the import."""

from datetime import datetime

import pytest

from accounts.privacy import rights
from grids.models import Building
from grids.tree import services as tree
from residents.imports.requests import import_requests
from residents.models import Request
from residents.services import Place, remember_place
from tests.support.cast import ZONE

HEAD = "编号,标题,时间,内容,地点\n"


@pytest.fixture
def place_of(defaults, town, staff):
    """Takes in one row; (where it went, its door)."""
    second = tree.add(name="宜和佳苑二期", parent=town.community)
    for estate, name, unit in (
        (town.estate, "3幢", "2单元"), (town.estate, "3幢", "3单元"), (town.estate, "5幢", ""), (second, "3幢", "2单元"),
    ):  # fmt: skip
        Building.objects.create(estate=estate, name=name, unit=unit, grid=town.grid if estate == town.estate else None)
    numbers = iter(range(1, 100))

    def take_in(words: str, *, title: str = "", place: str = "") -> tuple[str, str]:
        content = f"{HEAD}{next(numbers)},{title},2026-11-20 09:30,{words},{place}\n".encode()
        now = datetime(2026, 11, 29, 12, tzinfo=ZONE)
        report = import_requests(file=content, source="热线", default_place=town.street, at=now)
        assert report.imported == 1, report.rejects
        case = Request.objects.latest("pk").case
        return case.grid.name, case.place

    return take_in


@pytest.mark.parametrize(
    ("words", "grid", "place"),
    [
        ("宜和佳苑3号楼2单元501漏水", "宜和佳苑1号网格", "宜和佳苑 3幢2单元"),
        ("宜和佳苑 三幢二单元路灯不亮", "宜和佳苑1号网格", "宜和佳苑 3幢2单元"),
        ("宜和佳苑3-2-501路灯不亮", "宜和佳苑1号网格", "宜和佳苑 3幢2单元"),
        ("宜和佳苑第五栋路灯不亮", "宜和佳苑1号网格", "宜和佳苑 5幢"),
        ("宜和佳苑5幢1单元路灯不亮", "宜和佳苑1号网格", "宜和佳苑 5幢"),
        ("宜和佳苑3幢路灯不亮", "宜和佳苑", "宜和佳苑"),  # which unit, it does not say
        ("宜和佳苑9幢路灯不亮", "宜和佳苑", "宜和佳苑"),
        ("宜和佳苑二期 3 号楼二单元501漏水", "宜和佳苑二期", "宜和佳苑二期 3幢2单元"),
        ("宜和社区宜和佳苑5幢", "宜和佳苑1号网格", "宜和佳苑 5幢"),
        ("与东平小区无关，是宜和佳苑5幢", "宜和佳苑1号网格", "宜和佳苑 5幢"),
        ("东平小区和宜和佳苑之间的路坏了", "熊山街道", "熊山街道"),
        ("与宜和佳苑无关，路坏了", "熊山街道", "熊山街道"),
        ("路坏了", "熊山街道", "熊山街道"),
    ],
)
def test_the_words_say_where(place_of, words, grid, place):
    assert place_of(words) == (grid, place)


def test_the_column_of_places_says_it_first(place_of):
    assert place_of("东平小区的人常来", place="宜和佳苑3幢2单元") == ("宜和佳苑1号网格", "宜和佳苑 3幢2单元")
    assert place_of("东平小区的人常来", title="宜和佳苑停水") == ("宜和佳苑", "宜和佳苑")
    assert place_of("宜和佳苑停水", place="大门口") == ("宜和佳苑", "宜和佳苑")


def test_what_is_held_of_ones_place_names_the_building_where_one_was_said(resident, town):
    remember_place(person=resident, place=Place(town.estate, town.building))
    assert dict(rights.held(resident))["常用地点"] == [{"常用地点": town.estate.name, "楼栋": town.building.label}]
    remember_place(person=resident, place=Place(town.estate, None))
    assert dict(rights.held(resident))["常用地点"] == [{"常用地点": town.estate.name, "楼栋": ""}]
