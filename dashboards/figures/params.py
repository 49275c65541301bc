"""What the address of a page of figures asks for: which node, which period."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from dashboards.figures.board import line_up
from dashboards.figures.periods import WORDS, Period
from grids.models import Grid
from grids.rights.jurisdiction import allows, posts_in

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Place:
    """A node that was asked for, and the levels above it; the county where no node was."""

    node: Grid | None
    above: list[Grid]

    @property
    def name(self) -> str:
        return self.node.name if self.node else "政和县"


def place_of(request: HttpRequest, node_id: int | None) -> Place:
    """Raises Http404 where there is none, PermissionDenied where this person reads no figures."""
    nodes = line_up(node_id) if node_id is not None else []
    if node_id is not None and not nodes:
        raise Http404
    place = Place(nodes[-1] if nodes else None, nodes[:-1])
    if not any(allows(post, "figures", place.node) for post in posts_in(request)):
        raise PermissionDenied
    # Of the levels above, those are links whose figures this person reads as well.
    open_above = [node for node in place.above if any(allows(post, "figures", node) for post in posts_in(request))]
    return Place(place.node, open_above)


def period_of(
    request: HttpRequest, at: datetime, *, otherwise: str = "month", among: Container[str] = tuple(WORDS)
) -> Period:
    """The one asked for, else the running one. Raises Http404 for no such period, or none of `among`."""
    code = request.GET.get("period", otherwise)
    if code not in among:
        raise Http404
    try:
        on = date.fromisoformat(request.GET["on"]) if "on" in request.GET else localdate(at)
    except ValueError as wrong:
        raise Http404 from wrong
    if not FIRST_YEAR <= on.year <= LAST_YEAR:  # beyond, the periods before or after have no date
        raise Http404
    return Period.of(code, on)
