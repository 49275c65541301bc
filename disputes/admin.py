"""The staff's desk for disputes: number, type, place, level and outcome, no more (what is said in mediation is secret even
to the levels above); and the tables staff edit. Figures of them are above (dashboards/mediation/)."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin
from accounts.entry import CLOSED
from cases.models import Case
from disputes.experts import admin as expert_admin
from disputes.experts import bookings_admin as booking_admin
from disputes.guards.mediation import level_of
from disputes.models import Dispute, DisputeType, ExpertField, Guidance, Outcome, PlainKind, Reason
from disputes.models.querysets import DisputeQuerySet
from disputes.workflow import BEFORE_PEACE
from grids.models import Grid, Level
from grids.rights.admin import RulesAdmin
from grids.rights.entry import kept_by, verb
from grids.rights.jurisdiction import area_of, has_verb, posts_in
from web.params import row_of, whole_number

__all__ = ["booking_admin", "expert_admin"]


class YearFilter(admin.SimpleListFilter):
    """By when it was taken down."""

    title = "登记年份"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Dispute.objects.counted_for(request.user).dates("case__opened_at", "year", order="DESC")
        return [(str(day.year), f"{day.year} 年") for day in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        year = _year(self.value())
        return queryset if year is None else queryset.filter(case__opened_at__year=year)


def _year(text: str | None) -> int | None:
    """One that a database knows; None for anything else."""
    year = whole_number(text)
    return year if year is not None and 2000 < year < 9999 else None


class KindFilter(admin.SimpleListFilter):
    """First-level type with all below it."""

    title = "类别"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(DisputeType.objects.filter(parent=None).order_by("code").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        return queryset.filter(Q(type=code) | Q(type__parent=code)) if code else queryset


class PlaceFilter(admin.SimpleListFilter):
    """A community with all below it; a street or the county for what lies in no community."""

    title = "社区"
    parameter_name = "community"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        nodes = area_of(request.user, "figures").current().filter(level__lte=Level.COMMUNITY)
        return [
            (str(node.pk), node.name if node.level == Level.COMMUNITY else f"{node.name}（本级）")
            for node in nodes.order_by("tree_id", "lft")
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        node = row_of(Grid.objects.all(), self.value())
        if node is None:
            return queryset
        return queryset.filter(case__grid__in=Grid.objects.in_area([node]) if node.level == Level.COMMUNITY else [node])


@admin.register(Dispute)
class DisputeAdmin(DeskAdmin):
    rights = DeskRights(list=verb("figures"))  # one dispute is read on its own page by those who sit on it
    list_display = [
        "number_shown",
        "type",
        "place_shown",
        "level_shown",
        "state_shown",
        "outcome_shown",
        "opened_shown",
    ]
    list_display_links = None
    list_filter = [YearFilter, KindFilter, PlaceFilter, "source", "is_public_security"]
    list_per_page = 50
    ordering = ["-case__opened_at", "-pk"]
    show_full_result_count = False
    list_before_template = "admin/disputes/_figures_link.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        """With each, whether this person may open it, or pull it up."""
        disputes: DisputeQuerySet = Dispute.objects.counted_for(request.user).annotate(
            may_open=Exists(Case.objects.visible_to(request.user).filter(pk=OuterRef("pk"))),
            may_pull=Value(has_verb(posts_in(request), "supervise")),
        )
        return disputes.select_related("case__holder__grid", "case__grid", "type__parent")

    @display(description="编号")
    def number_shown(self, dispute: Any) -> str:
        case = dispute.case
        if dispute.may_open:
            return format_html('<a href="{}">{}</a>', case.get_absolute_url(), case.number)
        if dispute.may_pull and case.state in BEFORE_PEACE:
            return format_html('{} <a href="{}">提级</a>', case.number, reverse("disputes:pull-up", args=[case.number]))
        return str(case.number)

    @display(description="地点")
    def place_shown(self, dispute: Dispute) -> str:
        return dispute.case.place

    @display(description="现在哪一级")
    def level_shown(self, dispute: Dispute) -> str:
        return Level(level_of(dispute.case)).short

    @display(description="状态")
    def state_shown(self, dispute: Dispute) -> str:
        return dispute.case.state_label

    @display(description="结果")
    def outcome_shown(self, dispute: Dispute) -> str:
        return str(Outcome(dispute.case.outcome).label) if dispute.case.outcome else "—"

    @display(description="登记日期", ordering="case__opened_at")
    def opened_shown(self, dispute: Dispute) -> str:
        return f"{timezone.localdate(dispute.case.opened_at):%Y-%m-%d}"


class TableAdmin(RulesAdmin):
    rights = kept_by("rules", delete=CLOSED)  # switched off: cases name it


@admin.register(DisputeType)
class DisputeTypeAdmin(TableAdmin):
    list_display = ["code", "name", "parent", "judicial_type", "is_active"]
    list_select_related = ["parent"]
    list_filter = ["judicial_type", "is_active"]
    search_fields = ["code", "name"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: DisputeType | None = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(PlainKind)
class PlainKindAdmin(TableAdmin):
    list_display = ["order", "name", "type", "is_active"]
    list_display_links = ["name"]
    list_select_related = ["type__parent"]
    ordering = ["order", "pk"]


@admin.register(Reason)
class ReasonAdmin(TableAdmin):
    list_display = ["order", "name", "source", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]


@admin.register(Guidance)
class GuidanceAdmin(TableAdmin):
    list_display = ["order", "name", "phone", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]


@admin.register(ExpertField)
class ExpertFieldAdmin(TableAdmin):
    list_display = ["order", "name", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]
