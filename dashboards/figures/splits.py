"""Ways to cut a figure by something that is no node of the tree: a unit, a team, a type of dispute, a centre. What is counted
stays what it is (tallies); a split only says to which of them each thing belongs. So the parts open the same lists, and a
thing of two units counts once for each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404

from dashboards.figures.areas import Area, Days
from dashboards.figures.sums import Sums
from dashboards.models import Tally
from grids.models import Unit
from volunteers.models import HoursEntry, Offer, Project, ServiceOrder, Team
from web.params import whole_number

Way = Callable[[], QuerySet[Any]]
"""Rows with the `thing` that is counted and the `value` it belongs to."""


@dataclass(frozen=True)
class Split:
    code: str
    """In an address."""
    ways: Mapping[str, tuple[Way, ...]]
    """Measure -> how its things belong to a value: in any of these ways."""
    find: Callable[[str, Area], tuple[Any, str]]
    """(text of an address, where one reads figures) -> the value and its name. Raises Http404 for none."""

    def only(self, measures: Sequence[str], value: Any) -> Q:
        """The tallies of these measures that belong to the value."""
        belongs = Q(pk__in=())
        for ways, names in self._by_ways(measures).items():
            for way in ways:
                things = way().filter(value=value).order_by().values("thing")
                belongs |= Q(measure__in=names, counted__thing__in=things)
        return belongs

    def table(self, area: Area, measures: Sequence[str], days: Days | None = None, kind: str = "") -> dict[Any, Sums]:
        """Value -> what it came to. One statement for all measures that belong in the same ways."""
        sums: dict[Any, Sums] = defaultdict(Sums)
        for ways, names in self._by_ways(measures).items():
            first, *more = (way().order_by().values_list("thing", "value") for way in ways)
            pairs = first.union(*more) if more else first.distinct()
            tallies = area.tallies(names, days, kind).order_by().values_list("counted__thing", "measure", "amount")
            pairs_sql, pairs_values = pairs.query.sql_with_params()
            tallies_sql, tallies_values = tallies.query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT pairs.value, tallies.measure, sum(tallies.amount)"
                    f" FROM ({pairs_sql}) AS pairs (thing, value)"
                    f" JOIN ({tallies_sql}) AS tallies (thing, measure, amount) USING (thing)"
                    f" WHERE pairs.value IS NOT NULL GROUP BY pairs.value, tallies.measure",
                    [*pairs_values, *tallies_values],
                )
                for value, measure, amount in cursor.fetchall():
                    sums[value][kind, measure] = int(amount)
        return sums

    def _by_ways(self, measures: Sequence[str]) -> dict[tuple[Way, ...], list[str]]:
        names: dict[tuple[Way, ...], list[str]] = defaultdict(list)
        for measure in measures:
            if measure in self.ways:
                names[self.ways[measure]].append(measure)
        return names


def _came() -> QuerySet[Any]:
    """Whose people came to a service and signed out."""
    came = Offer.objects.filter(left_at__isnull=False, person__memberships__until_at=None)
    return came.annotate(thing=F("order"), value=F("person__memberships__unit"))


def _gave_hours() -> QuerySet[Any]:
    entries = HoursEntry.objects.filter(person__memberships__until_at=None)
    return entries.annotate(thing=F("pk"), value=F("person__memberships__unit"))


def _taken_on(by: str) -> Way:
    return lambda: Project.objects.taken_on().annotate(thing=F("needs"), value=F(by)).filter(thing__isnull=False)


def _served() -> Any:
    return Tally.objects.of("served").values("counted__thing")


def _met_by_unit() -> QuerySet[Any]:
    met = Offer.objects.filter(left_at__isnull=False, person__memberships__until_at=None, order__in=_served())
    return met.annotate(thing=F("order__need"), value=F("person__memberships__unit")).filter(thing__isnull=False)


def _served_by_team() -> QuerySet[Any]:
    return ServiceOrder.objects.annotate(thing=F("pk"), value=F("team")).filter(value__isnull=False)


def _hours_of_team() -> QuerySet[Any]:
    return HoursEntry.objects.annotate(thing=F("pk"), value=F("case__service__team")).filter(value__isnull=False)


def _met_by_team() -> QuerySet[Any]:
    met = ServiceOrder.objects.filter(pk__in=_served(), need__isnull=False)
    return met.annotate(thing=F("need"), value=F("team")).filter(value__isnull=False)


OF_UNITS, OF_TEAMS = (_taken_on("unit"), _met_by_unit), (_taken_on("team"), _met_by_team)
"""A need is met by who took it on as a project, and by whose service met it."""


def _unit(text: str, area: Area) -> tuple[int, str]:
    unit = get_object_or_404(Unit, pk=whole_number(text))
    return unit.pk, unit.name


def _team(text: str, area: Area) -> tuple[int, str]:
    team = get_object_or_404(Team, pk=whole_number(text), grid__in=area.nodes)
    return team.pk, team.name


UNITS = Split("unit", {"served": (_came,), "hours": (_gave_hours,), "needs": OF_UNITS, "urgent_needs": OF_UNITS}, _unit)
TEAMS = Split(
    "team",
    {"served": (_served_by_team,), "hours": (_hours_of_team,), "needs": OF_TEAMS, "urgent_needs": OF_TEAMS},
    _team,
)
