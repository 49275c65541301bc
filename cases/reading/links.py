"""Where else a case's page may lead: rooms above offer ways on from cases of other kinds. A registry turns the arrow.

Called with (case, standing of whoever looks); gives (label, address) pairs."""

from collections.abc import Callable, Iterable

from cases.models import Case

LINKS: list[Callable[[Case, frozenset[str]], Iterable[tuple[str, str]]]] = []


def links_from(case: Case, standing: frozenset[str]) -> list[tuple[str, str]]:
    return [link for offer in LINKS for link in offer(case, standing)]
