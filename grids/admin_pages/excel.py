"""Doors and posts in and out of Excel: which building lies in which grid, who is in which post."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import widgets
from import_export.fields import Field

from accounts.models import User
from accounts.numbers import normalise_phone
from grids.models import Building, Grid, Level, Post
from grids.places.services import place_door
from grids.posts.services import appoint_by_phone, cover
from grids.rights.jurisdiction import area_of, may
from grids.roles import ROLES, role_choices
from tables import undo
from tables.admin import Reading, TableResource
from tables.cells import Cell, words_of
from tables.heads import Column, Layout
from tables.moments import read_day
from web.period_ends import last_day

DOORS = Layout(
    "doors",
    "楼栋",
    "楼栋",
    (
        Column("网格编码", ("网格代码",), is_needed=True),
        Column("网格", ("网格名称",)),
        Column("楼栋", ("幢号", "楼号", "楼栋号"), is_needed=True),
        Column("单元", ("单元号",)),
        Column("纬度"),
        Column("经度"),
        Column("户数"),
    ),
)
POSTS = Layout(
    "posts",
    "五级任职",
    "任职",
    (
        Column("手机号", ("手机", "手机号码", "电话", "联系电话"), is_needed=True),
        Column("姓名", is_needed=True),
        Column("职务", is_needed=True),
        Column("网格", ("任职网格", "所在网格"), is_needed=True),
        Column("任职起", ("任职时间", "任职日期")),
        Column("任职止", ("离任时间", "离任日期")),
    ),
)


class GridCode(widgets.ForeignKeyWidget):
    """A current grid by its 15-digit code, within what the person may change."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(Grid, "code")
        self.user = user

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Grid:
        code = identifier("网格编码", value)
        area = area_of(self.user, "grid") if self.user else Grid.objects.none()
        grid: Grid | None = area.current().filter(level=Level.HOUSEHOLD, code=code).first() if code else None
        if grid is None:
            raise ValidationError({"网格编码": f"您的辖区里没有编码为“{code}”的网格。"})
        return grid


def identifier(label: str, value: Any) -> str:
    """A code or a phone, whole. Raises ValidationError at the column: a spreadsheet has spoilt it."""
    read: str = Reading(label, undo.number).clean(value)
    return read


class Short(Reading):
    """A line of text; with `undo.name` the name of a door, which spreadsheets take for a date or a number."""

    def __init__(self, label: str = "", *, is_needed: bool = False, reader: Callable[[Cell], str] = words_of) -> None:
        super().__init__(label, reader)
        self.is_needed = is_needed

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text: str = super().clean(value).strip()
        if self.is_needed and not text:
            raise ValidationError({self.label: f"请填写{self.label}。"})
        if len(text) > 30:
            raise ValidationError({self.label: f"{self.label}最多 30 字。"})
        return text


class Figure(widgets.Widget):
    """A number that may be left out."""

    def __init__(self, label: str = "", *, most: float = 180, is_whole: bool = False) -> None:
        super().__init__()
        self.label, self.most, self.is_whole = label, most, is_whole

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> float | int | None:
        text = identifier(self.label, value)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = -1
        if not 0 <= number <= self.most or (self.is_whole and number != int(number)):
            raise ValidationError({self.label: f"看不懂{self.label}“{text}”，请填写 0 到 {self.most:g} 之间的数。"})
        return int(number) if self.is_whole else number


