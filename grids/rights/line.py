"""The posts that answer for a node: at it, above it, and the county's. Asked whenever anything is filed, routed or climbs, so
it is one statement written out once: putting it together anew each time costs more than the answer."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import User
from grids.models import Grid, Post

NAMED = ("id", "name", "is_active")
"""What is read of the people; whoever asks for more reads it then."""


def posts_over(node: Grid, *, roles: Collection[str], at: datetime, load: str = "0") -> list[Post]:
    """Posts in `roles` held at `at` by people who may sign in, with node and person. The node's range is read in the same
    statement: what the caller holds may be older than the last write of the tree. `load`: SQL that counts what a post (so
    called in it) has to do; each carries it."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(load), {"node": node.pk, "roles": list(roles), "at": at})
        return [_post(row) for row in cursor.fetchall()]


@cache
def _statement(load: str) -> str:
    columns = ", ".join(
        [load]
        + [f"post.{name}" for name in _columns(Post)]
        + [f"grid.{name}" for name in _columns(Grid)]
        + [f"person.{name}" for name in NAMED]
    )
    held = """
        person.is_active AND post.role = ANY(%(roles)s) AND post.from_at <= %(at)s
        AND (post.until_at IS NULL OR post.until_at > %(at)s)
    """
    return f"""
        SELECT {columns} FROM grids_grid here
        JOIN grids_grid grid ON grid.tree_id = here.tree_id AND grid.lft <= here.lft AND grid.rght >= here.rght
        JOIN grids_post post ON post.grid_id = grid.id
        JOIN accounts_user person ON person.id = post.person_id
        WHERE here.id = %(node)s AND {held}
        UNION ALL
        SELECT {columns} FROM grids_post post
        JOIN accounts_user person ON person.id = post.person_id
        LEFT JOIN grids_grid grid ON FALSE
        WHERE post.grid_id IS NULL AND {held}
    """


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _post(columns: tuple[Any, ...]) -> Post:
    """A row of the statement. None of these columns needs more than PostgreSQL gives."""
    load, *row = columns
    of_post, of_grid = _columns(Post), _columns(Grid)
    ends = len(of_post), len(of_post) + len(of_grid)
    post: Post = Post.from_db("default", of_post, row[: ends[0]])
    grid = row[ends[0] : ends[1]]
    post.grid = None if grid[0] is None else Grid.from_db("default", of_grid, grid)
    post.person = User.from_db("default", NAMED, row[ends[1] :])
    post.load = load
    return post
