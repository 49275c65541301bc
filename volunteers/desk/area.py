"""Whose desk it is."""

from django.http import HttpRequest

from grids.jurisdiction import area_of
from grids.querysets import GridQuerySet


def own_area(request: HttpRequest) -> GridQuerySet:
    """Where this person dispatches."""
    return area_of(request.user, "dispatch")
