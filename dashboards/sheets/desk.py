"""履职单: one's own, those of whom one supervises; cards of units. Each number opens its list."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit, limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.forms.fields import refuse
from accounts.models import User
from accounts.models.audit import Act
from dashboards.assessments.forms import CommentForm
from dashboards.figures.areas import Area
from dashboards.figures.areas import area_of as figures_area
from dashboards.figures.params import period_of
from dashboards.figures.periods import WORDS, Period
from dashboards.sheets import content as sheets
from dashboards.sheets.content import UNIT_ITEMS, Item, Whose
from dashboards.sheets.paper import sheet_pdf
from dashboards.sheets.services import comment
from grids.models import Post, Territory, TerritoryLevel, TerritoryPost, Unit
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, has_verb, posts_in
from papers.views import paper_response
from web.pages import page_of
from web.posted import posted

PAGE = 25
SPANS = ("month", "quarter", "year")
TREES = {"party": "在任的人", "five": "五长"}


def _period(request: HttpRequest, at: datetime) -> Period:
    return period_of(request, at, otherwise="quarter", among=SPANS)


def _frame(period: Period, at: datetime) -> dict[str, Any]:
    is_running = period == Period.of(period.code, localdate(at))
    return {"period": period, "spans": {code: WORDS[code] for code in SPANS}, "is_running": is_running}


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_safe
@opens_to(verb("supervise"))
def listed(request: HttpRequest) -> HttpResponse:
    """Whom one supervises, by post, in the one tree or the other."""
    tab = request.GET.get("tab", "party")
    if tab not in TREES:
        raise Http404
    posts = _of_the_five(request) if tab == "five" else _of_the_party_tree(request)
    page = page_of(posts.exclude(person=_me(request)), request.GET, PAGE)
    posts_shown = list(page.object_list)
    where = _neighbourhoods(posts_shown) if tab == "five" else {}
    rows = [(post, where.get(post.pk, "")) for post in posts_shown]
    context = {"page": page, "rows": rows, "tab": tab, "tabs": TREES}
    return render(request, "dashboards/sheets/list.html", context)


def _of_the_party_tree(request: HttpRequest) -> QuerySet[Post]:
    own = Post.objects.held_at(timezone.now()).filter(person=_me(request), grid__isnull=False)
    held = Post.objects.held_at(timezone.now()).filter(grid__in=area_of(request.user, "supervise").order_by())
    posts: QuerySet[Post] = held.exclude(grid__in=own.values("grid")).select_related("person", "grid")
    return posts.order_by("grid__tree_id", "grid__lft", "pk")


def _of_the_five(request: HttpRequest) -> QuerySet[TerritoryPost]:
    """Whose 片区 belongs to a community one supervises."""
    communities = area_of(request.user, "supervise").order_by()
    areas = Territory.objects.filter(level=TerritoryLevel.AREA, grid__in=communities)
    held = TerritoryPost.objects.held_at(timezone.now()).filter(node__tree_id__in=areas.values("tree_id"))
    posts: QuerySet[TerritoryPost] = held.select_related("person", "node").order_by("node__tree_id", "node__lft", "pk")
    return posts


def _neighbourhoods(posts: list[TerritoryPost]) -> dict[int, str]:
    """Post id -> the 邻里 above its node, for every 邻里 has a 1幢. One query."""
    above: Any = Q(pk__in=())
    for node in (post.node for post in posts):
        above |= Q(tree_id=node.tree_id, lft__lt=node.lft, rght__gt=node.rght, level=TerritoryLevel.NEIGHBOURHOOD)
    neighbourhoods = list(Territory.objects.filter(above))
    return {
        post.pk: neighbourhood.name
        for post in posts
        for neighbourhood in neighbourhoods
        if neighbourhood.tree_id == post.node.tree_id and neighbourhood.lft < post.node.lft < neighbourhood.rght
    }


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own, with one's own word to it."""
    me, at = _me(request), timezone.now()
    period = _period(request, at)
    earlier_comment = sheets.comment_of(me, period)
    form = CommentForm(posted(request), initial={"words": earlier_comment.words if earlier_comment else ""})
    if form.is_valid():
        try:
            comment(person=me, period=period, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "说明保存了。")
            return redirect(request.get_full_path())
    return _sheet(request, me, period, at, form)


def _open(request: HttpRequest, person_id: int, at: datetime) -> tuple[User, dict[str, Item]]:
    """A person, and what of their sheet one may read. Raises Http404: nobody there, or nothing to read there."""
    person = get_object_or_404(User, pk=person_id)
    items = sheets.open_to(_me(request), person, at=at)
    if not items:
        raise Http404
    return person, items


@require_safe
@opens_to(own(_open) | area("supervise", _open))
def sheet(request: HttpRequest, person_id: int) -> HttpResponse:
    at = timezone.now()
    person, _ = _open(request, person_id, at)
    return _sheet(request, person, _period(request, at), at, None)


