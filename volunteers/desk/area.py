"""Whose desk it is."""

from django.http import HttpRequest

from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import area_of


def own_area(request: HttpRequest) -> GridQuerySet:
    """Where this person dispatches."""
    return area_of(request.user, "dispatch")
