"""Each role of grids/roles.py at its own place on one line of the tree, on a line beside it, and in a foreign street. Of
roles without verbs all that is asked is that they open nothing: at each level of the line, and once elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pytest
from django.test import Client

from accounts.models import User
from grids.models import Grid
from grids.posts.services import appoint
from grids.roles import ROLES
from grids.tree import services as tree
from tests.support import frozen
from tests.support.cast import ZONE, Town, signed_in

VERBS_OF = {row["role"]: row["verbs"].split() for row in frozen.read("roles")}
"""What each role may do, as it was agreed to."""
SINCE = datetime(2026, 1, 1, tzinfo=ZONE)


@dataclass
class Somebody:
    name: str
    person: User | None
    role: str = ""
    node: Grid | None = None

    @cached_property
    def client(self) -> Client:
        return signed_in(self.person) if self.person else Client()

    def has(self, verb: str) -> bool:
        return bool(self.role) and verb in VERBS_OF[self.role]

    def covers(self, node: Grid) -> bool:
        return self.node is None or (self.node.tree_id == node.tree_id and self.node.lft <= node.lft <= self.node.rght)

    def may(self, verb: str, node: Grid) -> bool:
        return self.has(verb) and self.covers(node)


def _line(street: Grid, name: str, code: str) -> list[Grid]:
    """A community of this street with one node at each level below it."""
    nodes = [tree.add(parent=street, name=f"{name}社区", code=code)]
    for word in ("小区", "小区第一党小组", "1号网格"):
        nodes.append(tree.add(parent=nodes[-1], name=f"{name}{word}"))
    return nodes


@pytest.fixture
def everybody(town, resident, neighbour) -> list[Somebody]:
    return appoint_everybody(town, resident, neighbour)


def appoint_everybody(town: Town, resident: User, neighbour: User) -> list[Somebody]:
    """Each role at its own place on the case's line, on a line beside it, and in a foreign street."""
    own = [town.street, town.community, town.estate, town.group, town.grid]
    sister = [None, *_line(town.street, "凤嘴", f"{town.street.code}007")]
    foreign = [town.other_street, *_line(town.other_street, "石屯", "350725101002")]
    people = [Somebody("stranger", None), Somebody("asker", resident), Somebody("neighbour", neighbour)]
    for role, row in ROLES.items():
        for level in row.levels:
            for place, line in (("own", own), ("sister", sister), ("foreign", foreign)):
                if place != "own" and not row.verbs and (place == "sister" or level != row.levels[-1]):
                    continue
                node = None if level is None else line[level]
                if level is None and place != "own":
                    continue
                if level is not None and node is None:
                    continue
                person = User.objects.create_user(phone=f"1390100{len(people):04d}", name=f"{row.label}{place}")
                if node is not None:
                    node.refresh_from_db()
                appoint(person=person, role=role, grid=node, from_at=SINCE)
                User.objects.filter(pk=person.pk).update(must_set_password=False)
                person.refresh_from_db()
                people.append(Somebody(f"{role} {level} {place}", person, role, node))
    for somebody in people:
        somebody.client = signed_in(somebody.person) if somebody.person else Client()
        if somebody.node is not None:
            somebody.node.refresh_from_db()
    return people


def each_once(people: list[Somebody]) -> list[Somebody]:
    """Of those who may do the same in the same place, one; nobody from elsewhere."""
    chosen: dict[str, Somebody] = {}
    for somebody in people:
        may_nothing = somebody.role and not ROLES[somebody.role].verbs
        if not somebody.name.endswith((" sister", " foreign")):
            chosen.setdefault("no verbs" if may_nothing else somebody.role or somebody.name, somebody)
    return list(chosen.values())


def by_turns(people: list[Somebody], turn: int, most: int) -> list[Somebody]:
    """So many of them, others at the next turn: over many pages everybody reads some, and each page is read by several."""
    start = turn * most % len(people) if people else 0
    return (people[start:] + people[:start])[:most]
