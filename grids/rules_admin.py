"""Admin pages of the tables that hold for the whole county: one verb opens them, every change is audited."""

from typing import Any

from django.http import HttpRequest

from accounts.desk import AuditedAdmin
from grids.jurisdiction import may_in_admin


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
