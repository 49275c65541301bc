"""Whose desk it is, and whose figures."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from grids.models import Grid, Level
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import area_of, posts_of
from grids.roles import ROLES
from meetings.models import Conference


def own_area(request: HttpRequest) -> GridQuerySet:
    """Where this person dispatches."""
    return area_of(request.user, "dispatch")


def own_conference(request: HttpRequest, key: UUID) -> Conference:
    """A conference of one's area, else Http404."""
    mine = Conference.objects.filter(grid__in=area_of(request.user, "dispatch").order_by())
    conference: Conference = get_object_or_404(mine.select_related("grid", "place", "booking__room", "host"), key=key)
    return conference


def figures_area(request: HttpRequest) -> GridQuerySet:
    """Where this person reads figures. Centres are their whole community's, so whoever answers for a part of it reads
    those of all of it."""
    area = area_of(request.user, "figures")
    parts = [
        post.grid
        for post in posts_of(request.user)
        if post.grid is not None and post.grid.level > Level.COMMUNITY and "figures" in ROLES[post.role].verbs
    ]
    communities = [node for part in parts for node in Grid.objects.upward_from(part).filter(level=Level.COMMUNITY)]
    read: GridQuerySet = area | Grid.objects.in_area(communities)
    return read