class DoorResource(TableResource):
    """A row a door; one that lies in another grid is refused. One that is there already takes its point and households
    from the table, where it has these columns."""

    code = Field("grid", "网格编码", widget=GridCode())
    grid_name = Field("grid__name", "网格", readonly=True)
    name = Field("name", "楼栋", widget=Short("楼栋", is_needed=True, reader=undo.name))
    unit = Field("unit", "单元", widget=Short("单元", reader=undo.name))
    latitude = Field("latitude", "纬度", widget=Figure("纬度"))
    longitude = Field("longitude", "经度", widget=Figure("经度"))
    households = Field("households", "户数", widget=Figure("户数", most=2000, is_whole=True))

    class Meta:
        model = Building
        fields = import_order = export_order = (
            "code", "grid_name", "name", "unit", "latitude", "longitude", "households",
        )  # fmt: skip
        import_id_fields = ("code", "name", "unit")
        skip_unchanged = report_skipped = True

    def __init__(self, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["code"].widget = GridCode(user)

    def do_instance_save(self, instance: Building, is_create: bool) -> None:
        try:
            if is_create:
                assert instance.grid is not None, "a row without one is refused by its column"
                made = cover(grid=instance.grid, name=instance.name, unit=instance.unit)
                instance.pk, instance.estate = made.pk, made.estate
            place_door(
                building=instance,
                latitude=instance.latitude,
                longitude=instance.longitude,
                households=instance.households,
            )
        except ValidationError as refusal:
            raise ValidationError({"楼栋": refusal.messages}) from refusal


class PhoneOut(widgets.Widget):
    """Masked on the way out, whole on the way in."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        try:
            return normalise_phone(identifier("手机号", value))
        except ValidationError as refusal:
            raise ValidationError({"手机号": refusal.messages}) from refusal


class RoleLabel(widgets.Widget):
    """网格长, not "grid_leader"."""

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return ROLES[value].label if value in ROLES else ""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        codes = {label: code for code, label in role_choices()}
        label = str(value or "").strip()
        if label not in codes:
            raise ValidationError({"职务": f"没有“{label}”这种职务，应为：{'、'.join(codes)}。"})
        return codes[label]


class Day(Reading):
    """A day as people type it; none for now, or without end."""

    def __init__(self) -> None:
        super().__init__("任职日期", read_day)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return None if value in (None, "") else super().clean(value)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%Y-%m-%d}" if value else ""


class NodeName(widgets.ForeignKeyWidget):
    """A current node by its code or name, within where the person may appoint; empty for the county."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(Grid, "name")
        self.user = user

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Grid | None:
        name = identifier("网格", value)
        if not name:
            return None
        area = area_of(self.user, "appoint") if self.user else Grid.objects.none()
        grids: list[Grid] = list(area.current().filter(**{"code" if name.isdecimal() else "name": name})[:2])
        if not grids:
            raise ValidationError({"网格": f"您的辖区里没有“{name}”。"})
        if len(grids) > 1:
            raise ValidationError({"网格": f"有几个“{name}”，请改填编码。"})
        return grids[0]


class PostResource(TableResource):
    """A row a post. Whoever has no account gets one: they sign in by a code on their phone and choose a password."""

    phone = Field("phone", "手机号", widget=PhoneOut())
    name = Field("name", "姓名", widget=Short("姓名", is_needed=True))
    role = Field("role", "职务", widget=RoleLabel())
    grid = Field("grid", "网格", widget=NodeName())
    from_date = Field("from_date", "任职起", widget=Day())
    until_date = Field("until_date", "任职止", widget=Day())

    class Meta:
        model = Post
        fields = import_order = export_order = ("phone", "name", "role", "grid", "from_date", "until_date")
        import_id_fields = ("phone", "role", "grid")
        report_skipped = True

    def __init__(self, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.fields["grid"].widget = NodeName(user)

    def get_instance(self, instance_loader: Any, row: Any) -> Post | None:
        """The post this row speaks of, if the person holds it: taken in a second time, a table changes nothing."""
        try:
            person = User.objects.with_phone(self.fields["phone"].clean(row))
            role, grid = self.fields["role"].clean(row), self.fields["grid"].clean(row)
        except ValidationError:
            return None  # said when the row itself is read
        return Post.objects.held_at(timezone.now()).filter(person=person, role=role, grid=grid).first()

    def skip_row(self, instance: Post, *_: Any, **__: Any) -> bool:
        return instance.pk is not None

    def dehydrate_phone(self, post: Post) -> str:
        return post.person.masked_phone if post.person_id else ""  # a row on its way in has nobody yet

    def dehydrate_name(self, post: Post) -> str:
        return post.person.name if post.person_id else ""

    def dehydrate_from_date(self, post: Post) -> date | None:
        return timezone.localdate(post.from_at) if post.from_at else None

    def dehydrate_until_date(self, post: Post) -> date | None:
        return last_day(post.until_at) if post.until_at else None

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        if self.user is None or not may(self.user, "appoint", instance.grid):
            raise ValidationError({"网格": "县级职务由县级管理员任命。"})
        now = timezone.now()
        try:
            made = appoint_by_phone(
                phone=instance.phone,
                name=instance.name,
                role=instance.role,
                grid=instance.grid,
                by=self.user,
                at=now,
                **period(instance.from_date, instance.until_date, now=now),
            )
        except ValidationError as refusal:
            raise ValidationError({"职务": refusal.messages}) from refusal
        instance.pk, instance.person, instance.from_at = made.pk, made.person, made.from_at


class Term(TypedDict):
    from_at: datetime
    until_at: datetime | None


def period(first: date | None, last: date | None, *, now: datetime) -> Term:
    """From the first day's beginning (or now) to the last day's end (or without end)."""
    zone = timezone.get_current_timezone()
    from_at = datetime.combine(first, time(0), zone) if first else now
    until_at = datetime.combine(last + timedelta(days=1), time(0), zone) if last else None
    return {"from_at": from_at, "until_at": until_at}
