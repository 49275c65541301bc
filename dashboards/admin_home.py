"""What staff see first in the admin: what is in their hands, and how their own area stands."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate

from cases.limits.running import read_once
from dashboards.figures import in_hand as own
from dashboards.figures.board import REQUEST
from dashboards.figures.periods import Period
from dashboards.figures.sums import THREE, read, score, show_share, shows_of
from grids.rights.jurisdiction import allows, posts_in

HELD = ("open", "late")
ASKED = ("opened", "finished")
"""Of requests."""


def own_figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Named in the settings of the admin's theme. Of the highest post that reads figures; nothing for others."""
    posts = [post for post in posts_in(request) if allows(post, "figures", post.grid)]
    if not posts:
        return context
    at = timezone.now()
    top = min(posts, key=lambda post: (post.grid.level if post.grid else -1, post.pk))
    with read_once():
        reading = read(top.grid, Period.of("month", localdate(at)))
        scored = score(reading.now)
        context["figures"] = {
            "node": top.grid,
            "own": own.of(posts, at=at),
            "numbers": [*shows_of(reading, HELD), *shows_of(reading, ASKED, REQUEST)],
            "rates": [show_share(reading, code) for code in (*THREE, "in_time")],
            "score": f"{scored:.1f}" if scored is not None else "—",
        }
    return context
