"""待分拣: requests that came in without a place or a category, or that may be urgent. What the words suggest stands beside
each; staff take it over or say otherwise, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from accounts.numbers import mask_numbers
from cases.engine.turns import Given
from cases.models import Case, Category, Urgency
from cases.models.querysets import CaseQuerySet
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import area_of
from residents.imports.places import Places
from residents.services import Place, sort
from residents.suggest import best_of
from residents.workflow import REQUEST
from web.text import shorten

SHOWN = 160
"""Signs of the words that stand in the queue; the others on the page of the case."""


def sorting_queue(area: GridQuerySet) -> CaseQuerySet:
    """What waits in an area, by time left: what may be urgent has least."""
    waiting = Case.objects.filter(kind="request", state=REQUEST.unsorted, grid__in=area.order_by())
    return waiting.select_related("request", "grid", "category").order_by("due_at", "pk")


LACKS = {
    "place": ("缺地点", Q(request__has_place=False)),
    "category": ("缺分类", Q(category=None)),
    "urgency": ("可能紧急", ~Q(urgency=Urgency.NORMAL)),
}
"""What one of them may wait for."""


@dataclass(frozen=True)
class Suggested:
    """What is known, and of what is not what the words suggest."""

    case: Case
    places: list[Place]
    categories: list[Category]

    @property
    def words(self) -> str:
        return shorten(mask_numbers(self.case.request.words), SHOWN)

    @property
    def place(self) -> Place | None:
        return self.places[0] if self.places else None

    @property
    def category(self) -> Category | None:
        return self.categories[0] if self.categories else None


def suggestions(cases: Iterable[Case], *, area: GridQuerySet) -> list[Suggested]:
    """For each, in a few statements for all."""
    places = Places(area)
    categories = list(Category.objects.filter(kind="request", retired_at=None))
    return [
        Suggested(
            case,
            [Place(case.grid)] if case.request.has_place else places.meant_by(case.title, case.request.words),
            [case.category] if case.category else best_of(f"{case.title}\n{case.request.words}", categories),
        )
        for case in cases
    ]


@dataclass(frozen=True)
class Choice:
    """What staff say of many at once; None and "" take what is suggested for each."""

    place: Place | None
    category: Category | None
    urgency: str


def sort_many(*, cases: list[Case], choice: Choice, by: User, at: datetime) -> list[tuple[Case, str]]:
    """Each in a transaction of its own. Those that stay, with the reason: nothing is suggested, or somebody was faster."""
    stay: list[tuple[Case, str]] = []
    for suggested in suggestions(cases, area=area_of(by, "dispatch")):
        case = suggested.case
        place, category = choice.place or suggested.place, choice.category or suggested.category
        missing = [label for label, chosen in (("地点", place), ("分类", category)) if chosen is None]
        if place is None or category is None:
            stay.append((case, f"看不出{'和'.join(missing)}，请选好再分拣"))
            continue
        try:
            sort(
                case=case,
                by=by,
                at=at,
                version=case.version,
                given=Given(),
                place=place,
                category=category,
                urgency=choice.urgency or case.urgency,
            )
        except ValidationError as refusal:
            stay.append((case, "；".join(refusal.messages)))
    return stay
