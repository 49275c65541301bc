"""What lists of cases filter by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.api.filters import NO_SUCH_ROW, SinceFilter, UntilFilter, YesNoFilter
from cases.models import Category
from cases.models.querysets import CaseQuerySet
from cases.workflow import WORKFLOWS
from grids.tree.filters import NodeFilter


def _kinds() -> list[tuple[str, str]]:
    return [(code, workflow.label) for code, workflow in WORKFLOWS.items()]


def _states() -> list[tuple[str, str]]:
    """Of all kinds: where two share a code, one stands for both."""
    return list({code: str(state.label) for flow in WORKFLOWS.values() for code, state in flow.states.items()}.items())


class CategoryFilter(ModelChoiceFilter):
    """Of a category, or of any below it."""

    def __init__(self) -> None:
        every = Category.objects.all()
        super().__init__(label="分类的 id（categories），含下级", queryset=every, error_messages=NO_SUCH_ROW)

    def filter(self, rows: QuerySet[Any], category: Category | None) -> QuerySet[Any]:
        if category is None:
            return rows
        below = Q(category__path=category.path) | Q(category__path__startswith=f"{category.path}/")
        return rows.filter(below, category__kind=category.kind)


class CaseFilters(FilterSet):
    kind = ChoiceFilter(label="哪一类事项", choices=_kinds)
    state = ChoiceFilter(label="状态", choices=_states)
    category = CategoryFilter()
    grid = NodeFilter()
    opened_from = SinceFilter(label="从哪一天起登记的", field_name="opened_at")
    opened_until = UntilFilter(label="到哪一天为止登记的，含这一天", field_name="opened_at")
    late = YesNoFilter(label="是否过了办理人的时限", method="by_lateness")

    def by_lateness(self, cases: CaseQuerySet, name: str, is_late: bool) -> CaseQuerySet:
        late = cases.model._default_manager.overdue(timezone.now()).values("pk")
        return cases.filter(pk__in=late) if is_late else cases.exclude(pk__in=late)
