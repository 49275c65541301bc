"""Admin pages of the tables that hold for the whole county or for one place: one verb opens them, every change is audited."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.desk import AuditedAdmin
from grids.jurisdiction import area_of, may, may_in_admin


class RulesAdmin(AuditedAdmin):
    """What those with the verb `rules` tune."""

    verb = "rules"
    is_deletable = True
    """Where rows are named by cases they are switched off or retired, never deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, self.verb)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, self.verb)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, self.verb)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, self.verb)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_deletable and may_in_admin(request, self.verb)


class PlacedRulesAdmin(RulesAdmin):
    """Rules of one place and of the whole county in one table. One with a place is that street's; one without holds
    everywhere and is the county's."""

    verb = "routing"
    place = "grid"
    """The field that says where a rule holds."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_in_admin(request, self.verb)
        return may(request.user, self.verb, getattr(obj, self.place))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(
            request, queryset.filter(pk__in=[row.pk for row in queryset if self.has_delete_permission(request, row)])
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == self.place:
            kwargs["queryset"] = area_of(request.user, self.verb).standing().order_by("tree_id", "lft")
            kwargs["required"] = not may(request.user, self.verb, None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
