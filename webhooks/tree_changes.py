"""How endpoints follow when the tree changes: whoever hears of a node hears of what it became."""

from datetime import datetime

from accounts.models import User
from grids.models import Grid, Post
from grids.tree.observers import Follower
from webhooks.models import Endpoint


def _count(node_ids: list[int]) -> int:
    return Endpoint.objects.filter(area__in=node_ids).count()


def _replaced(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    Endpoint.objects.filter(area=old).update(area=new)


def _moved(node_ids: list[int], at: datetime, by: User | None) -> None:
    """The area is asked where it lies when an event comes."""


def _ended(post: Post, at: datetime, by: User | None) -> None:
    """Who is responsible stays so until somebody else is named."""


FOLLOWER = Follower("推送对象", count=_count, node_replaced=_replaced, nodes_moved=_moved, post_ended=_ended)
