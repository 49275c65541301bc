"""The staff's desk: people and both ledgers are looked up here and put right by the services; what staff keep themselves
(teams, resources, plans, rules) is in volunteers/admin_pages/lists.py, brands in volunteers/admin_pages/brands.py."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area
from volunteers.admin_pages import brands as brand_admin
from volunteers.admin_pages import lists as kept_admin
from volunteers.admin_pages.base import ReadOnly
from volunteers.models import HoursEntry, PointsEntry, Redemption, Volunteer
from volunteers.services import hours, people, points
from web.period_ends import end_in_words
from web.posted import posted
from web.time_fields import Day

__all__ = ["brand_admin", "kept_admin"]  # they register themselves


class CheckForm(forms.Form):
    on = Day(label="核查日期", widget=UnfoldAdminDateWidget)


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
    @opens_to(area("dispatch", ReadOnly.own_row))
    def note_check(self, request: PersonRequest, object_id: str) -> HttpResponse:
        volunteer = self.own_row(request, object_id)
        return self.act_page(
            request,
            CheckForm(posted(request)),
            "登记背景核查",
            "已登记。",
            lambda cleaned: people.note_check(
                volunteer=volunteer, on=cleaned["on"], by=request.user, today=timezone.localdate()
            ),
        )


class CorrectForm(forms.Form):
    hours = forms.IntegerField(label="应为几小时", min_value=0, max_value=24, widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(label="更正原因（会公示）", max_length=200, widget=UnfoldAdminTextInputWidget)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="冲正原因（本人会看到）", max_length=90, widget=UnfoldAdminTextInputWidget)


@admin.register(HoursEntry)
class HoursAdmin(ReadOnly):
    place = "case__grid"
    list_display = ["person", "hours", "minutes", "case", "noted_at", "counts_shown", "reason"]
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
        "counts_shown",
    ]
    list_select_related = ["person", "case"]
    actions_detail = ["correct"]

    @display(description="公示至")
    def counts_shown(self, entry: HoursEntry) -> str:
        return end_in_words(entry.counts_at, "Y年n月j日 H:i")

    @action(description="更正")
    @opens_to(area("dispatch", ReadOnly.own_row))
    def correct(self, request: PersonRequest, object_id: str) -> HttpResponse:
        entry = self.own_row(request, object_id)
        return self.act_page(
            request,
            CorrectForm(posted(request)),
            "更正服务时数",
            "已更正，公示期满后计入。",
            lambda cleaned: hours.correct(entry=entry, **cleaned, by=request.user, at=timezone.now()),
        )


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
    @opens_to(area("dispatch", ReadOnly.own_row))
    def counter(self, request: PersonRequest, object_id: str) -> HttpResponse:
        entry = self.own_row(request, object_id)
        return self.act_page(
            request,
            ReasonForm(posted(request)),
            "冲正积分",
            "已冲正。",
            lambda cleaned: points.correct(entry=entry, **cleaned, by=request.user, at=timezone.now()),
        )


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
    @opens_to(area("dispatch", ReadOnly.own_row))
    def hand_over(self, request: PersonRequest, object_id: str) -> HttpResponse:
        redemption = self.own_row(request, object_id)
        return self.act_page(
            request,
            CodeForm(posted(request)),
            "领取",
            "已领取。",
            lambda cleaned: points.hand_over(redemption=redemption, **cleaned, by=request.user, at=timezone.now()),
        )

    @action(description="取消兑换")
    @opens_to(area("dispatch", ReadOnly.own_row))
    def give_back(self, request: PersonRequest, object_id: str) -> HttpResponse:
        redemption = self.own_row(request, object_id)
        return self.act_page(
            request,
            forms.Form(posted(request)),
            "取消兑换",
            "已取消，积分已退回。",
            lambda cleaned: points.cancel(redemption=redemption, by=request.user, at=timezone.now()),
        )
