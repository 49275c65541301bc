"""Open data: figures of the county and its communities that anybody may take away. Counts and shares alone, small ones kept
back (dashboards/open_data/suppression.py), no name, no word anybody wrote.

Published at night and the same all day. A month appears when it is over; later corrections flow in with the next night."""

import csv
import hashlib
import hmac
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.personal_data import derived_key
from dashboards.figures.measures import MEASURES
from dashboards.figures.sums import SHARES, Sums
from dashboards.models import Publication, Rollup, Span
from dashboards.open_data.suppression import LEAST, Cell, Sum, kept_back
from grids.models import Grid, Level

MARK = "*"
"""In the CSV, of what is kept back."""
LICENCE = "可以自由使用、转载、加工，请注明来源“政和县社区治理平台”和取用日期。"
UPDATED = "每天凌晨更新；每月的数在月底后的第二天凌晨出现，以后的更正照实计入。"
KEPT_BACK = (
    f"大于 0、小于 {LEAST} 的数不公开，分母小于 {LEAST} 的不计比率；能由合计推算出这些数的其他数也不公开。"
    "不公开的数在 CSV 里写“*”，在 JSON 里为空值，列名列在 suppressed；分母为零的比率为空。"
)
COUNTY_ROW, REST_ROW = "county", "rest"


@dataclass(frozen=True)
class Column:
    """A count, or a share of two counts, under a name that stays."""

    name: str
    label: str
    means: str
    unit: str
    measure: str = ""
    kind: str = ""
    share: str = ""
    like: str = ""
    """Kept back wherever that other column is: it says the same."""
    is_of_people: bool = True
    """Whether small numbers are kept back."""


def _count(measure: str, *, kind: str = "", like: str = "", is_of_people: bool = True) -> Column:
    definition = MEASURES[measure]
    means = f"{definition.means}。" + (f"按{definition.day}计入。" if definition.day else "")
    return Column(
        measure, definition.label, means, definition.unit, measure, kind, like=like, is_of_people=is_of_people
    )


def _rate(code: str) -> Column:
    share = SHARES[code]
    return Column(f"{code}_rate", share.label, share.means, "%", share=code)


def _parts(code: str) -> list[Column]:
    """A share with both its counts."""
    share = SHARES[code]
    return [_count(share.whole, kind=share.kind), _count(share.part, kind=share.kind), _rate(code)]


@dataclass(frozen=True)
class Dataset:
    name: str
    title: str
    says: str
    is_of_months: bool
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "monthly",
            "每月办理情况",
            "每个社区和全县每月登记、办结、三率、按时办结、调解、志愿服务的数。",
            True,
            (
                _count("opened"),
                _count("finished"),
                *_parts("response"),
                *_parts("solved"),
                *_parts("satisfied")[1:],
                *_parts("in_time"),
                *_parts("mediation"),
                _count("served"),
                _count("hours", like="served"),
                _count("needs"),
                _count("urgent_needs"),
            ),
        ),
        Dataset(
            "stock",
            "现有情况",
            "每个社区和全县现在有多少小区、党小组、网格、阵地、队伍和队员，在办多少事项。",
            False,
            (
                *(_count(measure, is_of_people=False) for measure in ("communities", "estates", "groups", "grids")),
                *(_count(measure, is_of_people=False) for measure in ("centres", "tea_tables", "teams", "societies")),
                *(_count(measure) for measure in ("members", "stewards", "reported", "open")),
            ),
        ),
    )
}


@dataclass
class Place:
    """A row of a period: the county, a community, or what lies in no community."""

    key: str
    level: str
    name: str
    code: str = ""


@dataclass
class Table:
    """What a dataset comes to, before anything is kept back."""

    dataset: Dataset
    periods: list[str]
    places: list[Place]
    amounts: dict[Cell, int] = field(default_factory=dict)
    """(period, place, column) -> how much."""

    def hidden(self) -> set[Cell]:
        hidden: set[Cell] = set()
        for column in self.dataset.columns:
            if column.measure and column.is_of_people and not column.like:
                hidden |= self._hidden_of(column)
        for column in self.dataset.columns:
            if column.like:
                hidden |= {(period, place, column.name) for period, place, name in hidden if name == column.like}
        return hidden

    def _hidden_of(self, column: Column) -> set[Cell]:
        """The county is its communities and the rest, in every month; and what the county came to in all months together
        is known from other pages."""
        cells = {cell: amount for cell, amount in self.amounts.items() if cell[2] == column.name}
        of_months = [(period, COUNTY_ROW, column.name) for period in self.periods]
        parts = [place.key for place in self.places if place.key != COUNTY_ROW]
        sums = [Sum(total, [(total[0], key, column.name) for key in parts]) for total in of_months]
        ever = ("", COUNTY_ROW, column.name)
        if self.dataset.is_of_months:
            cells[ever] = sum(cells[total] for total in of_months)
            sums.append(Sum(ever, of_months))
        return kept_back(cells, sums, public={ever}, order=_drawn)

    def rows(self) -> Iterator[dict[str, Any]]:
        hidden = self.hidden()
        for period in self.periods:
            for place in self.places:
                yield self._row(period, place, hidden)

    def _row(self, period: str, place: Place, hidden: set[Cell]) -> dict[str, Any]:
        row: dict[str, Any] = {"level": place.level, "name": place.name, "code": place.code}
        if self.dataset.is_of_months:
            row = {"month": period, **row}
        suppressed = []
        for column in self.dataset.columns:
            value, is_hidden = self._value(period, place.key, column, hidden)
            row[column.name] = value
            suppressed += [column.name] if is_hidden else []
        return {**row, "suppressed": suppressed}

    def _value(self, period: str, place: str, column: Column, hidden: set[Cell]) -> tuple[float | None, bool]:
        """(what is published, whether it is kept back)."""
        if not column.share:
            cell = (period, place, column.name)
            return (None, True) if cell in hidden else (self.amounts[cell], False)
        share = SHARES[column.share]
        part, whole = (period, place, share.part), (period, place, share.whole)
        if part in hidden or whole in hidden:
            return None, True
        if not self.amounts[whole]:
            return None, False
        return round(100 * self.amounts[part] / self.amounts[whole], 2), False


