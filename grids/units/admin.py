"""The staff's desk for units and their pairing with communities: those with the verb `grid`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelect2Widget

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, end_column
from accounts.entry import opens_to
from grids.forms.staff import node_choice
from grids.models import Grid, Level, Pairing, Unit
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, may
from grids.units import services as units
from web.choices import offer_rows
from web.posted import posted


class PairForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.filter(is_active=True).order_by("name"),
        empty_label="请选择",
        widget=UnfoldAdminSelect2Widget,
        error_messages={"required": "请选择单位。"},
    )
    grid = node_choice("报到社区", Grid.objects.none())


@admin.register(Unit)
class UnitAdmin(DeskAdmin):
    # Switched off, not deleted: services of its people name it.
    rights = DeskRights(list=verb("see"), view=verb("see"), add=verb("grid"), change=verb("grid"))
    list_display = ["name", "kind", "duty_phone", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "code"]
    ordering = ["kind", "name"]
    fields = ["name", "kind", "code", "duty_phone", "is_active"]


@admin.register(Pairing)
class PairingAdmin(DeskAdmin):
    # History is kept: a pairing is ended, never overwritten.
    rights = DeskRights(list=verb("see"), view=area("see"), add=verb("grid"))
    list_display = ["unit", "grid", "from_at", end_column("结束时间")]
    list_filter = ["unit__kind"]
    search_fields = ["unit__name", "grid__name"]
    ordering = ["grid__tree_id", "grid__lft", "unit__name"]
    fields = readonly_fields = ["unit", "grid", "from_at", end_column("结束时间")]
    actions = None
    actions_detail = ["end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pairing]:
        return Pairing.objects.filter(grid__in=area_of(request.user)).select_related("unit", "grid")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PairForm(posted(request))
        own = area_of(request.user, "grid").current().filter(level=Level.COMMUNITY)
        offer_rows(form.fields["grid"], own.order_by("tree_id", "lft"))
        if request.method == "POST" and form.is_valid():
            try:
                units.pair(**form.cleaned_data, at=timezone.now())
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                self.message_user(request, "已报到。")
                return redirect("admin:grids_pairing_changelist")
        context = {**self.admin_site.each_context(request), "title": "单位报到", "form": form}
        return render(request, "admin/_act_page.html", context)

    def _own(self, request: HttpRequest, object_id: str) -> Pairing:
        pairing = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not may(request.user, "grid", pairing.grid):
            raise PermissionDenied
        return pairing

    @action(description="结束报到")
    @opens_to(area("grid", _own))
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        pairing = self._own(request, object_id)
        form = forms.Form(posted(request))
        if form.is_valid():
            try:
                units.end_pairing(pairing=pairing, at=timezone.now())
            except ValidationError as refusal:
                form.add_error(None, ValidationError(refusal.messages))
            else:
                self.message_user(request, f"{pairing.unit}与{pairing.grid}的报到已结束。")
                return redirect("admin:grids_pairing_changelist")
        context = {**self.admin_site.each_context(request), "title": "结束报到", "form": form}
        return render(request, "admin/_act_page.html", context)
