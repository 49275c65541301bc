"""Whom to ask at one door: the few people who tell its rule from every other one that could stand there by mistake.

Two rules differ by somebody whom the one lets in and the other does not. So of all rules of the table and of every verb, at
each node of the thing's line and beside it, one such person is asked: the nearest who may, the nearest who may not."""

from collections.abc import Iterable
from dataclasses import replace

from grids.roles import ROLES
from tests.support.everybody import Somebody
from tests.support.reckoning import Ground, Thing, may_enter

VERBS = sorted({verb for role in ROLES.values() for verb in role.verbs})
BY_VERBS = [f"{desk}{word}:{verb}" for desk in ("", "desk ") for word in ("verb", "area", "county") for verb in VERBS]
BESIDE = (" sister", " foreign")


class Tellers:
    def __init__(self, everybody: list[Somebody], ground: Ground, rules: Iterable[str]) -> None:
        self.everybody, self.ground = everybody, ground
        nodes = [replace(ground.thing(""), node=node) for node in [*ground.line, None]]
        others = {*BY_VERBS, *rules, "desk"} - {""}
        self.others = {self._allowed(rule, thing) for rule in others for thing in nodes}
        self._told: dict[tuple[frozenset[str], bool], frozenset[str]] = {}

    def allowed(self, rule: str, door: str) -> frozenset[str]:
        return self._allowed(rule, self.ground.thing(door))

    def of_door(self, rule: str, door: str) -> list[Somebody]:
        """Who is asked there."""
        key = self.allowed(rule, door), "area:" in rule
        if key not in self._told:
            self._told[key] = self._chosen(rule, key[0])
        return [somebody for somebody in self.everybody if somebody.name in self._told[key]]

    def _allowed(self, rule: str, thing: Thing) -> frozenset[str]:
        return frozenset(somebody.name for somebody in self.everybody if may_enter(rule, somebody, thing))

    def _chosen(self, rule: str, may: frozenset[str]) -> frozenset[str]:
        """The fewest people, chosen one by one, of whom each other rule would treat one otherwise."""
        wider = {may | self._beside(rule, place) for place in BESIDE if "area:" in rule}
        left = {may ^ other for other in (self.others | wider) - {may}}
        chosen: set[str] = set()
        while left:
            names = [somebody.name for somebody in self.everybody]
            best = max(names, key=lambda name: sum(name in differ for differ in left))
            chosen.add(best)
            left = {differ for differ in left if best not in differ}
        return frozenset(chosen)

    def _beside(self, rule: str, place: str) -> frozenset[str]:
        """Whom it would let in as well, did it take this place for the thing's own."""
        return frozenset(name for name in self.allowed(rule.replace("area:", "verb:"), "") if name.endswith(place))
