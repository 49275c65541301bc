"""The staff's desk for the 五长 tree, its posts, and the norm of the roster. The tree is written through
grids/territory/tree.py."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display

from accounts.admin.act_page import act_page
from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, end_column, record_export
from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.admin_pages.excel import period
from grids.forms.staff import AreaForm, DutyPhoneForm, NodeForm, TerritoryAppointForm, node_choice
from grids.models import Grid, Level, StaffingNorm, Territory, TerritoryLevel, TerritoryPost
from grids.models.querysets import GridQuerySet
from grids.posts import services
from grids.rights.admin import RulesAdmin
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, may
from grids.territory import services as territory
from grids.territory import tree as territory_tree
from grids.territory.excel import TERRITORY_POSTS, TerritoryPostResource
from tables.admin import TableAdmin
from web.choices import offer_rows
from web.params import whole_number
from web.posted import posted


class TerritoryLevelFilter(admin.SimpleListFilter):
    title = "层级"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(level.value), level.label) for level in TerritoryLevel]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Territory]) -> QuerySet[Territory]:
        level = whole_number(self.value())
        return queryset if level is None else queryset.filter(level=level)


def _own_node(request: HttpRequest, object_id: str) -> Territory:
    """The node, if this person may write the tree there."""
    node: Territory = get_object_or_404(territory.territory_of(request.user, "see").current(), pk=object_id)
    if not may(request.user, "grid", node.get_root().grid):
        raise PermissionDenied
    return node


@admin.register(Territory)
class TerritoryAdmin(DeskAdmin):
    # Given up, never deleted: who was in post there is history.
    rights = DeskRights(list=verb("see"), view=area("see"), add=verb("grid"))
    list_display = ["indented", "level_shown", "grid", "doors", "holder"]
    list_filter = [TerritoryLevelFilter]
    search_fields = ["name", "grid__name"]
    list_per_page = 100
    ordering = ["tree_id", "lft"]
    fields = readonly_fields = ["name", "level_shown", "parent", "grid", "duty_phone", "retired_at"]
    actions = None
    actions_detail = ["add_below", "rename", "set_phone", "link", "move", "retire"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Territory]:
        held = TerritoryPost.objects.held_at(timezone.now()).filter(node=OuterRef("pk"))
        nodes = territory.territory_of(request.user, "see").current().select_related("parent", "grid")
        rows: QuerySet[Territory] = nodes.annotate(door_count=Count("buildings"), is_held=Exists(held))
        return rows

    @display(description="片区", ordering="lft")
    def indented(self, node: Territory) -> str:
        return f"{'　' * node.level}{node.name}"

    @display(description="层级")
    def level_shown(self, node: Territory) -> str:
        return node.level_label

    @display(description="楼栋")
    def doors(self, node: Any) -> int:
        return int(node.door_count)

    @display(description="负责人", label={"在任": "success", "空缺": "danger"})
    def holder(self, node: Any) -> str:
        return "在任" if node.is_held else "空缺"

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AreaForm(posted(request))
        offer_rows(form.fields["grid"], _communities(request))
        return act_page(
            request,
            self,
            title="新设片区",
            form=form,
            act=lambda cleaned: territory_tree.add_area(name=cleaned["name"], community=cleaned["grid"]),
            done="片区已设立。",
            back="admin:grids_territory_changelist",
        )

    @action(description="添加下级")
    @opens_to(area("grid", _own_node))
    def add_below(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = _name_form(request)
        if node.level + 1 == TerritoryLevel.NEIGHBOURHOOD:
            form.fields["grid"] = node_choice("对应小区（可不选）", _estates(node), required=False)
        return self._act_on(
            request,
            node,
            "添加下级",
            form,
            lambda cleaned: territory_tree.add(parent=node, name=cleaned["name"], estate=cleaned.get("grid")),
        )

    @action(description="改名")
    @opens_to(area("grid", _own_node))
    def rename(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        return self._act_on(
            request,
            node,
            "改名",
            _name_form(request),
            lambda cleaned: territory_tree.rename(node=node, name=cleaned["name"]),
        )

    @action(description="值班电话")
    @opens_to(area("grid", _own_node))
    def set_phone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        return self._act_on(
            request,
            node,
            "值班电话",
            DutyPhoneForm(posted(request), initial={"phone": node.duty_phone}),
            lambda cleaned: services.set_duty_phone(node=node, phone=cleaned["phone"]),
        )

    @action(description="对应网格")
    @opens_to(area("grid", _own_node))
    def link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = forms.Form(posted(request))
        grids = _communities(request) if node.level == TerritoryLevel.AREA else _estates(node)
        form.fields["grid"] = node_choice("对应的社区或小区", grids)
        return self._act_on(
            request, node, "对应网格", form, lambda cleaned: territory_tree.link(node=node, grid=cleaned["grid"])
        )

    @action(description="移动")
    @opens_to(area("grid", _own_node))
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        form = forms.Form(posted(request))
        targets = territory.territory_of(request.user, "grid").current().filter(level=node.level - 1)
        form.fields["to"] = node_choice("移到哪里", targets.exclude(pk=node.parent_id))
        return self._act_on(
            request, node, "移动", form, lambda cleaned: territory_tree.move(node=node, to=cleaned["to"])
        )

    @action(description="撤销")
    @opens_to(area("grid", _own_node))
    def retire(self, request: HttpRequest, object_id: str) -> HttpResponse:
        node = _own_node(request, object_id)
        doors, posts = node.buildings.count(), TerritoryPost.objects.held_at(timezone.now()).filter(node=node).count()
        return self._act_on(
            request,
            node,
            "撤销",
            forms.Form(posted(request)),
            lambda cleaned: territory_tree.retire(node=node, at=timezone.now()),
            preview=(f"移出楼栋 {doors} 个", f"结束任职 {posts} 个"),
            back="admin:grids_territory_changelist",
        )

    def _act_on(
        self,
        request: HttpRequest,
        node: Territory,
        title: str,
        form: forms.Form,
        act: Callable[[dict[str, Any]], Any],
        *,
        back: str = "",
        **more: Any,
    ) -> HttpResponse:
        return act_page(
            request,
            self,
            title=title,
            form=form,
            act=act,
            done=f"{node.name}：{title}已完成。",
            back=back or reverse("admin:grids_territory_change", args=[node.pk]),
            node=node,
            **more,
        )


def _name_form(request: HttpRequest) -> NodeForm:
    form = NodeForm(posted(request))
    del form.fields["code"]
    return form


def _communities(request: HttpRequest) -> GridQuerySet:
    communities: GridQuerySet = (
        area_of(request.user, "grid").current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft")
    )
    return communities


def _estates(node: Territory) -> QuerySet[Grid]:
    """The 小区 of the community that a node's 片区 belongs to."""
    estates: QuerySet[Grid] = node.get_root().grid.get_descendants().filter(level=Level.ESTATE, retired_at=None)
    return estates


