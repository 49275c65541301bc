"""The staff's desk for disputes: number, type, place, level and outcome, no more (what is said in mediation is secret even
to the levels above); behind each figure the list of its cases; and the tables staff edit."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin
from accounts.entry import CLOSED, opens_to
from cases.models import Case
from disputes import figures
from disputes.experts import admin as expert_admin
from disputes.experts import bookings_admin as booking_admin
from disputes.guards.mediation import level_of
from disputes.models import Dispute, DisputeType, ExpertField, Guidance, Outcome, PlainKind, Reason
from disputes.models.querysets import DisputeQuerySet, month_of, year_of
from disputes.workflow import BEFORE_PEACE
from grids.models import Grid, Level
from grids.rights.admin import RulesAdmin
from grids.rights.entry import kept_by, verb
from grids.rights.jurisdiction import area_of, has_verb, posts_in
from web.params import row_of, whole_number

__all__ = ["booking_admin", "expert_admin"]


def _year(text: str | None) -> int | None:
    """One that a database knows; None for anything else."""
    year = whole_number(text)
    return year if year is not None and 2000 < year < 9999 else None


def _figure(request: HttpRequest) -> str:
    return request.GET.get(FigureFilter.parameter_name, "")


class YearFilter(admin.SimpleListFilter):
    """By what counts in it: the figure that is asked for says whether that is taken down or ended."""

    title = "年份"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Dispute.objects.counted_for(request.user).dates("case__opened_at", "year", order="DESC")
        return [(str(day.year), f"{day.year} 年") for day in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        year = _year(self.value())
        return queryset if year is None else figures.in_time(queryset, _figure(request), year_of(year))


class FigureFilter(admin.SimpleListFilter):
    """The cases behind a figure."""

    title = "统计口径"
    parameter_name = "figure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        counted = [(code, label) for code, (label, *_) in figures.COUNTED.items() if code != "received"]
        return counted + [(code, f"协议{label}") for code, label in figures.KEPT.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return figures.behind(queryset, self.value() or "")


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
        return figures.in_community(queryset, node) if node else queryset


class MonthFilter(admin.SimpleListFilter):
    title = "月份"
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        months = Dispute.objects.counted_for(request.user).datetimes("case__opened_at", "month", order="DESC")[:24]
        return [(f"{day:%Y-%m}", f"{day.year}年{day.month}月") for day in months]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        first, _, second = (self.value() or "").partition("-")
        year, month = _year(first), whole_number(second)
        if year is None or month is None or not 1 <= month <= 12:
            return queryset
        return figures.in_time(queryset, _figure(request), month_of(year, month))


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
    list_filter = [YearFilter, MonthFilter, FigureFilter, KindFilter, PlaceFilter, "source", "is_public_security"]
    list_per_page = 50
    ordering = ["-case__opened_at", "-pk"]
    show_full_result_count = False
    change_list_outer_before_template = "admin/disputes/_figures_link.html"

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

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.figures_view)
        return [path("figures/", page, name="disputes_dispute_figures"), *super().get_urls()]

    @opens_to(verb("figures"))
    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """The table of `mediation_report` for this person's area; each number opens its cases."""
        year = _year(request.GET.get("year")) or timezone.localdate().year
        disputes = figures.Year(year, Dispute.objects.counted_for(request.user))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{year} 年调解统计",
            "year": year,
            "year_text": str(year),
            "head": figures.HEAD,
            "parts": figures.parts(disputes),
            "days": figures.days_to_settle(disputes),
            "kept": [(code, figures.KEPT[code], count) for code, count in figures.performance(disputes).items()],
            "list_url": reverse("admin:disputes_dispute_changelist"),
        }
        return render(request, "admin/disputes/figures.html", context)


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
