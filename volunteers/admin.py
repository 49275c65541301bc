"""The staff's desk: what the room starts from. Orders, needs and ledgers have pages of their own; here they are looked
up. Everything written goes through the services, except plain lists that staff keep."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from grids.jurisdiction import area_of, may_in_admin
from volunteers.models import (
    HoursEntry,
    Plan,
    PlanTask,
    PointRule,
    PointsEntry,
    Redemption,
    Resource,
    Reward,
    Series,
    Team,
    Volunteer,
)  # fmt: skip
from volunteers.services import hours, people, points


class AreaAdmin(ModelAdmin):
    """Rows of one's own area, for those who dispatch there."""

    place = "grid"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{f"{self.place}__in": area_of(request.user, "dispatch")})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "dispatch")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "dispatch")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "dispatch")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "dispatch")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # ended or switched off, not deleted: services name them

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "grid":
            kwargs["queryset"] = area_of(request.user, "dispatch").standing().order_by("tree_id", "lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnly(AreaAdmin):
    """Looked up here, written by services."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def act_page(self, request: HttpRequest, form: forms.Form, title: str, done: str, act: Any) -> HttpResponse:
        """Form → one service call → back to the list."""
        if request.method == "POST" and form.is_valid():
            try:
                act(form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                self.message_user(request, done)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {**self.admin_site.each_context(request), "title": title, "form": form}
        return render(request, "admin/_act_page.html", context)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


class CheckForm(forms.Form):
    on = forms.DateField(label="核查日期", widget=UnfoldAdminDateWidget, error_messages={"required": "请填写日期。"})


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnly):
    list_display = ["number", "name", "grid", "is_active_shown", "checked_date"]
    search_fields = ["number", "person__name"]
    ordering = ["number"]
    fields = readonly_fields = [
        "number",
        "name",
        "grid",
        "listed_at",
        "agreed_at",
        "left_at",
        "checked_date",
        "checked_by",
    ]
    actions_detail = ["note_check"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Volunteer]:
        return super().get_queryset(request).select_related("person", "grid")

    @display(description="姓名")
    def name(self, volunteer: Volunteer) -> str:
        return str(volunteer.person)

    @display(description="本人已同意", boolean=True)
    def is_active_shown(self, volunteer: Volunteer) -> bool:
        return volunteer.is_active

    @action(description="登记背景核查")
    def note_check(self, request: HttpRequest, object_id: str) -> HttpResponse:
        volunteer = get_object_or_404(self.get_queryset(request), pk=object_id)
        return self.act_page(
            request, CheckForm(_sent(request)), "登记背景核查", "已登记。",
            lambda said: people.note_check(
                volunteer=volunteer, on=said["on"], by=request.user, today=timezone.localdate()
            ),
        )  # fmt: skip


class CorrectForm(forms.Form):
    hours = forms.IntegerField(label="应为几小时", widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(label="更正原因（会公示）", max_length=200, widget=UnfoldAdminTextInputWidget)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="冲正原因（本人会看到）", max_length=90, widget=UnfoldAdminTextInputWidget)


@admin.register(HoursEntry)
class HoursAdmin(ReadOnly):
    place = "case__grid"
    list_display = ["person", "hours", "minutes", "case", "noted_at", "counts_at", "reason"]
    search_fields = ["person__name", "case__number"]
    ordering = ["-noted_at", "-pk"]
    fields = readonly_fields = [
        "person",
        "case",
        "hours",
        "minutes",
        "corrects",
        "reason",
        "noted_at",
        "noted_by",
        "counts_at",
    ]
    list_select_related = ["person", "case"]
    actions_detail = ["correct"]

    @action(description="更正")
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = get_object_or_404(self.get_queryset(request), pk=object_id)
        return self.act_page(
            request, CorrectForm(_sent(request)), "更正服务时数", "已更正，公示期满后计入。",
            lambda said: hours.correct(entry=entry, **said, by=request.user, at=timezone.now()),
        )  # fmt: skip


@admin.register(PointsEntry)
class PointsAdmin(ReadOnly):
    place = "case__grid"
    list_display = ["person", "points", "words", "noted_at"]
    search_fields = ["person__name", "case__number"]
    ordering = ["-noted_at", "-pk"]
    fields = readonly_fields = ["person", "points", "words", "rule", "case", "corrects", "noted_at", "noted_by"]
    list_select_related = ["person"]
    actions_detail = ["counter"]

    @action(description="冲正")
    def counter(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = get_object_or_404(self.get_queryset(request), pk=object_id)
        return self.act_page(
            request, ReasonForm(_sent(request)), "冲正积分", "已冲正。",
            lambda said: points.correct(entry=entry, **said, by=request.user, at=timezone.now()),
        )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(label="领取码", max_length=12, widget=UnfoldAdminTextInputWidget)


@admin.register(Redemption)
class RedemptionAdmin(ReadOnly):
    place = "reward__grid"
    list_display = ["reward", "person", "state", "redeemed_at", "ended_at"]
    list_filter = ["state"]
    search_fields = ["person__name"]
    ordering = ["-redeemed_at", "-pk"]
    fields = readonly_fields = ["reward", "person", "state", "redeemed_at", "ended_at", "ended_by"]
    list_select_related = ["reward", "person"]
    actions_detail = ["hand_over", "give_back"]

    @action(description="领取")
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        one = get_object_or_404(self.get_queryset(request), pk=object_id)
        return self.act_page(
            request, CodeForm(_sent(request)), "领取", "已领取。",
            lambda said: points.hand_over(redemption=one, **said, by=request.user, at=timezone.now()),
        )  # fmt: skip

    @action(description="取消兑换")
    def give_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        one = get_object_or_404(self.get_queryset(request), pk=object_id)
        return self.act_page(
            request, forms.Form(_sent(request)), "取消兑换", "已取消，积分已退回。",
            lambda said: points.cancel(redemption=one, by=request.user, at=timezone.now()),
        )  # fmt: skip


@admin.register(Team)
class TeamAdmin(AreaAdmin):
    list_display = ["name", "kind", "unit", "grid", "ended_at"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "kind", "unit", "grid", "founded_at", "ended_at"]
    list_select_related = ["unit", "grid"]


@admin.register(Resource)
class ResourceAdmin(AreaAdmin):
    list_display = ["name", "kind", "category", "provider_shown", "grid", "until_date"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["grid__tree_id", "grid__lft", "pk"]
    fields = ["name", "kind", "category", "unit", "team", "grid", "amount", "from_date", "until_date"]
    list_select_related = ["category", "unit", "team", "grid"]

    @display(description="提供单位或队伍")
    def provider_shown(self, resource: Resource) -> str:
        return resource.provider


@admin.register(Series)
class SeriesAdmin(AreaAdmin):
    list_display = ["title", "grid", "every_days", "next_at", "until_at"]
    ordering = ["next_at", "pk"]
    fields = [
        "title", "words", "category", "grid", "place", "serves", "wanted", "team", "helpers", "every_days", "minutes",
        "next_at", "until_at",
    ]  # fmt: skip
    autocomplete_fields = ["team"]
    raw_id_fields = ["helpers"]

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        if not change:
            obj.opened_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Reward)
class RewardAdmin(AreaAdmin):
    list_display = ["name", "points", "stocked", "left", "place", "is_active"]
    ordering = ["points", "pk"]
    fields = ["name", "points", "stocked", "grid", "place", "is_active"]

    @display(description="还剩")
    def left(self, reward: Reward) -> int:
        return points.left_of(reward)


class PlanTaskInline(TabularInline):
    model = PlanTask
    extra = 0
    raw_id_fields = ["grid"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "dispatch")

    has_change_permission = has_view_permission = has_delete_permission = has_add_permission


@admin.register(Plan)
class PlanAdmin(AreaAdmin):
    list_display = ["name", "hazard", "grid", "climb_minutes", "is_active"]
    list_filter = ["hazard", "is_active"]
    ordering = ["hazard", "name"]
    fields = ["name", "hazard", "grid", "grids", "teams", "words", "climb_minutes", "is_active"]
    filter_horizontal = ["teams"]
    raw_id_fields = ["grids"]
    inlines = [PlanTaskInline]


@admin.register(PointRule)
class PointRuleAdmin(ModelAdmin):
    """A change is a new row with a later day: rules that hold are never rewritten."""

    list_display = ["what", "category", "points", "from_date", "words"]
    list_filter = ["what"]
    ordering = ["what", "-from_date"]
    fields = ["what", "category", "points", "from_date", "words"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "rules")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "rules")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "rules")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_to_come = obj is None or obj.from_date > timezone.localdate()
        return is_to_come and may_in_admin(request, "rules")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)
