"""Pages of figures: one for every level of the tree, and the list behind each figure. Whose post reads figures there may
look (grids/roles.py); what stands in the lists is each case's own business (dashboards/figures/sources/)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to
from accounts.requests import PersonRequest
from cases.limits.running import read_once
from dashboards.figures import in_hand as own
from dashboards.figures import public as net
from dashboards.figures.board import board as board_of
from dashboards.figures.board import heads
from dashboards.figures.cockpit import screen
from dashboards.figures.lists import behind as behind_figure
from dashboards.figures.lists import lines
from dashboards.figures.measures import is_known
from dashboards.figures.params import Place, period_of, place_of
from dashboards.figures.periods import WORDS, Period
from dashboards.figures.sums import amount, number, weights_words
from grids.county import shapes as county
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import allows, posts_in
from web.pages import page_of

PAGE = 25


@require_safe
@opens_to(verb("figures"))
def mine(request: HttpRequest) -> HttpResponse:
    """To the page of the highest node whose figures this person reads."""
    posts = [post for post in posts_in(request) if allows(post, "figures", post.grid)]
    top = min(posts, key=lambda post: (post.grid.level if post.grid else -1, post.pk))
    return redirect("dashboards:board", top.grid_id) if top.grid_id else redirect("dashboards:board-county")


def _frame(request: HttpRequest, place: Place, period: Period) -> dict[str, Any]:
    reads_county = any(allows(post, "figures", None) for post in posts_in(request))
    return {"place": place, "period": period, "period_words": WORDS, "reads_county": reads_county}


@require_safe
@opens_to(area("figures", place_of))
def board(request: HttpRequest, node_id: int | None = None) -> HttpResponse:
    at = timezone.now()
    place = place_of(request, node_id)
    period = period_of(request, at)
    posts = [post for post in posts_in(request) if post.grid_id == node_id]
    with read_once():
        context = _frame(request, place, period) | {
            "board": board_of(place.node, period, at=at),
            "heads": heads(),
            "weights": weights_words(),
            "supervises": any(allows(post, "supervise", place.node) for post in posts_in(request)),
            "least_base": settings.FIGURES_LEAST_BASE,
            "own": own.of(posts, at=at) if posts else None,
            "is_running": period == Period.of(period.code, localdate(at)),
        }
    return render(request, "dashboards/board.html", context)


@require_safe
@opens_to(area("figures", place_of))
def behind(request: PersonRequest, measure: str, node_id: int | None = None) -> HttpResponse:
    """The list behind one figure."""
    if not is_known(measure):
        raise Http404
    place = place_of(request, node_id)
    period = period_of(request, timezone.now())
    kind = request.GET.get("kind", "")
    figure = behind_figure(place.node, measure, kind=kind, days=period.days)
    page = page_of(figure.tallies.select_related("counted"), request.GET, PAGE)
    context = _frame(request, place, period) | {
        "figure": figure,
        "measure": measure,
        "total": figure.total,
        "total_words": number(figure.total),
        "page": page,
        "lines": lines(list(page.object_list), request.user),
    }
    return render(request, "dashboards/behind.html", context)


@require_safe
@opens_to(area("figures", place_of))
def cockpit(request: HttpRequest, node_id: int | None = None) -> HttpResponse:
    """驾驶舱 for a wall: the frame, and in it what is asked for anew every few seconds (`?part=live`)."""
    at = timezone.now()
    place = place_of(request, node_id)
    context = {
        "place": place,
        "screen": screen(place.node, at=at, today=Period.of("day", localdate(at))),
        "heads": heads(),
        "refresh": settings.COCKPIT_SECONDS,
        "shapes": county.shapes(),
    }
    name = "dashboards/_cockpit_live.html" if request.GET.get("part") == "live" else "dashboards/cockpit.html"
    return render(request, name, context)


@require_safe
@opens_to(PUBLIC)
def net_page(request: HttpRequest) -> HttpResponse:
    """政和一张网, for everybody."""
    return render(request, "dashboards/net.html", {"net": net.net(), "least_base": settings.FIGURES_LEAST_BASE})


@require_safe
@opens_to(PUBLIC)
def net_behind(request: HttpRequest, code: str) -> HttpResponse:
    """What is behind one figure of the net: a list where it names nobody, else so many in each community."""
    entry = net.ENTRIES.get(code)
    if entry is None:
        raise Http404
    if entry.is_listed:
        page = page_of(net.tallies_of(entry), request.GET, PAGE * 4)
        context = {"entry": entry, "page": page, "lines": net.lines_of(list(page.object_list))}
        total = amount(None, entry.measure, kind=entry.kind)
    else:
        rows = net.by_community(entry)
        context = {"entry": entry, "rows": [(name, count, number(count)) for name, count in rows]}
        total = sum(count for _, count in rows)
    return render(request, "dashboards/net_behind.html", {**context, "total": total, "total_words": number(total)})
