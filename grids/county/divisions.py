"""The official divisions of 政和县 (350725), read from divisions_350725.csv. Source and edition: docs/rooms/grid.md."""

from dataclasses import dataclass
from pathlib import Path

from tables.shipped import read_shipped

FILE = Path(__file__).with_name("divisions_350725.csv")
XIONGSHAN = "350725001"


@dataclass(frozen=True)
class Division:
    code: str
    name: str
    parent_code: str

    @property
    def short_name(self) -> str:
        """ "宜和社区居委会" is spoken of as "宜和社区"."""
        return self.name.removesuffix("居委会")


def communities_of(street_code: str) -> list[Division]:
    """Its residents' committees (last three digits 001–199); villages stay outside the street's grid."""
    rows = [Division(row["code"], row["name"], row["parent_code"]) for row in read_shipped(FILE)]
    return [row for row in rows if row.parent_code == street_code and row.code[9:] < "200"]
