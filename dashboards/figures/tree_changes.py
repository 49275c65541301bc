"""How figures follow when the tree changes: what lies below a node that hangs elsewhere now counts for other levels above
it. Past days move along, for a figure of a level is that of all that lies below it today."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from dashboards.figures.counting import mark_at
from dashboards.models import Subscription
from grids.models import Grid, Post
from grids.tree.observers import Follower


def _nothing(node_ids: list[int]) -> int:
    """Figures are no burden that anybody would want to weigh before a merger."""
    return 0


def _replaced(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    """What moved to the new node has left marks of its own. Who was sent reports of the old node is sent the new one's;
    whether they may read them is asked at the next sending."""
    wanted = Subscription.objects.filter(node=old)
    for subscription in wanted.exclude(
        Exists(Subscription.objects.filter(node=new, person=OuterRef("person"), code=OuterRef("code")))
    ):
        subscription.node = new
        subscription.save(update_fields=["node"])
    wanted.delete()


def _moved(node_ids: list[int], at: datetime, by: User | None) -> None:
    mark_at(node_ids)


def _ended(post: Post, at: datetime, by: User | None) -> None:
    """A post that ends is marked by the table it stands in."""


FOLLOWER = Follower("统计", count=_nothing, node_replaced=_replaced, nodes_moved=_moved, post_ended=_ended)
