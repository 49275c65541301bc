"""How open cases follow when grids are merged or moved and posts end. Registered with grids.tree.observers when the app is
ready. Closed cases keep their node and the words of their place as they were.

All cases concerned are locked first, in the order of their keys: one after the other, as each is handled, two who end posts
at the same moment could each hold what the other wants next."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from cases.engine import acts, referrals
from cases.engine.turns import Given, Turn, turn_on
from cases.models import Case
from grids.models import Grid, Post
from grids.models.querysets import subtree
from grids.tree.observers import Follower


def count_open(node_ids: list[int]) -> int:
    return Case.objects.open().filter(grid__in=node_ids).count()


def lock_all(concerned: Q) -> None:
    """Until the transaction ends."""
    keys = Case.objects.open().filter(concerned).values("pk")
    list(Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _under(posts: Q) -> Q:
    """Cases in the hands of these posts, or referred to them."""
    ours = Post.objects.filter(posts).values("pk")
    return Q(holder__in=ours) | Q(referrals__ended_at=None, referrals__post__in=ours)


def follow_to(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    """Two grids became one: open cases of the old one lie in the new one now, in the hands of who answers there. What
    lies in its children, and what its posts held, is locked with them: it follows next."""
    lock_all(Q(grid=old) | subtree(new, prefix="grid__") | _under(Q(grid=old)))
    for case in Case.objects.open().filter(grid=old).order_by("pk"):
        with turn_on(case, by=None, at=at) as turn:
            place = turn.case.place.replace(old.name, new.name) if old.name else turn.case.place
            turn.draw("resettle", Given(facts={"from": old.pk, "to": new.pk}), grid=new, place=place)
            _follow(turn)


def _follow(turn: Turn) -> None:
    """Into the hands of who answers where the case lies now."""
    acts.succeed_elsewhere(case=turn.case, at=turn.at)
    referrals.follow_place(case=turn.case, at=turn.at)


def note_move(node_ids: list[int], at: datetime, by: User | None) -> None:
    """A subtree hangs elsewhere: its open cases moved with it, which their story says, and go to who answers there."""
    lock_all(Q(grid__in=node_ids))
    for case in Case.objects.open().filter(grid__in=node_ids).order_by("pk"):
        with turn_on(case, by=None, at=at) as turn:
            turn.draw("resettle")
            _follow(turn)


def hand_over(post: Post, at: datetime, by: User | None) -> None:
    """Nobody answers under this post any more: its open cases, and what was referred to it, go to whoever
    answers now."""
    lock_all(_under(Q(pk=post.pk)))
    for case in Case.objects.open().filter(holder=post).order_by("pk"):
        acts.succeed(case=case, at=at)
    referrals.pass_on_all(post, at)


FOLLOWER = Follower(
    label="未办结事项",
    count=count_open,
    node_replaced=follow_to,
    nodes_moved=note_move,
    post_ended=hand_over,
)