def _drawn(cell: Cell) -> bytes:
    """The same every night, and nobody can guess it."""
    return hmac.new(derived_key("open data"), repr(cell).encode(), hashlib.sha256).digest()


def table_of(dataset: Dataset, *, at: datetime) -> Table:
    """One query of rollups, one of communities."""
    span = Span.MONTH if dataset.is_of_months else Span.NOW
    counts = [column for column in dataset.columns if column.measure]
    wanted = {column.measure for column in counts}
    rows = Rollup.objects.filter(Q(node=None) | Q(node__level=Level.COMMUNITY), span=span)
    if dataset.is_of_months:
        rows = rows.filter(day__lt=localdate(at).replace(day=1))
    sums: dict[tuple[date, int | None], Sums] = defaultdict(Sums)
    for day, node, kind, amounts in rows.values_list("day", "node", "kind", "amounts"):
        if not wanted.isdisjoint(amounts):
            sums[day, node].add(kind, amounts)
    days = sorted({day for day, _ in sums}, reverse=True)
    nodes = {node for _, node in sums}
    communities = Grid.objects.filter(level=Level.COMMUNITY).filter(Q(retired_at=None) | Q(pk__in=nodes - {None}))
    listed = list(communities.order_by("tree_id", "lft"))
    places = [
        Place(COUNTY_ROW, "全县", "政和县"),
        *(Place(str(node.pk), "社区", node.name, node.code or "") for node in listed),
        Place(REST_ROW, "其他", "不属于哪个社区（街道直接办理）"),
    ]
    table = Table(dataset, [f"{day:%Y-%m}" for day in days], places)
    for day, period in zip(days, table.periods, strict=True):
        for column in counts:
            total = sums[day, None].of(column.measure, column.kind)
            each = {str(node.pk): sums[day, node.pk].of(column.measure, column.kind) for node in listed}
            each |= {COUNTY_ROW: total, REST_ROW: total - sum(each.values())}
            table.amounts |= {(period, key, column.name): amount for key, amount in each.items()}
    return table


def publish(*, at: datetime) -> None:
    """Publish every dataset as it stands now. What is the same as before keeps its time."""
    for dataset in DATASETS.values():
        content = {
            "dataset": dataset.name, "title": dataset.title, "description": dataset.says, "licence": LICENCE,
            "updates": UPDATED, "suppression": KEPT_BACK,
            "columns": [
                {"name": column.name, "label": column.label, "unit": column.unit, "meaning": column.means}
                for column in dataset.columns
            ],
            "rows": list(table_of(dataset, at=at).rows()),
        }  # fmt: skip
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        if not Publication.objects.filter(dataset=dataset.name, digest=digest).exists():
            fields = {"content": content, "digest": digest, "made_at": at}
            Publication.objects.update_or_create(dataset=dataset.name, defaults=fields)


def published(dataset: Dataset, *, at: datetime) -> Publication:
    """As it was published last; now, where that never was."""
    publication = Publication.objects.filter(dataset=dataset.name).first()
    if publication is None:
        publish(at=at)
        publication = Publication.objects.get(dataset=dataset.name)
    return publication


def as_csv(publication: Publication) -> bytes:
    """With a mark at its beginning by which Excel knows that it is UTF-8."""
    columns = DATASETS[publication.dataset].columns
    heads = ["month"] * DATASETS[publication.dataset].is_of_months + [
        "level",
        "name",
        "code",
        *(column.name for column in columns),
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in publication.content["rows"]:
        writer.writerow(MARK if name in row["suppressed"] else _plain(row[name]) for name in heads)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    """Nothing for what cannot be said; a name that a spreadsheet would run is quoted."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return "" if value is None else value


def content_of(publication: Publication) -> dict[str, Any]:
    return {**publication.content, "updated_at": publication.made_at.isoformat()}


def as_json(publication: Publication) -> bytes:
    return json.dumps(content_of(publication), ensure_ascii=False, indent=1).encode()
