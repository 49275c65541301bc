"""Whom to ask at one door: the few people who tell its rule from every other one that could stand there by mistake.

Two rules differ by somebody whom the one lets in and the other does not. So of all rules of the table and of every verb, at
this thing's place, above it and beside it, one such person is asked: the nearest who may, the nearest who may not."""

from collections.abc import Iterable
from functools import cache

from grids.roles import ROLES
from tests.everybody import Somebody
from tests.reckoning import Ground, may_enter

VERBS = sorted({verb for role in ROLES.values() for verb in role.verbs})
BY_VERBS = [f"{desk}{word}:{verb}" for desk in ("", "desk ") for word in ("verb", "area", "county") for verb in VERBS]
ABOVE, BESIDE = ("admin:meetings_voterule_change", "admin:cases_routingrule_change"), (" sister", " foreign")
"""Doors to a thing of the street, and of the county: where a rule would look that looked too high."""


class Tellers:
    def __init__(self, everybody: list[Somebody], ground: Ground, rules: Iterable[str]) -> None:
        self.everybody, self.ground = everybody, ground
        self.others = sorted({*BY_VERBS, *rules, "desk"} - {""})
        self.of = cache(self._of)

    def of_door(self, rule: str, door: str) -> list[Somebody]:
        """Who is asked there."""
        names = self.of(rule, self.allowed(rule, door))
        return [one for one in self.everybody if one.name in names]

    @cache  # noqa: B019 - lives as long as the test
    def allowed(self, rule: str, door: str) -> frozenset[str]:
        return frozenset(one.name for one in self.everybody if may_enter(rule, one, door, self.ground))

    def _of(self, rule: str, may: frozenset[str]) -> frozenset[str]:
        """The fewest people, chosen one by one, of whom each other rule would treat one otherwise."""
        left = {may ^ other for other in self._alternatives(rule, may)}
        chosen: set[str] = set()
        while left:
            names = [one.name for one in self.everybody]
            best = max(names, key=lambda name: sum(name in differ for differ in left))
            chosen.add(best)
            left = {differ for differ in left if best not in differ}
        return frozenset(chosen)

    def _alternatives(self, rule: str, may: frozenset[str]) -> set[frozenset[str]]:
        here = {self.allowed(other, door) for other in self.others for door in ("", *ABOVE)}
        wider = {may | self._beside(rule, place) for place in BESIDE if "area:" in rule}
        return (here | wider) - {may}

    def _beside(self, rule: str, place: str) -> frozenset[str]:
        """Whom it would let in as well, did it take this place for the thing's own."""
        anywhere = rule.replace("area:", "verb:")
        return frozenset(name for name in self.allowed(anywhere, "") if name.endswith(place))