@admin.register(TerritoryPost)
class TerritoryPostAdmin(DeskAdmin, TableAdmin):
    # History is kept: a post is ended, never overwritten.
    rights = DeskRights(list=verb("see"), view=area("see"), add=verb("appoint"), table=verb("appoint"))
    resource_classes = [TerritoryPostResource]
    layout = TERRITORY_POSTS
    list_display = ["person_shown", "title_shown", "node", "from_at", end_column("任职止")]
    search_fields = ["person__name", "node__name"]
    ordering = ["node__tree_id", "node__lft", "pk"]
    fields = readonly_fields = ["person_shown", "title_shown", "node", "from_at", end_column("任职止")]
    actions = None
    actions_detail = ["end_post"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TerritoryPost]:
        nodes = territory.territory_of(request.user, "see").order_by()
        return TerritoryPost.objects.filter(node__in=nodes.values("pk")).select_related("person", "node")

    @display(description="任职人")
    def person_shown(self, post: TerritoryPost) -> str:
        return str(post.person)

    @display(description="职务")
    def title_shown(self, post: TerritoryPost) -> str:
        return post.title

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TerritoryAppointForm(posted(request), initial=request.GET.dict())
        nodes = territory.territory_of(request.user, "appoint").current()
        offer_rows(form.fields["node"], nodes.order_by("tree_id", "lft"))
        return act_page(
            request,
            self,
            title="任命五长",
            form=form,
            act=lambda cleaned: _appoint(request, cleaned),
            done="已任命。",
            back="admin:grids_territorypost_changelist",
            named={"person": "phone", "from_at": "from_date", "until_at": "until_date"},
        )

    def _own(self, request: HttpRequest, object_id: str) -> TerritoryPost:
        post = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not territory.may_appoint(request.user, post.node):
            raise PermissionDenied
        return post

    @action(description="结束任职")
    @opens_to(area("appoint", _own))
    def end_post(self, request: PersonRequest, object_id: str) -> HttpResponse:
        post = self._own(request, object_id)
        return act_page(
            request,
            self,
            title=f"结束任职：{post.words}",
            form=forms.Form(posted(request)),
            act=lambda cleaned: territory.vacate_of(post=post, at=timezone.now(), by=request.user),
            done=f"{post.words}已离任，由上一级代为负责。",
            back="admin:grids_territorypost_changelist",
        )

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_resource_kwargs(request, **kwargs), "user": request.user}

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[TerritoryPost], **kwargs: Any
    ) -> Any:
        record_export(request, "五长任职", queryset.count())
        return super().get_export_data(file_format, request, queryset, **kwargs)


def _appoint(request: HttpRequest, cleaned: dict[str, Any]) -> None:
    if not territory.may_appoint(request.user, cleaned["node"]):
        raise ValidationError({"node": "片区长是县级领导，由县级管理员任命。"})
    now = timezone.now()
    days = period(cleaned["from_date"], cleaned["until_date"], now=now)
    territory.appoint_to_by_phone(
        phone=cleaned["phone"], name=cleaned["name"], node=cleaned["node"], by=request.user, at=now, **days
    )


@admin.register(StaffingNorm)
class StaffingNormAdmin(RulesAdmin):
    list_display = ["role", "number"]
    ordering = ["role"]
    fields = ["role", "number"]
