"""Whose desk it is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from grids.jurisdiction import area_of
from grids.querysets import GridQuerySet


def own_area(request: HttpRequest) -> GridQuerySet:
    """Where this person dispatches. Raises PermissionDenied for who does nowhere."""
    area = area_of(request.user, "dispatch")
    if not area.exists():
        raise PermissionDenied
    return area
