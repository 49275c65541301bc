"""Whose desk it is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from grids.jurisdiction import area_of
from grids.querysets import GridQuerySet


def own_area(request: HttpRequest, verb: str = "dispatch") -> GridQuerySet:
    """Where this person may do so. Raises PermissionDenied for who may nowhere."""
    area = area_of(request.user, verb)
    if not area.exists():
        raise PermissionDenied
    return area
