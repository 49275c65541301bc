"""The staff's desk for the tree and its doors; posts are in grids/admin_pages/posts.py. The tree is written through grids/tree/services.py."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from accounts.admin.act_page import act_page
from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin
from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.admin_pages import posts as post_admin
from grids.admin_pages.excel import DOORS, DoorResource
from grids.forms.staff import CoverForm, DutyPhoneForm, NodeForm, SplitForm, node_choice
from grids.models import Building, Grid, Level, Post, TerritoryLevel
from grids.places import admin as place_admin
from grids.posts import services
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, may
from grids.roles import ROLES
from grids.territory import admin as territory_admin
from grids.territory import tree as territory_tree
from grids.territory.services import territory_of
from grids.tree import services as tree
from grids.units import admin as admin_units
from tables.admin import TableAdmin
from web.choices import offer_rows
from web.params import whole_number
from web.posted import posted

__all__ = ["admin_units", "place_admin", "post_admin", "territory_admin"]  # they register themselves


class LevelFilter(admin.SimpleListFilter):
    title = "层级"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(level.value), level.label) for level in Level]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Grid]) -> QuerySet[Grid]:
        level = whole_number(self.value())
        return queryset if level is None else queryset.filter(level=level)


class RetiredFilter(admin.SimpleListFilter):
    title = "是否撤并"
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "已撤并")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Grid]) -> QuerySet[Grid]:
        return queryset.filter(retired_at__isnull=self.value() != "yes")


def _own_node(request: HttpRequest, object_id: str) -> Grid:
    """The node, if this person may write the tree there."""
    node: Grid = get_object_or_404(area_of(request.user), pk=object_id)
    if not may(request.user, "grid", node):
        raise PermissionDenied
    return node


@admin.register(Grid)
class GridAdmin(DeskAdmin):
    # Nodes are added below their parent, from its page, and merged away: closed cases keep their place.
    rights = DeskRights(list=verb("see"), view=area("see"))
    list_display = ["indented", "level_shown", "code", "below", "doors", "leader"]
    list_filter = [LevelFilter, RetiredFilter]
    search_fields = ["name", "code"]
    list_per_page = 100
    ordering = ["tree_id", "lft"]
    fields = readonly_fields = ["name", "level_shown", "code", "parent", "duty_phone", "retired_at", "successor"]
    actions = None
    actions_detail = ["add_below", "rename", "set_phone", "move", "merge", "split"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Grid]:
        held = Post.objects.held_at(timezone.now()).filter(grid=OuterRef("pk"))
        nodes: QuerySet[Grid] = (
            area_of(request.user)
            .select_related("parent", "successor")
            .annotate(
                door_count=Count("covered_buildings", distinct=True),
                has_leader=Exists(held.filter(role__in=[code for code, role in ROLES.items() if role.leads])),
            )
        )
        return nodes

    @display(description="网格", ordering="lft")
    def indented(self, node: Grid) -> str:
        return f"{'　' * node.level}{node.name}"

    @display(description="层级")
    def level_shown(self, node: Grid) -> str:
        return node.level_label

    @display(description="下级总数")
    def below(self, node: Grid) -> int:
        return int(node.get_descendant_count())

    @display(description="楼栋")
    def doors(self, node: Any) -> int:
        return int(node.door_count)

    @display(description="负责人", label={"在任": "success", "空缺": "danger"})
    def leader(self, node: Any) -> str:
        return "在任" if node.has_leader else "空缺"

    @action(description="添加下级")
    @opens_to(area("grid", _own_node))
    def add_below(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _act_on(
            request,
            self,
            object_id,
            title="添加下级",
            form=NodeForm(posted(request)),
            act=lambda node, cleaned: tree.add(parent=node, name=cleaned["name"], code=cleaned["code"]),
        )

    @action(description="改名")
    @opens_to(area("grid", _own_node))
    def rename(self, request: HttpRequest, object_id: str) -> HttpResponse:
        form = NodeForm(posted(request))
        del form.fields["code"]
        return _act_on(
            request,
            self,
            object_id,
            title="改名",
            form=form,
            act=lambda node, cleaned: tree.rename(node=node, name=cleaned["name"]),
        )

    @action(description="值班电话")
    @opens_to(area("grid", _own_node))
    def set_phone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _act_on(
            request,
            self,
            object_id,
            title="值班电话",
            form=DutyPhoneForm(posted(request), initial={"phone": _own_node(request, object_id).duty_phone}),
            act=lambda node, cleaned: services.set_duty_phone(node=node, phone=cleaned["phone"]),
        )

    @action(description="移动")
    @opens_to(area("grid", _own_node))
    def move(self, request: PersonRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = forms.Form(posted(request))
        targets = area_of(request.user, "grid").current().filter(level=node.level - 1).exclude(pk=node.parent_id)
        form.fields["to"] = node_choice("移到哪里", targets)
        return _act_on(
            request,
            self,
            object_id,
            title="移动",
            form=form,
            moves=[node],
            act=lambda node, cleaned: tree.move(node=node, to=cleaned["to"], at=timezone.now(), by=request.user),
        )

    @action(description="合并到…")
    @opens_to(area("grid", _own_node))
    def merge(self, request: PersonRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = forms.Form(posted(request))
        targets = area_of(request.user, "grid").current().filter(level=node.level).exclude(pk=node.pk)
        form.fields["into"] = node_choice("并入哪个网格", targets)
        return _act_on(
            request,
            self,
            object_id,
            title="合并到…",
            form=form,
            moves=[node],
            act=lambda node, cleaned: tree.merge(source=node, into=cleaned["into"], at=timezone.now(), by=request.user),
        )

    @action(description="拆分")
    @opens_to(area("grid", _own_node))
    def split(self, request: PersonRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = SplitForm(posted(request))
        offer_rows(form.fields["children"], node.get_children().filter(retired_at=None))
        offer_rows(form.fields["buildings"], Building.objects.filter(grid=node))

        def act(node: Grid, cleaned: dict[str, Any]) -> None:
            part = tree.Part(
                cleaned["name"],
                tuple(child.pk for child in cleaned["children"]),
                tuple(door.pk for door in cleaned["buildings"]),
            )
            tree.split(node=node, parts=[part], at=timezone.now(), by=request.user)

        return _act_on(request, self, object_id, title="拆分", form=form, act=act)


def _nothing_asked(request: HttpRequest) -> forms.Form:
    """Only whether it is really meant."""
    return forms.Form(posted(request))


def _act_on(
    request: HttpRequest,
    model_admin: ModelAdmin,
    object_id: str,
    *,
    title: str,
    form: forms.Form,
    act: Callable[[Grid, dict[str, Any]], Any],
    moves: list[Grid] | None = None,
) -> HttpResponse:
    node = _own_node(request, object_id)
    return act_page(
        request,
        model_admin,
        title=title,
        form=form,
        act=lambda cleaned: act(node, cleaned),
        done=f"{node.name}：{title}已完成。",
        back=reverse("admin:grids_grid_change", args=[node.pk]),
        node=node,
        preview=tree.preview(moves).lines if moves else (),
    )


@admin.register(Building)
class BuildingAdmin(DeskAdmin, TableAdmin):
    rights = DeskRights(list=verb("see"), view=area("see"), add=verb("grid"), table=verb("grid"))
    resource_classes = [DoorResource]
    layout = DOORS
    list_display = ["estate", "name", "unit", "grid", "territory", "households"]
    search_fields = ["estate__name", "name", "grid__name"]
    ordering = ["estate__tree_id", "estate__lft", "pk"]
    fields = readonly_fields = [
        "estate", "name", "unit", "grid", "territory", "latitude", "longitude", "households",
    ]  # fmt: skip
    actions = None
    actions_detail = ["cover", "uncover", "place", "release"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Building]:
        area = area_of(request.user)
        lying = Building.objects.filter(Q(grid__in=area) | Q(estate__in=area))
        return lying.select_related("estate", "grid", "territory")

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_resource_kwargs(request, **kwargs), "user": request.user}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CoverForm(posted(request))
        own = area_of(request.user, "grid").current().filter(level=Level.HOUSEHOLD)
        offer_rows(form.fields["grid"], own.order_by("tree_id", "lft"))
        return act_page(
            request,
            self,
            title="划入楼栋",
            form=form,
            act=lambda cleaned: services.cover(**cleaned),
            done="已划入网格。",
            back="admin:grids_building_changelist",
        )

    def _own_door(self, request: HttpRequest, object_id: str) -> Building:
        door = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not may(request.user, "grid", door.estate):
            raise PermissionDenied
        return door

    @action(description="划入网格")
    @opens_to(area("grid", _own_door))
    def cover(self, request: HttpRequest, object_id: str) -> HttpResponse:
        door = self._own_door(request, object_id)
        form = forms.Form(posted(request))
        own = area_of(request.user, "grid") & door.estate.get_descendants()
        form.fields["grid"] = node_choice("网格", own.current().filter(level=Level.HOUSEHOLD))
        return self._act_on_door(
            request,
            door,
            "划入网格",
            form,
            lambda cleaned: services.cover(grid=cleaned["grid"], name=door.name, unit=door.unit),
        )

    @action(description="移出网格")
    @opens_to(area("grid", _own_door))
    def uncover(self, request: HttpRequest, object_id: str) -> HttpResponse:
        door = self._own_door(request, object_id)
        return self._act_on_door(
            request, door, "移出网格", _nothing_asked(request), lambda cleaned: services.uncover(building=door)
        )

    @action(description="划入五长")
    @opens_to(area("grid", _own_door))
    def place(self, request: HttpRequest, object_id: str) -> HttpResponse:
        door = self._own_door(request, object_id)
        form = forms.Form(posted(request))
        community = Grid.objects.upward_from(door.estate).filter(level=Level.COMMUNITY).first()
        own = territory_of(request.user, "grid").current()
        own = own.filter(tree_id__in=own.filter(parent=None, grid=community).values("tree_id"))
        form.fields["node"] = node_choice("楼栋或户组", own.filter(level__gte=TerritoryLevel.NEIGHBOURHOOD))
        return self._act_on_door(
            request,
            door,
            "划入五长",
            form,
            lambda cleaned: territory_tree.place_door(building=door, node=cleaned["node"]),
        )

    @action(description="移出五长")
    @opens_to(area("grid", _own_door))
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        door = self._own_door(request, object_id)
        return self._act_on_door(
            request,
            door,
            "移出五长",
            _nothing_asked(request),
            lambda cleaned: territory_tree.release_door(building=door),
        )

    def _act_on_door(
        self, request: HttpRequest, door: Building, title: str, form: forms.Form, act: Callable[[dict[str, Any]], Any]
    ) -> HttpResponse:
        return act_page(
            request,
            self,
            title=f"{title}：{door.estate.name} {door.label}",
            form=form,
            act=act,
            done=f"{door.label}：{title}已完成。",
            back=reverse("admin:grids_building_change", args=[door.pk]),
        )
