"""Rules that know posts (accounts/entry.py says what rules are): a verb of grids/roles.py, anywhere, at one place, or for the
whole county. Posts are read once a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.admin.entry import DeskRights
from accounts.entry import CLOSED, Access, Rule
from grids.models import Grid
from grids.rights.jurisdiction import allows, has_verb, posts_in


@dataclass(frozen=True)
class Anywhere(Rule):
    verbs: tuple[str, ...] = ()

    def admits(self, request: HttpRequest) -> bool:
        posts = posts_in(request)
        return any(has_verb(posts, verb) for verb in self.verbs)


@dataclass(frozen=True)
class County(Anywhere):
    def admits(self, request: HttpRequest) -> bool:
        return any(allows(post, verb, None) for post in posts_in(request) for verb in self.verbs)


@dataclass(frozen=True)
class Area(Anywhere):
    """At a page the access decides. In the admin get_queryset() does, and `of`, the node of a row, where a row that is
    seen may not be written."""

    of: Callable[[Any], Grid | None] | None = None

    def admits(self, request: HttpRequest) -> bool:
        return bool(self.access) or super().admits(request)

    def admits_to(self, request: HttpRequest, row: Any) -> bool:
        if row is None or self.of is None:
            return super().admits(request)
        node = self.of(row)
        return any(allows(post, verb, node) for post in posts_in(request) for verb in self.verbs)


def verb(verbs: str) -> Rule:
    return Anywhere(f"verb:{verbs}", verbs=tuple(verbs.split("|")))


def county(verbs: str) -> Rule:
    return County(f"county:{verbs}", verbs=tuple(verbs.split("|")))


def area(verbs: str, *access: Access, of: Callable[[Any], Grid | None] | None = None) -> Rule:
    return Area(f"area:{verbs}", access, tuple(verbs.split("|")), of)


def within(verbs: str, access: Access) -> Rule:
    return Rule(f"within:{verbs}", (access,))


def kept_by(verbs: str, *, change: Rule | None = None, delete: Rule | None = None, table: Rule = CLOSED) -> DeskRights:
    """A table of settings: this verb opens it, and every row of it, to be read, added and changed. Deleted is what nothing
    names."""
    rule = verb(verbs)
    return DeskRights(
        list=rule,
        view=rule,
        add=rule,
        change=rule if change is None else change,
        delete=rule if delete is None else delete,
        table=table,
    )
