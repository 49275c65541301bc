"""The 五长 in and out of Excel: one table names the places and who is in post there. Places that are not there yet are made."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from import_export.fields import Field

from accounts.models import User
from grids.admin_pages.excel import Day, PhoneOut, Short, period
from grids.models import Territory, TerritoryLevel, TerritoryPost
from grids.territory.services import appoint_to_by_phone, may_appoint, territory_of
from grids.territory.tree import add
from tables import undo
from tables.admin import TableResource
from tables.heads import Column, Layout
from web.period_ends import last_day

TERRITORY_POSTS = Layout(
    "territory_posts",
    "五长任职",
    "任职",
    (
        Column("片区", is_needed=True),
        Column("街巷"),
        Column("邻里"),
        Column("楼栋"),
        Column("户组"),
        Column("手机号", ("手机", "手机号码", "电话", "联系电话"), is_needed=True),
        Column("姓名", is_needed=True),
        Column("任职起", ("任职时间", "任职日期")),
        Column("任职止", ("离任时间", "离任日期")),
    ),
)
LEVEL_COLUMNS = {level: level.name.lower() for level in TerritoryLevel}


class TerritoryPostResource(TableResource):
    """A row a post. The places stand in a column a level, as deep as the post lies; the 片区 must be there already."""

    area = Field("area", "片区", widget=Short("片区", is_needed=True))
    lane = Field("lane", "街巷", widget=Short("街巷"))
    neighbourhood = Field("neighbourhood", "邻里", widget=Short("邻里"))
    block = Field("block", "楼栋", widget=Short("楼栋", reader=undo.name))
    households = Field("households", "户组", widget=Short("户组", reader=undo.name))
    phone = Field("phone", "手机号", widget=PhoneOut())
    name = Field("name", "姓名", widget=Short("姓名", is_needed=True))
    from_date = Field("from_date", "任职起", widget=Day())
    until_date = Field("until_date", "任职止", widget=Day())

    class Meta:
        model = TerritoryPost
        fields = import_order = export_order = (
            "area", "lane", "neighbourhood", "block", "households", "phone", "name", "from_date", "until_date",
        )  # fmt: skip
        import_id_fields = ("area", "phone")
        report_skipped = True

    def __init__(self, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.above: dict[int, Territory] = {}

    def get_instance(self, instance_loader: Any, row: Any) -> TerritoryPost | None:
        """The post this row speaks of, if the person holds it: taken in a second time, a table changes nothing."""
        try:
            person = User.objects.with_phone(self.fields["phone"].clean(row))
            names = [self.fields[column].clean(row) for column in LEVEL_COLUMNS.values()]
            node = self._find(_path(names))[0]
        except ValidationError:
            return None  # said when the row itself is read
        held = TerritoryPost.objects.held_at(timezone.now()).filter(person=person, node=node)
        return held.first() if node is not None else None

    def skip_row(self, instance: TerritoryPost, *_: Any, **__: Any) -> bool:
        return instance.pk is not None

    def _find(self, path: list[str]) -> tuple[Territory | None, Territory, list[str]]:
        """(the node of this path, the lowest of its nodes that is there, names of those that are not)."""
        own = territory_of(self.user, "appoint") if self.user else Territory.objects.none()
        node = own.current().filter(parent=None, name=path[0]).first()
        if node is None:
            raise ValidationError({"片区": f"您的辖区里没有片区“{path[0]}”，请先新设。"})
        for depth, name in enumerate(path[1:], 1):
            below = node.get_children().filter(retired_at=None, name=name).first()
            if below is None:
                return None, node, path[depth:]
            node = below
        return node, node, []

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        path = _path([getattr(instance, column) for column in LEVEL_COLUMNS.values()])
        _, node, missing = self._find(path)
        assert self.user is not None, "rows are taken in for somebody"
        if not may_appoint(self.user, node) and not missing:
            raise ValidationError({"片区": "片区长是县级领导，由县级管理员任命。"})
        for name in missing:
            node = add(parent=node, name=name)
        now = timezone.now()
        days = period(instance.from_date, instance.until_date, now=now)
        try:
            made = appoint_to_by_phone(
                phone=instance.phone, name=instance.name, node=node, by=self.user, at=now, **days
            )
        except ValidationError as refusal:
            raise ValidationError({"任职": refusal.messages}) from refusal
        instance.pk, instance.person, instance.from_at, instance.node = made.pk, made.person, made.from_at, made.node

    def before_export(self, queryset: QuerySet[TerritoryPost], **kwargs: Any) -> None:
        self.above = Territory.objects.in_bulk()

    def dehydrate_phone(self, post: TerritoryPost) -> str:
        return post.person.masked_phone if post.person_id else ""

    def dehydrate_name(self, post: TerritoryPost) -> str:
        return post.person.name if post.person_id else ""

    def dehydrate_from_date(self, post: TerritoryPost) -> date | None:
        return timezone.localdate(post.from_at) if post.from_at else None

    def dehydrate_until_date(self, post: TerritoryPost) -> date | None:
        return last_day(post.until_at) if post.until_at else None

    def dehydrate_area(self, post: TerritoryPost) -> str:
        return self._name_at(post, TerritoryLevel.AREA)

    def dehydrate_lane(self, post: TerritoryPost) -> str:
        return self._name_at(post, TerritoryLevel.LANE)

    def dehydrate_neighbourhood(self, post: TerritoryPost) -> str:
        return self._name_at(post, TerritoryLevel.NEIGHBOURHOOD)

    def dehydrate_block(self, post: TerritoryPost) -> str:
        return self._name_at(post, TerritoryLevel.BLOCK)

    def dehydrate_households(self, post: TerritoryPost) -> str:
        return self._name_at(post, TerritoryLevel.HOUSEHOLDS)

    def _name_at(self, post: TerritoryPost, level: TerritoryLevel) -> str:
        """The name of the post's node or of the one above it at this level."""
        if not post.node_id:
            return ""  # a row on its way in has no place yet
        return next((node.name for node in self._line(post.node) if node.level == level), "")

    def _line(self, node: Territory) -> Iterator[Territory]:
        """The node and those above it."""
        yield node
        while node.parent_id is not None:
            node = self.above.get(node.parent_id) or node.parent
            yield node


def _path(names: list[str]) -> list[str]:
    """Names from the 片区 down to the last that is filled in. Raises ValidationError where one between is not."""
    filled = [name for name in names if name]
    if names[: len(filled)] != filled:
        labels = "、".join(level.label for level in TerritoryLevel)
        raise ValidationError({"片区": f"{labels}要从左到右连着填，中间不能空。"})
    return filled
