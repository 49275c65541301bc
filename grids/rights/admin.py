"""Admin pages of the tables that hold for the whole county or for one place: one verb opens them, every change is audited."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.entry import DeskRights
from accounts.admin.pages import AuditedAdmin
from grids.rights.entry import area, kept_by
from grids.rights.jurisdiction import area_of, may


class RulesAdmin(AuditedAdmin):
    """What those with the verb `rules` tune. Where rows are named by cases they are switched off or retired, never deleted."""

    rights = kept_by("rules")


def kept_where(place: str) -> DeskRights:
    """Written and deleted by whoever has `routing` there; `place` is the field that says where."""
    written = area("routing", of=attrgetter(place))
    return kept_by("routing", change=written, delete=written)


class PlacedRulesAdmin(RulesAdmin):
    """Rules of one place and of the whole county in one table. One with a place is that street's; one without holds
    everywhere and is the county's."""

    rights = kept_where("grid")
    place = "grid"
    """The field that says where a rule holds."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(
            request, queryset.filter(pk__in=[row.pk for row in queryset if self.has_delete_permission(request, row)])
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == self.place:
            kwargs["queryset"] = area_of(request.user, "routing").current().order_by("tree_id", "lft")
            kwargs["required"] = not may(request.user, "routing", None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
