"""To whom each page, each call of the API and each page of the admin opens: said where it stands, in one short list of rules.

    @require_http_methods(["GET", "POST"])
    @opens_to(area("dispatch", _own))
    def desk(request, key): ...

What a rule can decide before the page runs it decides here: not signed in → to the sign-in, else → 403. A rule about one
thing names the function that fetches the thing for this person, or raises Http404 or PermissionDenied; that the page calls
it is proved at start (zhenghe/checks.py), that it decides rightly by the walk over every address (tests/house/test_permissions.py).
Rules by verbs know posts: grids/rights/entry.py."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import resolve_url

RULES = {
    "public": "everybody, without signing in",
    "step": "whoever has done the step of signing in before it",
    "link": "whoever has the unguessable link",
    "key": "a system outside that the county has given a key",
    "signed_in": "anybody who is signed in",
    "own": "whose it is",
    "sees": "who may see the case",
    "seated": "who stands to the case so: as `office` (handles it), `party`, `mediator`, `supervisor` (from above its holder)",
    "leads": "who answers for the node it is about",
    "works": "who is in post in the community it is about, dispatches or keeps safe there",
    "verb": "who holds a post with the verb, anywhere; a|b: with either",
    "within": "who holds a post with the verb in the street it is about, below it or above",
    "area": "who holds a post with the verb at the node it is about, or above",
    "county": "who holds a post with the verb for the whole county",
    "closed": "nobody",
}
"""Every rule there is, by its first word. `desk` before one: in the admin, for roles that work at a desk; by itself: for all
of them. `or` between two: who may by either."""

OPEN = frozenset({"public", "step", "link", "key"})
"""What asks for no sign-in."""

Access = Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    words: str
    access: tuple[Access, ...] = ()
    """What fetches the thing for this person, or raises Http404 or PermissionDenied."""

    @property
    def asks_sign_in(self) -> bool:
        return self.words not in OPEN

    def admits(self, request: HttpRequest) -> bool:
        """All that can be said before the page runs."""
        return True

    def admits_to(self, request: HttpRequest, row: Any) -> bool:
        """To a row of the admin's; None: to its list."""
        return self.admits(request)

    def __or__(self, other: "Rule") -> "Rule":
        return Either(f"{self.words} or {other.words}", self.access + other.access, (self, other))


@dataclass(frozen=True)
class Either(Rule):
    rules: tuple[Rule, ...] = ()

    def admits(self, request: HttpRequest) -> bool:
        return any(rule.admits(request) for rule in self.rules)


@dataclass(frozen=True)
class Closed(Rule):
    def admits(self, request: HttpRequest) -> bool:
        return False


PUBLIC, STEP, LINK, SIGNED_IN = Rule("public"), Rule("step"), Rule("link"), Rule("signed_in")
CLOSED = Closed("closed")
DESK = Rule("desk")
"""A page of the admin's site itself; the site asks for the desk."""


def own(access: Access) -> Rule:
    return Rule("own", (access,))


def keyed(access: Access) -> Rule:
    """`access` finds whose key was sent, or raises PermissionDenied."""
    return Rule("key", (access,))


def sees(access: Access) -> Rule:
    return Rule("sees", (access,))


def seated(standing: str, access: Access) -> Rule:
    return Rule(f"seated:{standing}", (access,))


def leader(access: Access) -> Rule:
    return Rule("leads", (access,))


def works(access: Access) -> Rule:
    return Rule("works", (access,))


@dataclass(frozen=True)
class Rights:
    """What one page declares."""

    opens: Rule | None
    """To whom a GET opens; None: it answers none."""
    posts: Rule
    view: Callable[..., Any] | None = None

    def rules(self) -> Iterator[Rule]:
        if self.opens is not None:
            yield self.opens
        if self.posts is not self.opens:
            yield self.posts


READS = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


def opens_to(rule: Rule | None = None, *, posts: Rule | None = None) -> Callable[[View], View]:
    """Declare to whom a page opens. `posts`: to whom a POST does, where they are not the same; alone: it takes POSTs only."""

    def declare(view: View) -> View:
        place = list(inspect.signature(view).parameters).index("request")
        rights = Rights(rule, posts or rule or CLOSED, view)

        @wraps(view)
        def entered(*args: Any, **kwargs: Any) -> Any:
            request = args[place]
            asked = rights.opens or CLOSED if request.method in READS else rights.posts
            if asked.asks_sign_in and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url("accounts:sign-in"))
            if not asked.admits(request):
                raise PermissionDenied
            return view(*args, **kwargs)

        entered.rights = rights  # type: ignore[attr-defined]
        return cast(View, entered)

    return declare


def rights_of(view: Any) -> Rights | None:
    """What was declared; None: nothing."""
    rights: Rights | None = getattr(view, "rights", None)
    return rights
