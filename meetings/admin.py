"""The desk of this room: kinds of activity, the county's list. Activities and bookings have pages of their own."""

from django.contrib import admin

from grids.rules_admin import RulesAdmin
from meetings.models import ActivityKind


@admin.register(ActivityKind)
class ActivityKindAdmin(RulesAdmin):
    list_display = ["name", "family", "order", "is_active"]
    list_filter = ["family"]
    ordering = ["family", "order", "pk"]
    is_deletable = False
