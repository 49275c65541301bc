"""What those with the verb `rules` tune in this room."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.desk import AuditedAdmin
from grids.jurisdiction import may_in_admin
from residents.models import Channel


@admin.register(Channel)
class ChannelAdmin(AuditedAdmin):
    list_display = ["order", "name", "phone", "is_emergency", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "rules")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "rules")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "rules")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "rules")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # switched off, not deleted: declined cases name it
