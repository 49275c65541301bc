"""The walk: who is let in at a door, held against tests/frozen/permissions.csv and tests/support/reckoning.py."""

import csv
from collections.abc import Iterable
from typing import Any

from tests.support import frozen
from tests.support.addresses import address_of
from tests.support.everybody import Somebody
from tests.support.reckoning import Ground
from tests.support.tellers import Tellers
from tests.support.walk import changed_since, let_in, opens, post, written

TABLE = frozen.FOLDER / "permissions.csv"
ROWS = list(csv.DictReader(TABLE.open()))
OPENS = {row["door"]: row["opens_to"] for row in ROWS}
"""To whom a GET opens; "" to nobody, for the door answers none."""
POSTS = {row["door"]: row["posts"] or row["opens_to"] for row in ROWS}
NO_SUCH_METHOD = 405
DOORS_A_RULE = 3
"""At so many everybody is asked."""


def written_out(lines: Iterable[tuple[str, str, str]]) -> str:
    return "".join(f"{','.join(line)}\n" for line in [("door", "opens_to", "posts"), *lines])


class Walk:
    def __init__(self, everybody: list[Somebody], args: dict[str, Any], ground: Ground) -> None:
        self.everybody, self.args = everybody, args
        self.tellers = Tellers(everybody, ground, {*OPENS.values(), *POSTS.values()})
        self.requests = 0
        """So many were made."""

    def some_doors_a_rule(self) -> list[str]:
        """Of each rule, whichever its verb, some doors that a GET opens by it."""
        by_rule: dict[str, dict[str, str]] = {}
        for door, rule in OPENS.items():
            if rule:
                word = rule.partition(":")[0] if "seated" not in rule else rule
                by_rule.setdefault(word, {})[rule] = door
        return [door for doors in by_rule.values() for door in list(doors.values())[:DOORS_A_RULE]]

    def wrong_at(self, door: str) -> list[str]:
        """What is not as the table says, asked of who tells its rules from others."""
        if " " in door:
            return []  # acts on ticked rows have a test of their own
        wrong = self.wrong_for(OPENS[door], door, self.tellers.of_door(OPENS[door], door)) if OPENS[door] else []
        return wrong + self._wrong_posts(door)

    def wrong_for(self, rule: str, door: str, asked: list[Somebody]) -> list[str]:
        allowed, address = self.tellers.allowed(rule, door), address_of(door, self.args)
        self.requests += len(asked)
        opened = {somebody.name for somebody in asked if opens(somebody.client, address)}
        may = {somebody.name for somebody in asked} & allowed
        return [
            f"{door} ({rule}) {fault} {sorted(names)}"
            for fault, names in (("opens to", opened - may), ("is closed to", may - opened))
            if names
        ]

    def _wrong_posts(self, door: str) -> list[str]:
        """An empty form of each: whoever the door is closed to is turned away, and nothing is written. Where it answers no
        GET, whoever it is open to is let in with it."""
        rule, address = POSTS[door], address_of(door, self.args)
        allowed, asked = self.tellers.allowed(rule, door), self.tellers.of_door(rule, door)
        before = written()
        taken = self._let_in([somebody for somebody in asked if somebody.name not in allowed], address)
        left = changed_since(before)
        wrong = [f"{door} ({rule}) takes a form of {taken}, writes in {sorted(left)}"] if taken or left else []
        if not OPENS[door]:
            inside = [somebody for somebody in asked if somebody.name in allowed]
            refused = {somebody.name for somebody in inside} - set(self._let_in(inside, address))
            wrong += [f"{door} ({rule}) takes no form of {sorted(refused)}"] if refused else []
            self.requests += len(inside[:1])
            wrong += [
                f"{door} answers a GET of {somebody.name}" for somebody in inside[:1] if opens(somebody.client, address)
            ]
        return wrong

    def _let_in(self, people: list[Somebody], address: str) -> list[str]:
        names = []
        for somebody in people:
            answer = post(somebody.client, address)
            self.requests += 1
            if answer.status_code == NO_SUCH_METHOD:
                return []  # it takes a POST of nobody
            if let_in(answer, address):
                names.append(somebody.name)
        return names
