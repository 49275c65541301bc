"""指标体系: whoever reads figures may read what is measured; the street writes its own."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to
from accounts.models import User
from dashboards.assessments.forms import IndicatorForm
from dashboards.assessments.services import sets
from dashboards.assessments.services.inputs import formula_of, means_of
from dashboards.assessments.services.rights import may_write
from dashboards.models import Indicator, IndicatorSet
from grids.models import Grid, Level
from grids.rights.entry import area, verb, within
from grids.rights.jurisdiction import has_verb, may, posts_in
from web.posted import posted


@require_safe
@opens_to(verb("figures"))
def listed(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboards/assessments/sets.html", {"sets": _readable(request)})


def _readable(request: HttpRequest) -> Any:
    """Those of the county, and those of streets one has a post in; all for the county's own."""
    posts = posts_in(request)
    all_sets = IndicatorSet.objects.select_related("street").order_by("name", "street", "-version")
    if any(post.grid is None for post in posts):
        return all_sets
    trees = {post.grid.tree_id for post in posts if post.grid}
    return all_sets.filter(street=None) | all_sets.filter(street__tree_id__in=trees)


def _read(request: HttpRequest, set_id: int) -> IndicatorSet:
    if not has_verb(posts_in(request), "figures"):
        raise PermissionDenied
    indicator_set: IndicatorSet = get_object_or_404(_readable(request), pk=set_id)
    return indicator_set


@require_safe
@opens_to(within("figures", _read))
def shown(request: HttpRequest, set_id: int) -> HttpResponse:
    indicator_set = _read(request, set_id)
    is_own = may_write(request.user, indicator_set)
    context = {
        "indicator_set": indicator_set,
        "least_base": settings.FIGURES_LEAST_BASE,
        "rows": [
            (row, means_of(row), formula_of(row, indicator_set.trim_from)) for row in indicator_set.indicators.all()
        ],
        "whole": sets.whole_weight(indicator_set),
        "is_fixed": sets.is_fixed(indicator_set),
        "may_write": is_own and not sets.is_fixed(indicator_set),
        "streets": _own_streets(request) if has_verb(posts_in(request), "supervise") else [],
    }
    return render(request, "dashboards/assessments/set.html", context)


def _own_streets(request: HttpRequest) -> list[Grid]:
    """Whose assessments one runs."""
    streets = Grid.objects.current().filter(level=Level.STREET).order_by("tree_id")
    return [street for street in streets if may(request.user, "supervise", street)]


def own_set(request: HttpRequest, set_id: int) -> IndicatorSet:
    """One's own to write. Raises Http404, PermissionDenied."""
    indicator_set: IndicatorSet = get_object_or_404(IndicatorSet.objects.select_related("street"), pk=set_id)
    if not may_write(request.user, indicator_set):
        raise PermissionDenied
    return indicator_set


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", own_set))
def indicator(request: HttpRequest, set_id: int, indicator_id: int | None = None) -> HttpResponse:
    """A new one, or one that is there."""
    of = own_set(request, set_id)
    indicator = get_object_or_404(of.indicators, pk=indicator_id) if indicator_id is not None else None
    first = IndicatorForm.first_of(indicator) if indicator else {"source": Indicator.Source.SHARE}
    form = IndicatorForm(posted(request), initial=first)
    if form.is_valid():
        try:
            sets.save_indicator(of=of, indicator=indicator, by=_person(request), at=timezone.now(), **form.given)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "保存了。")
            return redirect("dashboards:assessment-set", set_id)
    title = indicator.label if indicator else "加一项指标"
    context = {"of": of, "indicator": indicator, "form": form, "title": title}
    return render(request, "dashboards/assessments/indicator.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_POST
@opens_to(posts=area("supervise", own_set))
def drop(request: HttpRequest, set_id: int, indicator_id: int) -> HttpResponse:
    of = own_set(request, set_id)
    indicator = get_object_or_404(of.indicators, pk=indicator_id)
    try:
        sets.remove_indicator(indicator=indicator, by=_person(request), at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, f"“{indicator.label}”已删除。")
    return redirect("dashboards:assessment-set", set_id)


def _to_copy(request: HttpRequest, set_id: int, street_id: int) -> tuple[Grid, IndicatorSet]:
    street: Grid = get_object_or_404(Grid, pk=street_id, level=Level.STREET)
    of: IndicatorSet = get_object_or_404(IndicatorSet, pk=set_id)
    if not may(request.user, "supervise", street) or of.street_id not in {None, street.pk}:
        raise PermissionDenied
    return street, of


@require_POST
@opens_to(posts=area("supervise", _to_copy))
def copy(request: HttpRequest, set_id: int, street_id: int) -> HttpResponse:
    """The next version, in this street."""
    street, of = _to_copy(request, set_id, street_id)
    made = sets.copy_set(of=of, street=street, by=_person(request), at=timezone.now())
    messages.success(request, f"已另存为{street.name}的第 {made.version} 版，可以改了。")
    return redirect("dashboards:assessment-set", made.pk)
