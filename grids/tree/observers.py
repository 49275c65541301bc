"""What must follow when the tree or a post changes. Rooms above register; this room calls them in its transaction.

A registry turns the arrow: grids knows no case, yet open cases move along when two grids are merged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from grids.models import Grid, Post


@dataclass(frozen=True)
class Follower:
    """What one room does, in words for the preview and in deed."""

    label: str
    """What is moved along, for instance "未办结事项"."""
    count: Callable[[list[int]], int]
    """How many of it hang on these nodes (ids)."""
    node_replaced: Callable[[Grid, Grid, datetime, User | None], None]
    """(old, new, at, by): what hung on `old` now hangs on `new`."""
    nodes_moved: Callable[[list[int], datetime, User | None], None]
    """(ids, at, by): these nodes hang elsewhere in the tree now."""
    post_ended: Callable[[Post, datetime, User | None], None]
    """(post, at, by): nobody answers under this post any more."""


FOLLOWERS: list[Follower] = []


def register(follower: Follower) -> None:
    FOLLOWERS.append(follower)
