"""今天要办: the queues of whoever works at a desk, as a table with a pane to read in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from cases.reading.story import cards
from desk import queues
from desk.queues import MINE, QUEUES
from grids.rights.entry import verb
from web.pages import page_of

PAGE = 50
SORTS = {"due": ("时限", ("due_at", "pk")), "new": ("最新", ("-opened_at", "-pk"))}
"""Code in the address → (word, order). The order ends with the primary key, so that no row is shown twice."""


@require_safe
@opens_to(verb("see|figures|rules|accounts|audit"))
def today(request: PersonRequest) -> HttpResponse:
    """One queue; which one stands in the address, so that it can be kept and sent."""
    at = timezone.now()
    counts = queues.waiting(request.user, at=at)
    name = request.GET.get("queue") or next((name for name in QUEUES if counts[name]), "open")
    sort = request.GET.get("sort", "due")
    if (name not in QUEUES and name != MINE) or sort not in SORTS:
        raise Http404
    rows = queues.cases_in(name, request.user, at=at).with_cards().order_by(*SORTS[sort][1])
    page = page_of(rows, request.GET, PAGE)
    tabs = [(MINE, "我手上的", counts[MINE])] + [(code, queue.label, counts[code]) for code, queue in QUEUES.items()]
    context = {
        "queue": name,
        "label": next(label for code, label, _ in tabs if code == name),
        "empty_words": QUEUES[name].empty_words if name in QUEUES else "手上没有待办。新派来的事会排在这里。",
        "tabs": tabs,
        "sort": sort,
        "sorts": [(code, word) for code, (word, _) in SORTS.items()],
        "page": page,
        "cards": cards(list(page.object_list), at=at),
    }
    return render(request, "desk/today.html", context)
