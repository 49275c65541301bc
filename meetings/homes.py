"""户册 from a table: each row somebody at a home, or a reject with its reason. A second run changes what changed and adds
nothing; whoever is not in the table any more stays until staff end it, since a table may be of one building only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.models.user import phone_index
from accounts.personal_data import blind_index, clean_name, mask_name, normalise_phone
from cases.table_files import Report, read_rows
from cases.words import tidy
from grids.models import Building, Grid
from meetings.models import Home, Tenure

HEADS = ("楼栋", "单元", "房号", "面积", "姓名", "手机号", "住在这里", "业主", "未成年", "居民小组代表")
NEEDED = ("楼栋", "房号", "面积", "姓名", "手机号")
YES, NO = {"是", "√", "1", "对", "Y", "y"}, {"", "否", "0", "N", "n"}
BIGGEST = Decimal(100_000)


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
    is_spokesperson: bool


def door_index(door: str) -> str:
    return blind_index(door, purpose="door")


def import_homes(*, path: Path, estate: Grid, at: datetime, is_demo: bool = False) -> Report:
    """Read every row, then write all good ones in one transaction.

    Raises ValidationError if the file is no table with the columns that are needed."""
    report = Report()
    rows = list(read_rows(path))
    if rows and (missing := [head for head in NEEDED if head not in rows[0][1]]):
        raise ValidationError(
            f"缺少列：{'、'.join(missing)}。要有：{'、'.join(NEEDED)}；可有：{'、'.join(set(HEADS) - set(NEEDED))}。"
        )
    with transaction.atomic():
        Grid.objects.select_for_update(of=("self",)).get(pk=estate.pk)  # two tables at once wait for each other
        buildings = {(one.name, one.unit): one for one in Building.objects.filter(estate=estate)}
        for line, raw in rows:
            try:
                row = _read(raw, buildings)
                is_new = write(row, estate=estate, at=at, is_demo=is_demo)
            except ValidationError as refusal:
                report.rejects.append((line, "；".join(refusal.messages), raw))
            else:
                report.imported += is_new
                report.known += not is_new
    return report


def _read(raw: dict[str, Any], buildings: dict[tuple[str, str], Building]) -> Row:
    if "_shape" in raw:
        raise ValidationError(str(raw["_shape"]))
    said = {head: tidy(str("" if raw.get(head) is None else raw[head])).removesuffix(".0") for head in HEADS}
    building = buildings.get((said["楼栋"], said["单元"]))
    if building is None:
        raise ValidationError(f"本小区没有楼栋“{said['楼栋']}{said['单元']}”")
    if not said["房号"] or len(said["房号"]) > 20:
        raise ValidationError("没有房号，或房号太长")
    name = clean_name(said["姓名"])
    if not name or len(name) > 50:
        raise ValidationError("没有姓名，或姓名太长")
    ticks = {head: _tick(head, said[head]) for head in ("业主", "未成年", "居民小组代表")}
    lives_there = _tick("住在这里", said["住在这里"] or "是")
    if not (lives_there or ticks["业主"]):
        raise ValidationError("既不住在这里也不是业主，不用登记")
    return Row(
        building, said["房号"], _area(said["面积"]), name, normalise_phone(said["手机号"]), lives_there,
        ticks["业主"], not ticks["未成年"], ticks["居民小组代表"],
    )  # fmt: skip


def _tick(head: str, said: str) -> bool:
    if said in YES:
        return True
    if said in NO:
        return False
    raise ValidationError(f"“{head}”请填是或否，表里是“{said}”")


def _area(said: str) -> Decimal:
    try:
        area = Decimal(said).quantize(Decimal("0.01"))
    except InvalidOperation:
        area = Decimal(0)
    if not 0 < area < BIGGEST:
        raise ValidationError(f"看不懂面积“{said}”，请填平方米数，例如 89.37")
    return area


def write(row: Row, *, estate: Grid, at: datetime, is_demo: bool = False) -> bool:
    """Whether it was new. Raises ValidationError: the phone is somebody else's."""
    person = User.objects.with_phone(row.phone)
    if person is not None and person.name != row.name:
        raise ValidationError(f"这个手机号已登记为{mask_name(person.name)}，与姓名不符")
    if person is None:
        person = User.objects.create(
            phone=row.phone, phone_index=phone_index(row.phone), name=row.name, password=make_password(None),
            joined_at=at, is_demo=is_demo,
        )  # fmt: skip
    home, _ = Home.objects.update_or_create(
        building=row.building, door_index=door_index(row.door),
        defaults={"area": row.area},
        create_defaults={"estate": estate, "door": row.door, "area": row.area, "is_demo": is_demo},
    )  # fmt: skip
    said = {
        "lives_there": row.lives_there, "owns": row.owns, "is_adult": row.is_adult,
        "is_spokesperson": row.is_spokesperson,
    }  # fmt: skip
    _, is_new = Tenure.objects.update_or_create(
        home=home, person=person, until_at=None, defaults=said, create_defaults={**said, "from_at": at}
    )
    return is_new


def end_tenure(*, tenure: Tenure, at: datetime) -> None:
    """迁出、售出. Raises ValidationError if it ended before."""
    if not Tenure.objects.filter(pk=tenure.pk, until_at=None, from_at__lt=at).update(until_at=at):
        raise ValidationError("这一条已经结束。")
