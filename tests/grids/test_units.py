"""单位报到: units pair with communities from–until, and follow when communities are merged."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from grids.models import Pairing, UnitKind
from grids.tree import services as tree
from grids.units import services as units
from tests.support.cast import MONDAY, signed_in

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def unit(db):
    return units.register_unit(name="县教育局", kind=UnitKind.OFFICE, code="11350725ma2y12345x")


def test_a_unit_reports_to_a_community_once(unit, town):
    assert units.pair(unit=unit, grid=town.community, at=MONDAY).until_at is None
    with pytest.raises(ValidationError, match="已向宜和社区报到"):
        units.pair(unit=unit, grid=town.community, at=LATER)


def test_it_reports_to_nothing_but_a_community(unit, town):
    for node in (town.street, town.estate, town.grid):
        with pytest.raises(ValidationError, match="不是现有社区"):
            units.pair(unit=unit, grid=node, at=MONDAY)


def test_after_the_end_it_may_report_again(unit, town):
    pairing = units.pair(unit=unit, grid=town.community, at=MONDAY)
    units.end_pairing(pairing=pairing, at=LATER)
    with pytest.raises(ValidationError, match="已经结束"):
        units.end_pairing(pairing=pairing, at=LATER)
    assert units.pair(unit=unit, grid=town.community, at=LATER).pk != pairing.pk


def test_one_name_is_one_unit(unit):
    assert unit.code == "11350725MA2Y12345X"
    with pytest.raises(ValidationError):
        units.register_unit(name="县教育局", kind=UnitKind.OFFICE)


def test_a_merged_communitys_units_follow(unit, town):
    second = units.register_unit(name="县医院", kind=UnitKind.OFFICE)
    target = tree.add(parent=town.street, name="凤嘴社区", code="350725001007")
    units.pair(unit=unit, grid=town.community, at=MONDAY)
    units.pair(unit=unit, grid=target, at=MONDAY)
    units.pair(unit=second, grid=town.community, at=MONDAY)
    tree.merge(source=town.community, into=target, at=LATER)
    running = Pairing.objects.filter(until_at=None).values_list("unit__name", "grid__name")
    assert set(running) == {("县教育局", "凤嘴社区"), ("县医院", "凤嘴社区")}


def test_the_admin_pairs_within_ones_area(unit, town, secretary, other_cadre, grid_leader):
    posted = {"unit": unit.pk, "grid": town.community.pk}
    url = "/admin/grids/pairing/add/"
    assert signed_in(other_cadre).post(url, posted).status_code == 200
    assert not Pairing.objects.exists()
    assert signed_in(secretary).post(url, posted).status_code == 302
    pairing = Pairing.objects.get()
    assert signed_in(secretary).get("/admin/grids/pairing/").status_code == 200
    assert signed_in(secretary).get(f"/admin/grids/unit/{unit.pk}/change/").status_code == 200
    end = f"/admin/grids/pairing/{pairing.pk}/end/"
    assert signed_in(other_cadre).get(end).status_code == 404
    assert signed_in(secretary).post(end).status_code == 302
    pairing.refresh_from_db()
    assert pairing.until_at is not None
