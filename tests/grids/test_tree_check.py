"""`manage.py check_trees`: every way in which the numbers of a tree can be wrong is named with its node or tree."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from grids.models import Grid
from grids.tree import services as tree


def test_a_sound_tree_is_said_to_be_so(town):
    output = StringIO()
    call_command("check_trees", stdout=output)
    assert output.getvalue() == f"共 {Grid.objects.count()} 个网格、0 个五长片区，没有问题。\n"


def test_it_asks_the_same_of_more_nodes(town):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert tree.problems() == []
        return len(queries)

    before = asked()
    for number in range(5):
        tree.add(parent=town.group, name=f"更多{number}")
        tree.add_street(name=f"街道{number}", code=f"35072520{number}")
    assert asked() == before


DAMAGE = {
    "turned": ("grid", {"lft": F("rght"), "rght": F("lft")}, "网格 {grid}：lft 6 不小于 rght 5"),
    "a root too low": ("street", {"level": 1}, "网格 {street}：根的层级是 1"),
    "another tree": ("grid", {"tree_id": F("tree_id") + 1}, "网格 {grid}：不在上级 {group} 之内"),
    "another level": ("grid", {"level": 3}, "网格 {grid}：不在上级 {group} 之内"),
    "beyond its parent": ("grid", {"rght": 99}, "网格 {grid}：不在上级 {group} 之内"),
    "before its parent": ("grid", {"lft": 1}, "网格 {grid}：不在上级 {group} 之内"),
    "a number twice": ("next_grid", {"lft": 6, "rght": 8}, "树 {tree}：lft/rght 有重复或缺号"),
    "a gap": ("street", {"rght": F("rght") + 1}, "树 {tree}：lft/rght 有重复或缺号"),
    "two roots": ("other_street", {"tree_id": F("tree_id") - 1}, "树 {tree} 有两个根"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named(town, damage):
    node, change, sentence = DAMAGE[damage]
    Grid.objects.filter(pk=getattr(town, node).pk).update(**change)
    words = sentence.format(grid=town.grid.pk, group=town.group.pk, street=town.street.pk, tree=town.street.tree_id)
    assert words in tree.problems()
    with pytest.raises(CommandError, match="处问题"):
        call_command("check_trees", stdout=StringIO())
