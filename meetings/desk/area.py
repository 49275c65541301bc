"""Whose desk it is, and whose figures."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from grids.models import Grid
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import area_of, in_whole_communities, posts_of
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
    nodes = in_whole_communities(posts_of(request.user), "figures")
    area: GridQuerySet = Grid.objects.all() if None in nodes else Grid.objects.in_area(filter(None, nodes))
    return area
