"""Who may do what about an assessment. The street runs it; whoever reads figures in that street, or was asked to it, reads the
result; who was asked scores what the set gives their role to score, and else looks on; who leads a node appeals for it."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from dashboards.models import Assessed, IndicatorSet, Review, Scorer
from grids.models import Grid, Level, Post, Territory, TerritoryLevel, TerritoryPost
from grids.rights.jurisdiction import Visitor, may, posts_of
from grids.roles import LEADERS, ROLES


def may_run(user: Visitor, street: Grid, *, at: datetime | None = None) -> bool:
    """Draft, open, freeze, decide, close."""
    return may(user, "supervise", street, at=at)


def may_write(user: Visitor, indicator_set: IndicatorSet, *, at: datetime | None = None) -> bool:
    """A set of the county is the county's to write, that of a street the street's."""
    return may(user, "supervise", indicator_set.street, at=at)


def may_read(user: Visitor, review: Review, *, at: datetime | None = None) -> bool:
    """Once points stand: whoever reads figures somewhere in the street or above it, and whoever was asked to it, so that
    业委会 and 群众代表 see what came of what they saw. Before, those who run it alone, lest scores of some be seen by those
    who still score."""
    if may_run(user, review.street, at=at):
        return True
    if not review.is_scored or not user.is_authenticated:
        return False
    return any(_reads_in(post, review.street) for post in posts_of(user, at=at)) or was_asked(user, review)


def was_asked(user: Visitor, review: Review) -> bool:
    return user.is_authenticated and review.scorers.filter(person=user).exists()


def _reads_in(post: Post, street: Grid) -> bool:
    if "figures" not in ROLES[post.role].verbs:
        return False
    return post.grid is None or post.grid.covers(street) or street.covers(post.grid)


def leads(user: Visitor, assessed: Assessed, *, at: datetime) -> bool:
    """Whether this person answers for the node: its leader, of a 片区 also its 片区长."""
    held = [post for post in posts_of(user, at=at) if post.grid_id == assessed.grid_id]
    if any(post.role in LEADERS for post in held):
        return True
    if assessed.area_id is None or not user.is_authenticated:
        return False
    return TerritoryPost.objects.held_at(at).filter(person=user, node=assessed.area_id).exists()


def leaders(review: Review, *, at: datetime) -> list[User]:
    """Of all its nodes."""
    nodes, areas = review.assessed.values("grid"), review.assessed.exclude(area=None).values("area")
    in_posts = Post.objects.held_at(at).filter(grid__in=nodes, role__in=LEADERS)
    in_areas = TerritoryPost.objects.held_at(at).filter(node__in=areas)
    return list(User.objects.filter(Q(pk__in=in_posts.values("person")) | Q(pk__in=in_areas.values("person"))))


def own_places(scorer: Scorer, *, at: datetime) -> list[Grid]:
    """Where this scorer belongs: named when they were asked, or in post there. A post at the street is of no one place."""
    places = [scorer.home] if scorer.home else []
    places += [post.grid for post in posts_of(scorer.person, at=at) if post.grid and post.grid.level > Level.STREET]
    trees = TerritoryPost.objects.held_at(at).filter(person=scorer.person).values("node__tree_id")
    areas = Territory.objects.filter(tree_id__in=trees, level=TerritoryLevel.AREA).select_related("grid")
    return [*places, *(area.grid for area in areas if area.grid)]


def is_own(assessed: Assessed, places: list[Grid]) -> bool:
    return any(assessed.grid.covers(place) or place.covers(assessed.grid) for place in places)
