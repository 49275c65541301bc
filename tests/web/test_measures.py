"""One label, one number: rooms that say the same twice keep the portal from starting."""

import pytest

from web.measures import Measure, joined

LED, OPEN = Measure("有网格长的网格", "有网格长在任的网格"), Measure("在办", "没有归档的事项")


def test_tables_of_rooms_are_joined_in_their_order():
    assert list(joined(({"led": LED}, {"open": OPEN}))) == ["led", "open"]


@pytest.mark.parametrize(
    "again", [{"led": OPEN}, {"held": Measure("有网格长的网格", "任职的网格长")}], ids=["code", "label"]
)
def test_nothing_is_measured_twice(again):
    with pytest.raises(ValueError, match="measured twice"):
        joined(({"led": LED}, again))
