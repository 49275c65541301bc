"""Which place a text names: an estate or community, and the house in it. Read once for many texts."""

from grids.buildings.addresses import Door, Named, door_of, named
from grids.models import Building, Grid, Level
from grids.models.querysets import GridQuerySet
from residents.services import Place


class Places:
    def __init__(self, within: GridQuerySet) -> None:
        self.nodes: dict[str, list[Grid]] = {}
        for node in within.current().filter(level__in=(Level.COMMUNITY, Level.ESTATE)):
            self.nodes.setdefault(node.name, []).append(node)
        estates = [node.pk for several in self.nodes.values() for node in several]
        self.buildings = {
            (building.estate_id, door_of(building.name, building.unit)): building
            for building in Building.objects.filter(estate__in=estates).select_related("grid", "estate")
        }

    def meant_by(self, *texts: str) -> list[Place]:
        """What the first of these texts that names a place may mean. Of several, somebody who knows them has to say which."""
        for text in texts:
            if mentions := named(text, self.nodes):
                return self._of(mentions)
        return []

    def _of(self, mentions: list[Named]) -> list[Place]:
        doors: dict[Grid, Door | None] = {}
        for place in mentions:
            for node in self.nodes[place.name]:
                doors[node] = doors.get(node) or place.door
        nodes = [node for node in doors if not any(other != node and node.covers(other) for other in doors)]
        return [Place(node, self._building(node, doors[node])) for node in nodes]

    def _building(self, estate: Grid, door: Door | None) -> Building | None:
        """Of a house whose units have doors of their own, only where the unit is said."""
        if door is None:
            return None
        return self.buildings.get((estate.pk, door)) or self.buildings.get((estate.pk, Door(door.house, "")))
