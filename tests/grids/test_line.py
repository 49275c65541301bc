"""Who answers for a node, in one statement."""

from datetime import timedelta

import pytest

from grids.models import Grid, Post
from grids.rights.line import posts_over
from grids.roles import ROLES
from tests.support.cast import MONDAY, post_of


def reckoned(node: Grid, at) -> set[int]:
    """By each post for itself: its node is this one or above it by its parents, or it is the county's."""
    line, above = set(), Grid.objects.get(pk=node.pk)
    while above is not None:
        line.add(above.pk)
        above = above.parent
    return {
        post.pk
        for post in Post.objects.select_related("person")
        if (post.grid_id is None or post.grid_id in line) and post.is_held_at(at)
    }


@pytest.mark.parametrize("place", ["street", "community", "estate", "group", "grid", "other_street"])
def test_those_at_it_above_it_and_of_the_county(town, staff, place):
    Post.objects.filter(person=staff["group_leader"]).update(until_at=MONDAY)
    type(staff["grid_leader"]).objects.filter(pk=staff["branch_secretary"].pk).update(is_active=False)
    node = getattr(town, place)
    for at in (MONDAY - timedelta(days=1), MONDAY):
        assert {post.pk for post in posts_over(node, roles=ROLES, at=at)} == reckoned(node, at)


def test_it_is_one_statement_with_node_and_person(town, staff, django_assert_num_queries):
    with django_assert_num_queries(1):
        posts = posts_over(town.grid, roles=ROLES, at=MONDAY)
        words = {post.words for post in posts}
    assert words == {post.words for post in Post.objects.filter(pk__in=[post.pk for post in posts])}


def test_only_these_roles(town, staff):
    assert posts_over(town.grid, roles={"grid_leader"}, at=MONDAY) == [post_of(staff["grid_leader"])]
    assert posts_over(town.grid, roles=(), at=MONDAY) == []


def test_the_tree_counts_as_it_is_now(town, staff):
    stale = Grid.objects.get(pk=town.grid.pk)
    stale.tree_id, stale.lft, stale.rght = 10**6, 1, 2  # as it was before somebody wrote the tree
    assert post_of(staff["group_leader"]) in posts_over(stale, roles=ROLES, at=MONDAY)
