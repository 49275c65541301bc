"""Who is a voice in a vote, from who lives where and owns what. Pure.

业主人数 (最高法院区分所有权司法解释 9): one 专有部分 counts as one person; several that belong to the same buyer count as one.
Of a household, and of those who own a home together, whoever votes first gives the one voice."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from meetings.votes.quorum import Basis


@dataclass(frozen=True)
class Member:
    """Somebody at a home, on the day the roll is drawn up."""

    home: int
    person: int
    is_adult: bool
    lives_there: bool
    owns: bool
    is_spokesperson: bool


@dataclass(frozen=True)
class Voice:
    homes: frozenset[int]
    people: frozenset[int]
    """Who may give it."""
    area: Decimal = Decimal(0)


def voices(basis: str, members: Iterable[Member], homes: Mapping[int, Decimal]) -> list[Voice]:
    """One of each voice, in no order that tells anything. `homes`: the area of every home there is."""
    grown = [member for member in members if member.is_adult]
    if basis == Basis.OWNERS:
        return _owners(members, homes)
    if basis == Basis.HOUSEHOLDS:
        return _grouped((member.home, member) for member in grown if member.lives_there)
    if basis == Basis.SPOKESPEOPLE:
        return _grouped((member.person, member) for member in grown if member.is_spokesperson)
    return _grouped((member.person, member) for member in grown if member.lives_there)


def _grouped(rows: Iterable[tuple[Hashable, Member]]) -> list[Voice]:
    groups: dict[Hashable, list[Member]] = defaultdict(list)
    for key, member in rows:
        groups[key].append(member)
    return [
        Voice(frozenset(member.home for member in group), frozenset(member.person for member in group))
        for group in groups.values()
    ]


def _owners(members: Iterable[Member], homes: Mapping[int, Decimal]) -> list[Voice]:
    """Homes with the very same owners are one voice with all their area. A home whose owner is not known is a voice that
    nobody can give: it belongs to the whole all the same."""
    owners: dict[int, set[int]] = defaultdict(set)
    for member in members:
        if member.owns:
            owners[member.home].add(member.person)
    held: dict[frozenset[int], set[int]] = defaultdict(set)
    for home, people in owners.items():
        held[frozenset(people)].add(home)
    known = [
        Voice(frozenset(theirs), people, sum((homes[home] for home in theirs), Decimal(0)))
        for people, theirs in held.items()
    ]
    unknown = [Voice(frozenset({home}), frozenset(), area) for home, area in homes.items() if home not in owners]
    return known + unknown
