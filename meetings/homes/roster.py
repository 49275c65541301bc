"""户册 from a table: each row somebody at a home, or a reject with its reason. A second run changes what changed and adds
nothing; whoever is not in the table any more stays until staff end it, since a table may be of one building only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.models.ages import is_minor
from accounts.models.user import phone_index
from accounts.numbers import normalise_phone
from accounts.personal_data import blind_index, clean_name, mask_name
from accounts.services import check_birth_date, note_birth_date
from grids.models import Building, Grid
from meetings.models import Home, Tenure
from tables import undo
from tables.batches import batches, written
from tables.heads import Column, Layout
from tables.moments import read_day
from tables.reading import Row as RawRow
from tables.reading import read_table
from tables.report import Report

HOMES = Layout(
    "homes",
    "户册",
    "住户",
    (
        Column("楼栋", ("幢号", "楼号"), is_needed=True),
        Column("单元", ("单元号",)),
        Column("房号", ("门牌", "门牌号", "室号"), is_needed=True),
        Column("面积", ("建筑面积", "产权面积"), is_needed=True),
        Column("姓名", ("业主姓名", "名字"), is_needed=True),
        Column("手机号", ("手机", "手机号码", "电话", "联系电话"), is_needed=True),
        Column("住在这里"),
        Column("业主"),
        Column("未成年"),
        Column("出生日期", ("出生年月日", "生日")),
        Column("居民小组代表"),
    ),
)
YES, NO = {"是", "√", "1", "对", "Y", "y", "TRUE"}, {"", "否", "0", "N", "n", "FALSE"}
BIGGEST = Decimal(100_000)
BATCH = 200


@dataclass(frozen=True)
class Row:
    building: Building
    door: str
    area: Decimal
    name: str
    phone: str
    lives_there: bool
    owns: bool
    is_adult: bool
    """As ticked; where the day of birth is known, that counts."""
    is_spokesperson: bool
    birth_date: date | None = None


def door_index(door: str) -> str:
    return blind_index(door, purpose="door")


def import_homes(
    *,
    file: Path | bytes,
    estate: Grid,
    at: datetime,
    is_trial: bool = False,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """A batch of rows is one transaction. Of a trial nothing stays.

    Raises ValidationError if the file is no table with the columns that are needed."""
    table = read_table(file, HOMES)
    report = Report.of(table)
    buildings = {(door.name, door.unit): door for door in Building.objects.filter(estate=estate)}
    for batch in batches(progress(table.rows), BATCH):
        with written(is_trial=is_trial):
            # Two tables at once wait for each other.
            Grid.objects.select_for_update(no_key=True, of=("self",)).get(pk=estate.pk)
            for raw in batch:
                try:
                    is_new = write(_read(raw, buildings, at), estate=estate, at=at)
                except ValidationError as refusal:
                    report.reject(raw, refusal)
                else:
                    report.imported += is_new
                    report.known += not is_new
                    report.goes_to[estate.name] += is_new
    return report


def _read(raw: RawRow, buildings: dict[tuple[str, str], Building], at: datetime) -> Row:
    raw.check()
    name_of_building, unit, door = (undo.name(raw[column]) for column in ("楼栋", "单元", "房号"))
    building = buildings.get((name_of_building, unit))
    if building is None:
        raise ValidationError(f"本小区没有楼栋“{name_of_building}{unit}”")
    if not door or len(door) > 20:
        raise ValidationError("没有房号，或房号太长")
    name = clean_name(raw.text("姓名"))
    if not name or len(name) > 50:
        raise ValidationError("没有姓名，或姓名太长")
    ticks = {head: _tick(head, undo.number(raw[head])) for head in ("业主", "未成年", "居民小组代表")}
    lives_there = _tick("住在这里", undo.number(raw["住在这里"]) or "是")
    if not (lives_there or ticks["业主"]):
        raise ValidationError("既不住在这里也不是业主，不用登记")
    born = read_day(raw["出生日期"]) if raw.text("出生日期") else None
    if born is not None:
        check_birth_date(born, at)
        if ticks["未成年"] and not is_minor(born, at):
            raise ValidationError("按出生日期已满十八周岁，“未成年”应为否")
    return Row(
        building,
        door,
        _area(undo.number(raw["面积"])),
        name,
        normalise_phone(undo.number(raw["手机号"])),
        lives_there,
        ticks["业主"],
        not (is_minor(born, at) if born else ticks["未成年"]),
        ticks["居民小组代表"],
        born,
    )


def _tick(head: str, text: str) -> bool:
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValidationError(f"“{head}”请填是或否，表里是“{text}”")


def _area(text: str) -> Decimal:
    try:
        area = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        area = Decimal(0)
    if not 0 < area < BIGGEST:
        raise ValidationError(f"看不懂面积“{text}”，请填平方米数，例如 89.37")
    return area


def write(row: Row, *, estate: Grid, at: datetime) -> bool:
    """Whether it was new. Raises ValidationError: the phone is somebody else's, or another day of birth is known."""
    person = User.objects.with_phone(row.phone)
    if person is not None and person.name != row.name:
        raise ValidationError(f"这个手机号已登记为{mask_name(person.name)}，与姓名不符")
    if person is None:
        person = User.objects.create(
            phone=row.phone,
            phone_index=phone_index(row.phone),
            name=row.name,
            password=make_password(None),
            joined_at=at,
        )
    if row.birth_date is not None:
        note_birth_date(person=person, birth_date=row.birth_date, at=at)
    home, _ = Home.objects.update_or_create(
        building=row.building,
        door_index=door_index(row.door),
        defaults={"area": row.area},
        create_defaults={"estate": estate, "door": row.door, "area": row.area},
    )
    fields = {
        "lives_there": row.lives_there, "owns": row.owns, "is_adult": row.is_adult,
        "is_spokesperson": row.is_spokesperson,
    }  # fmt: skip
    _, is_new = Tenure.objects.update_or_create(
        home=home, person=person, until_at=None, defaults=fields, create_defaults={**fields, "from_at": at}
    )
    return is_new


def has_home(person: User, grid: Grid, *, at: datetime) -> bool:
    """Whether the 户册 knows somebody to live there, or to own a home."""
    area = Grid.objects.in_area([grid]).order_by()
    is_known: bool = Tenure.objects.held_at(at).filter(person=person, home__estate__in=area).exists()
    return is_known


def end_tenure(*, tenure: Tenure, at: datetime) -> None:
    """迁出、售出. Raises ValidationError if it ended before."""
    if not Tenure.objects.filter(pk=tenure.pk, until_at=None, from_at__lt=at).update(until_at=at):
        raise ValidationError("这一条已经结束。")
