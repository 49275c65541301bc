"""The desk of this room: kinds of activity, what may be decided by whom, and how votes go; the county's lists. Everything
else has pages of its own."""

from django.contrib import admin
from django.http import HttpRequest

from grids.rules_admin import RulesAdmin
from meetings.models import ActivityKind, Matter, VoteRule


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


@admin.register(VoteRule)
class VoteRuleAdmin(RulesAdmin):
    """One row of each way of voting: changed or switched off, never added. What was announced keeps what it was announced
    under."""

    list_display = ["__str__", "body_name", "source", "turnout", "approval", "notice_days", "least_days", "is_active"]
    ordering = ["pk"]
    readonly_fields = ["basis", "is_special"]
    fieldsets = [
        (None, {"fields": ["basis", "is_special", "body_name", "is_active"]}),
        ("依据", {"fields": ["law", "edition", "article", "is_checked"]}),
        ("多少才算通过", {"fields": ["turnout", "approval"]}),
        ("公告和投票", {"fields": ["notice_days", "least_days", "notice_source"]}),
    ]
    is_deletable = False

    @admin.display(description="依据")
    def source(self, rule: VoteRule) -> str:
        return rule.source

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
