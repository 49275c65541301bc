"""The desk of this room: kinds of activity, and what may be decided by whom; the county's lists. Everything else has pages
of its own."""

from django.contrib import admin

from grids.rules_admin import RulesAdmin
from meetings.models import ActivityKind, Matter


@admin.register(ActivityKind)
class ActivityKindAdmin(RulesAdmin):
    list_display = ["name", "family", "order", "is_active"]
    list_filter = ["family"]
    ordering = ["family", "order", "pk"]
    is_deletable = False


@admin.register(Matter)
class MatterAdmin(RulesAdmin):
    list_display = ["name", "body", "is_special", "is_covenant", "law", "is_active"]
    list_filter = ["body"]
    ordering = ["order", "pk"]
    is_deletable = False
