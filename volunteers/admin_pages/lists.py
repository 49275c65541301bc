"""What staff keep: teams, resources, series, rewards, plans, rules. Every change is a line of the audit trail."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin.entry import DeskRights
from accounts.admin.pages import AuditedAdmin, Rows, end_column
from accounts.entry import opens_to
from accounts.models import User
from accounts.requests import PersonRequest
from cases.forms import OfCategoryForm
from grids.forms.staff import node_choice
from grids.models import Grid, Unit
from grids.rights.admin import RulesAdmin
from grids.rights.entry import area, kept_by, verb
from grids.rights.jurisdiction import area_of
from volunteers.admin_pages.base import AreaAdmin, ReadOnly
from volunteers.models import CertificateOffice, Plan, PlanTask, PointRule, PointsExpiry, Resource, Reward, Series, Team
from volunteers.models.words import FREE_TIMES
from volunteers.services import expiry, points, teams
from web.choices import offer_rows
from web.posted import posted


class TeamForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=60, widget=UnfoldAdminTextInputWidget, error_messages={"required": "请填写名称。"}
    )
    kind = forms.ChoiceField(label="类型", choices=Team.Kind.choices, widget=UnfoldAdminSelectWidget)
    unit = forms.ModelChoiceField(
        label="所属单位",
        queryset=Unit.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label="不属于单位",
        widget=UnfoldAdminSelect2Widget,
    )
    grid = node_choice("所在网格", Grid.objects.none())


class LeaderForm(forms.Form):
    person = forms.ModelChoiceField(
        label="队长",
        queryset=User.objects.none(),
        empty_label="请选择",
        widget=UnfoldAdminSelect2Widget,
        error_messages={"required": "请选择一位队员。"},
    )


@admin.register(Team)
class TeamAdmin(ReadOnly):
    """Founded, led and dissolved by the services: members hear of it and history is kept."""

    rights = DeskRights(list=verb("dispatch"), view=area("dispatch"), add=verb("dispatch"))
    list_display = ["name", "kind", "unit", "grid", "leader", "ended_at"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = readonly_fields = ["name", "kind", "unit", "grid", "leader", "founded_at", "ended_at"]
    list_select_related = ["unit", "grid", "leader"]
    actions_detail = ["appoint_leader", "dissolve"]

    def add_view(self, request: PersonRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TeamForm(posted(request))
        offer_rows(form.fields["grid"], area_of(request.user, "dispatch").current().order_by("tree_id", "lft"))
        return self.act_page(
            request,
            form,
            "组建队伍",
            "已组建。",
            lambda cleaned: teams.found(**cleaned, by=request.user, at=timezone.now()),
        )

    @action(description="指定队长")
    @opens_to(area("dispatch", ReadOnly.own_row))
    def appoint_leader(self, request: PersonRequest, object_id: str) -> HttpResponse:
        team = self.own_row(request, object_id)
        form = LeaderForm(posted(request))
        members = User.objects.filter(team_memberships__team=team, team_memberships__until_at=None)
        offer_rows(form.fields["person"], members.order_by("name", "pk"))
        return self.act_page(
            request,
            form,
            f"指定队长：{team.name}",
            "已指定。",
            lambda cleaned: teams.appoint_leader(team=team, **cleaned, by=request.user, at=timezone.now()),
        )

    @action(description="解散")
    @opens_to(area("dispatch", ReadOnly.own_row))
    def dissolve(self, request: PersonRequest, object_id: str) -> HttpResponse:
        team = self.own_row(request, object_id)
        return self.act_page(
            request,
            forms.Form(posted(request)),
            f"解散：{team.name}",
            "已解散，队员的服务记录都还在。",
            lambda cleaned: teams.dissolve(team=team, by=request.user, at=timezone.now()),
        )


@admin.register(Resource)
class ResourceAdmin(AreaAdmin, AuditedAdmin):
    form = OfCategoryForm
    list_display = ["name", "kind", "category", "provider_shown", "grid", "until_date"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["grid__tree_id", "grid__lft", "pk"]
    fields = ["name", "kind", "category", "unit", "team", "grid", "amount", "free_times", "from_date", "until_date"]
    list_select_related = ["category", "unit", "team", "grid"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "free_times":
            choices = list(FREE_TIMES.items())
            return forms.MultipleChoiceField(
                label=db_field.verbose_name, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description="提供单位或队伍")
    def provider_shown(self, resource: Resource) -> str:
        return resource.provider


@admin.register(Series)
class SeriesAdmin(ReadOnly):
    """Begun and ended on the pages of the desk (volunteers/desk/series.py)."""

    list_display = ["title", "grid", "every_days", "next_at", end_column("到哪天为止")]
    ordering = ["next_at", "pk"]
    fields = readonly_fields = [
        "title", "words", "category", "grid", "place", "serves", "wanted", "team", "every_days", "minutes", "next_at",
        end_column("到哪天为止"),
    ]  # fmt: skip


@admin.register(Reward)
class RewardAdmin(AreaAdmin, AuditedAdmin):
    list_display = ["name", "points", "stocked", "left", "place", "is_active"]
    ordering = ["points", "pk"]
    fields = ["name", "points", "stocked", "grid", "place", "is_active"]

    @display(description="还剩")
    def left(self, reward: Reward) -> int:
        return points.left_of(reward)


class PlanTaskInline(Rows):
    rights = kept_by("dispatch")
    model = PlanTask
    raw_id_fields = ["grid"]


@admin.register(Plan)
class PlanAdmin(AreaAdmin, AuditedAdmin):
    list_display = ["name", "hazard", "grid", "climb_minutes", "is_active"]
    list_filter = ["hazard", "is_active"]
    ordering = ["hazard", "name"]
    fields = ["name", "hazard", "grid", "grids", "teams", "words", "climb_minutes", "is_active"]
    filter_horizontal = ["teams"]
    raw_id_fields = ["grids"]
    inlines = [PlanTaskInline]


@admin.register(CertificateOffice)
class OfficeAdmin(AreaAdmin, AuditedAdmin):
    list_display = ["name", "grid", "head", "clerk", "contact"]
    ordering = ["grid__tree_id", "grid__lft"]
    fields = ["grid", "name", "head", "clerk", "contact"]


class PublishedRules(RulesAdmin):
    """A change is a new row with a later day: rules that hold are never rewritten."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_to_come = obj is None or obj.from_date > timezone.localdate()
        return is_to_come and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)


@admin.register(PointRule)
class PointRuleAdmin(PublishedRules):
    form = OfCategoryForm
    list_display = ["what", "category", "points", "least_minutes", "from_date", "words"]
    list_select_related = ["category"]
    list_filter = ["what"]
    ordering = ["what", "-from_date"]
    fields = ["what", "category", "points", "least_minutes", "from_date", "words"]


class ExpiryForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Nobody may lose points by a rule they could not have heard of in time."""

    def clean_from_date(self) -> date:
        day: date = self.cleaned_data["from_date"]
        if day < timezone.localdate() + expiry.TOLD_AHEAD:
            raise forms.ValidationError("有效期的规则要至少提前 30 天公布。")
        return day


@admin.register(PointsExpiry)
class PointsExpiryAdmin(PublishedRules):
    form = ExpiryForm
    list_display = ["from_date", "years", "words"]
    ordering = ["-from_date"]
    fields = ["from_date", "years", "words"]