def _sheet(request: HttpRequest, person: User, period: Period, at: datetime, form: CommentForm | None) -> HttpResponse:
    open_items = sheets.open_to(_me(request), person, at=at)
    whose = Whose(period, at, person=person)
    context = _frame(period, at) | {
        "person": person,
        "posts": _titles(person, at),
        "parts": sheets.parts_of(open_items, whose),
        "comment": sheets.comment_of(person, period),
        "form": form,
        "is_liaison": form is not None and bool(sheets.liaison_of(person, at=at)),
    }
    return render(request, "dashboards/sheets/sheet.html", context)


@require_safe
@opens_to(own(_open) | area("supervise", _open))
def paper(request: HttpRequest, person_id: int) -> HttpResponse:
    """The sheet as a document with its facts, for whoever reads the sheet: as much of it. Each fetching is a line of the
    audit trail."""
    at = timezone.now()
    person, items = _open(request, person_id, at)
    limiter.check("act", person=_me(request).pk, at=at)
    whose = Whose(_period(request, at), at, person=person)
    foot = f"由政和社区治理平台按办理记录生成，{timezone.localtime(at):%Y-%m-%d %H:%M}"
    content = sheet_pdf(whose, sheets.parts_of(items, whose), sheets.comment_of(person, whose.period), foot=foot)
    thing = f"履职单 {whose.period.words}"
    audit.record(act=Act.EXPORT, at=at, by=_me(request).pk, about=person.pk, thing=thing)
    return paper_response(content, "pdf", f"履职单 {person.name} {whose.period.words}.pdf")


def _titles(person: User, at: datetime) -> list[str]:
    """All posts in both trees."""
    party = Post.objects.held_at(at).filter(person=person).select_related("grid")
    five = person.territory_posts.held_at(at).select_related("node")
    return [*(post.title for post in party), *(post.title for post in five)]


@require_safe
@opens_to(own(_open) | area("supervise", _open))
def behind(request: HttpRequest, person_id: int, code: str) -> HttpResponse:
    at = timezone.now()
    person, items = _open(request, person_id, at)
    if code not in items:
        raise Http404
    return _list(request, items[code], Whose(_period(request, at), at, person=person), person.name)


def _list(request: HttpRequest, item: Item, whose: Whose, name: str) -> HttpResponse:
    rows = item.rows(whose)
    page = page_of(rows, request.GET, PAGE)
    context = _frame(whose.period, whose.at) | {
        "item": item, "total": item.total(rows), "name": name, "page": page,
        "lines": sheets.lines(item, list(page.object_list), _me(request)),
    }  # fmt: skip
    return render(request, "dashboards/sheets/rows.html", context)


def _units(request: HttpRequest) -> QuerySet[Unit]:
    units: QuerySet[Unit] = Unit.objects.filter(is_active=True).order_by("name")
    if has_verb(posts_in(request), "figures"):
        return units
    units = units.filter(pk__in=sheets.liaison_of(_me(request), at=timezone.now()))
    if not units.exists():
        raise PermissionDenied
    return units


@require_safe
@opens_to(verb("figures") | own(_units))
def units(request: HttpRequest) -> HttpResponse:
    """All active units, each to its card; to a unit's 联络员 their own."""
    is_liaison = not has_verb(posts_in(request), "figures")
    page = page_of(_units(request), request.GET, PAGE)
    return render(request, "dashboards/sheets/units.html", {"page": page, "is_liaison": is_liaison})


def _card_of(request: HttpRequest, unit_id: int, at: datetime) -> Whose:
    """Of the area in which one reads figures; a unit's 联络员 reads all of its own. Raises Http404; PermissionDenied:
    neither."""
    if has_verb(posts_in(request), "figures"):
        area = figures_area(posts_in(request))
    elif unit_id in sheets.liaison_of(_me(request), at=at):
        area = Area((None,))
    else:
        raise PermissionDenied
    unit = get_object_or_404(Unit, pk=unit_id)
    return Whose(_period(request, at), at, unit=unit, area=area)


@require_safe
@opens_to(verb("figures") | own(_card_of))
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    at = timezone.now()
    whose = _card_of(request, unit_id, at)
    context = _frame(whose.period, at) | {
        "unit": whose.unit,
        "entries": sheets.entries(UNIT_ITEMS, whose),
        "is_liaison": not has_verb(posts_in(request), "figures"),
    }
    return render(request, "dashboards/sheets/unit_card.html", context)


@require_safe
@opens_to(verb("figures") | own(_card_of))
def unit_behind(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    at = timezone.now()
    whose = _card_of(request, unit_id, at)
    if code not in UNIT_ITEMS or whose.unit is None:
        raise Http404
    return _list(request, UNIT_ITEMS[code], whose, whose.unit.name)
