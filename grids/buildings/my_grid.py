"""我的网格: who answers for a door, on both trees, and what is to be known there. Public, so names, posts and duty phones
only. The page is a row of sections: each function of SECTIONS gives one, or None where it has nothing to say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from grids.models import Building, Grid, Level, Post
from grids.police import safety
from grids.roles import ROLES, spoken_title
from grids.territory import services as territory
from grids.tree.gaps import LEADING


@dataclass(frozen=True)
class Door:
    """An address as far as it is known: a 小区 or community, and a building of it."""

    place: Grid
    building: Building | None = None

    @property
    def grid(self) -> Grid:
        """The lowest node of the party tree that is known to answer."""
        return self.building.answering_grid if self.building else self.place

    @property
    def words(self) -> str:
        return f"{self.place.name} {self.building.label}" if self.building else self.place.name


@dataclass(frozen=True)
class Section:
    template: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Answering:
    """One post of a line, as the public reads it."""

    title: str
    names: tuple[str, ...]
    """Nobody where it is vacant."""
    stands_in: str
    """Who answers for a vacant post: the nearest one above."""
    phone: str


def sections(door: Door, *, at: datetime) -> list[Section]:
    return [section for make in SECTIONS if (section := make(door, at)) is not None]


def party_line(grid: Grid, *, at: datetime) -> list[Answering]:
    """Who leads at each level from `grid` up to the street, and the community's police."""
    line = list(Grid.objects.upward_from(grid))
    roles = {*LEADING.values(), "police_officer"}
    held = Post.objects.held_at(at).filter(grid__in=[node.pk for node in line], role__in=roles).select_related("person")
    posts = list(held.order_by("from_at", "pk"))

    def names(node: Grid, role: str) -> tuple[str, ...]:
        return tuple(post.person.name for post in posts if post.grid_id == node.pk and post.role == role)

    rows = [
        (spoken_title(node.name, ROLES[LEADING[node.level]].label), names(node, LEADING[node.level]), node.duty_phone)
        for node in line
    ]
    answering = with_stand_ins(rows)
    community = next((node for node in line if node.level == Level.COMMUNITY), None)
    officers = names(community, "police_officer") if community else ()
    if community is not None and officers:
        title = spoken_title(community.name, ROLES["police_officer"].label)
        answering.append(Answering(title, officers, "", ""))
    return answering


def territory_line(door: Door, *, at: datetime) -> list[Answering]:
    """The 五长 of a door, from its 户组 up to the 片区; none where it lies in no 片区."""
    node = territory.node_for(door.place, door.building)
    if node is None:
        return []
    rows = [
        (
            spoken_title(holders.node.name, holders.node.post_label),
            tuple(post.person.name for post in holders.posts),
            holders.node.duty_phone,
        )
        for holders in territory.line_of(node, at=at)
    ]
    return with_stand_ins(rows)


def with_stand_ins(rows: list[tuple[str, tuple[str, ...], str]]) -> list[Answering]:
    """(title, names, phone), nearest first: a vacant post is answered for by the nearest one above that is held. Each has
    the phone of its own place; the nearest, whom one turns to first, that of the nearest place that has one."""
    nearest_phone = next((phone for _, _, phone in rows if phone), "")
    line: list[Answering] = []
    above = ""
    for title, names, phone in reversed(rows):
        line.append(Answering(title, names, "" if names else above, phone))
        if names:
            above = f"{title} {names[0]}"
    line.reverse()
    return [replace(line[0], phone=nearest_phone), *line[1:]] if line else []


def _answering(door: Door, at: datetime) -> Section:
    facts = {
        "party": party_line(door.grid, at=at),
        "territory": territory_line(door, at=at),
        "is_door": door.building is not None,
    }
    return Section("grids/_answering.html", facts)


def _safety(door: Door, at: datetime) -> Section | None:
    notices = safety.notices_for(door.grid, at=at)
    return Section("grids/_safety.html", {"notices": notices}) if notices else None


SECTIONS: list[Callable[[Door, datetime], Section | None]] = [_safety, _answering]
