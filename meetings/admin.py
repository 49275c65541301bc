"""The desk of this room: kinds of activity, what may be decided by whom, and how votes go; the lists of the county and
of its streets. Everything else has pages of its own."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action

from accounts.entry import CLOSED, opens_to
from grids.rights.admin import PlacedRulesAdmin, RulesAdmin, kept_where
from grids.rights.entry import kept_by, verb
from meetings.models import ActivityKind, Matter, VoteRule


@admin.register(ActivityKind)
class ActivityKindAdmin(RulesAdmin):
    list_display = ["name", "family", "order", "is_active"]
    list_filter = ["family"]
    ordering = ["family", "order", "pk"]
    rights = kept_by("rules", delete=CLOSED)


@admin.register(Matter)
class MatterAdmin(RulesAdmin):
    list_display = ["name", "body", "is_special", "is_covenant", "law", "is_active"]
    list_filter = ["body"]
    ordering = ["order", "pk"]
    rights = kept_by("rules", delete=CLOSED)


@admin.register(VoteRule)
class VoteRuleAdmin(PlacedRulesAdmin):
    """One row of each way of voting for the county, changed or switched off; a street that goes by another keeps its own
    beside it. What was announced keeps what it was announced under."""

    list_display = ["__str__", "body_name", "source", "turnout", "approval", "notice_days", "least_days", "is_active"]
    list_select_related = ["street"]
    ordering = ["street__lft", "pk"]
    fieldsets = [
        (None, {"fields": ["street", "basis", "is_special", "body_name", "is_active"]}),
        ("依据", {"fields": ["law", "edition", "article", "is_checked"]}),
        ("多少才算通过", {"fields": ["turnout", "approval"]}),
        ("公告和投票", {"fields": ["notice_days", "least_days", "notice_source"]}),
    ]
    rights = kept_where("street")
    place = "street"
    actions = None
    actions_detail = ["for_one_street"]

    @admin.display(description="依据")
    def source(self, rule: VoteRule) -> str:
        return rule.source

    @action(description="另存为街道的规则")
    @opens_to(verb("routing"))
    def for_one_street(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect(f"{reverse('admin:meetings_voterule_add')}?{urlencode({'as': object_id})}")

    def get_readonly_fields(self, request: HttpRequest, obj: VoteRule | None = None) -> list[str]:
        return ["street", "basis", "is_special"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Of a new one: as the rule it is to stand beside."""
        alike = self.get_object(request, request.GET.get("as", ""))
        return {"basis": alike.basis, "is_special": alike.is_special, **alike.terms} if alike else {}

    def has_delete_permission(self, request: HttpRequest, obj: VoteRule | None = None) -> bool:
        """A street that gives its own up goes by the county's again."""
        return obj is not None and obj.street is not None and super().has_delete_permission(request, obj)
