"""The desk for brands: the community's own and those of its estates."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.pages import Rows
from grids.models import Level
from grids.rights.entry import kept_by
from grids.rights.jurisdiction import area_of
from volunteers.admin_pages.base import AreaAdmin
from volunteers.models import Brand, BrandStep


class StepInline(Rows):
    rights = kept_by("dispatch")
    model = BrandStep
    fields = ["words", "due_date", "reached_date", "progress"]
    ordering = ["due_date", "pk"]


@admin.register(Brand)
class BrandAdmin(AreaAdmin):
    list_display = ["name", "grid", "year"]
    list_filter = ["year"]
    search_fields = ["name", "grid__name"]
    ordering = ["-year", "grid__tree_id", "grid__lft"]
    list_select_related = ["grid"]
    inlines = [StepInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "grid":
            own = area_of(request.user, "dispatch").current()
            field.queryset = own.filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("tree_id", "lft")
        return field
