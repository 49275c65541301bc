"""A unit's roster from a table: each row a person or a reject with its reason; a second run adds nothing.

Whoever is on it is known, not bound: a volunteer is only who agrees in person, a report waits for the branch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.models.user import phone_index
from accounts.numbers import normalise_phone
from accounts.personal_data import clean_name, mask_name
from cases.models import Category
from grids.models import Grid, Level, Unit
from grids.models.querysets import GridQuerySet
from tables import undo
from tables.batches import batches, written
from tables.heads import Column, Layout
from tables.reading import Row as RawRow
from tables.reading import read_table
from tables.report import Report
from volunteers.models import DutyReport, Membership, Volunteer
from volunteers.services.people import new_number

ROSTER = Layout(
    "roster",
    "单位名单",
    "人员",
    (
        Column("姓名", ("名字",), is_needed=True),
        Column("手机号", ("手机", "手机号码", "电话", "联系电话"), is_needed=True),
        Column("单位", ("工作单位", "单位名称"), is_needed=True),
        Column("身份", ("在职/退休",), is_needed=True),
        Column("报到社区/小区", ("报到小区", "报到社区", "报到地")),
        Column("特长", ("技能",)),
    ),
)
PARTY = "党员"
EMPLOYMENTS = {label: value for value, label in Membership.Employment.choices}
BATCH = 1000


@dataclass(frozen=True)
class Row:
    """One person, read and found sound."""

    phone: str
    index: str
    name: str
    unit: Unit
    employment: str
    place: Grid | None
    """Where a party member reports to."""
    skills: tuple[Category, ...]


def import_roster(
    *,
    file: Path | bytes,
    at: datetime,
    within: GridQuerySet | None = None,
    is_trial: bool = False,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """A batch of rows is one transaction; of a trial nothing stays. Reports go to places of `within`, where given.

    Raises ValidationError if the file is no table with the columns that are needed."""
    table = read_table(file, ROSTER)
    report = Report.of(table)
    reader = _Reader(within=Grid.objects.all() if within is None else within)
    for batch in batches(progress(table.rows), BATCH):
        good: list[tuple[Row, RawRow]] = []
        for raw in batch:
            try:
                good.append((reader.read(raw), raw))
            except ValidationError as refusal:
                report.reject(raw, refusal)
        with written(is_trial=is_trial):
            # Two rosters at once wait for each other: else both would find the same person missing.
            list(Unit.objects.select_for_update(no_key=True).order_by("pk"))
            _write(good, report, at=at)
    report.rejects.sort(key=lambda reject: reject.line)
    return report


class _Reader:
    """Makes a `Row` of a row; units, places and skills are looked up once for the whole file."""

    def __init__(self, *, within: GridQuerySet) -> None:
        self.units = {unit.name: unit for unit in Unit.objects.all()}
        self.places: dict[str, list[Grid]] = {}
        for node in within.current().filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("pk"):
            self.places.setdefault(node.name, []).append(node)
        skills = Category.objects.filter(kind="service", retired_at=None)
        self.skills = {skill.name: skill for skill in skills} | {skill.path: skill for skill in skills}
        self.first_line: dict[str, int] = {}

    def read(self, raw: RawRow) -> Row:
        raw.check()
        name = clean_name(raw.text("姓名"))
        if not name or len(name) > 50:
            raise ValidationError("没有姓名，或姓名太长")
        if not (digits := undo.number(raw["手机号"])):
            raise ValidationError("没有手机号")
        phone = normalise_phone(digits)
        unit = self._unit(raw.text("单位"))
        employment = _split(raw.text("身份").replace(f"中共{PARTY}", PARTY).replace(PARTY, f" {PARTY} "))
        words = [word for word in employment if word != PARTY]
        is_party = PARTY in employment
        if len(words) != 1 or words[0] not in EMPLOYMENTS:
            raise ValidationError("身份应写明“在职”或“退休”，党员另加“党员”")
        place = self._place(raw.text("报到社区/小区"))
        if is_party and place is None:
            raise ValidationError("党员要填报到社区或小区")
        skills = tuple(self._skill(word) for word in _split(raw.text("特长")))
        index = phone_index(phone)
        if index in self.first_line:
            raise ValidationError(f"手机号与第 {self.first_line[index]} 行重复")
        self.first_line[index] = raw.line
        return Row(phone, index, name, unit, EMPLOYMENTS[words[0]], place if is_party else None, skills)

    def _unit(self, name: str) -> Unit:
        unit = self.units.get(name)
        if unit is None:
            raise ValidationError(f"没有登记过单位“{name}”，请先登记" if name else "没有单位")
        if not unit.is_active:
            raise ValidationError(f"单位“{name}”已停用")
        return unit

    def _place(self, name: str) -> Grid | None:
        if not name:
            return None
        nodes = self.places.get(name, [])
        if len(nodes) != 1:
            raise ValidationError(f"有 {len(nodes)} 处叫“{name}”，请写全称" if nodes else f"没有社区或小区叫“{name}”")
        return nodes[0]

    def _skill(self, name: str) -> Category:
        if name not in self.skills:
            raise ValidationError(f"特长里没有“{name}”，请从服务分类里选")
        return self.skills[name]


def _split(text: str) -> list[str]:
    for sign in "，、;；/+ ":
        text = text.replace(sign, ",")
    return [word for word in text.split(",") if word]


def _write(good: list[tuple[Row, RawRow]], report: Report, *, at: datetime) -> None:
    """People, volunteers, memberships and reports in a handful of statements, whatever their number."""
    people = {user.phone_index: user for user in User.objects.filter(phone_index__in=[row.index for row, _ in good])}
    kept: list[Row] = []
    for row, raw in good:
        known = people.get(row.index)
        if known is not None and known.name != row.name:
            report.reject(raw, ValidationError(f"这个手机号已登记为{mask_name(known.name)}，与姓名不符"))
        else:
            kept.append(row)
    unusable = make_password(None)
    new = [
        User(phone=row.phone, phone_index=row.index, name=row.name, password=unusable, joined_at=at)
        for row in kept
        if row.index not in people
    ]
    people |= {user.phone_index: user for user in User.objects.bulk_create(new, BATCH)}
    ids = [people[row.index].pk for row in kept]
    members = set(Membership.objects.filter(person__in=ids, until_at=None).values_list("person", "unit"))
    added = [row for row in kept if (people[row.index].pk, row.unit.pk) not in members]
    Membership.objects.bulk_create(
        (Membership(unit=row.unit, person=people[row.index], employment=row.employment, from_at=at) for row in added),
        BATCH,
    )
    _write_volunteers(kept, people, at)
    running = set(DutyReport.objects.filter(person__in=ids, state__in=("waiting", "approved")).values_list("person"))
    DutyReport.objects.bulk_create(
        (
            DutyReport(person=people[row.index], unit=row.unit, grid=row.place, reported_at=at)
            for row in kept
            if row.place is not None and (people[row.index].pk,) not in running
        ),
        BATCH,
    )
    report.imported += len(added)
    report.goes_to.update(row.unit.name for row in added)
    report.known += len(kept) - len(added)


def _write_volunteers(rows: list[Row], people: dict[str, User], at: datetime) -> None:
    """Listed, not agreed. Who told us themselves what they can do is left as they said it."""
    listed = set(Volunteer.objects.filter(person__in=[people[row.index] for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if people[row.index].pk not in listed]
    Volunteer.objects.bulk_create(
        (Volunteer(person=people[row.index], number=new_number(), grid=row.place, listed_at=at) for row in new), BATCH
    )
    through = Volunteer.skills.through
    through.objects.bulk_create(
        (
            through(volunteer_id=people[row.index].pk, category_id=skill.pk)
            for row in new
            for skill in dict.fromkeys(row.skills)
        ),
        BATCH,
    )
