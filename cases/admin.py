"""The staff's desk: cases to filter and dispatch in bulk, and the rules behind them. Every act goes through the same
services as the pages; nothing here writes a case by itself."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts import limiter
from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, PeriodFilter
from accounts.entry import CLOSED, opens_to
from accounts.requests import PersonRequest
from cases.categories import paths as categories
from cases.categories import tree as category_tree
from cases.engine.access import arrows_for, knows_asker
from cases.engine.acts import assign
from cases.engine.calendar import load_days
from cases.engine.turns import Given
from cases.forms import OfCategoryForm, PostChoice
from cases.limits.holidays import read_notice
from cases.models import CalendarDay, Case, Category, ColumnName, RoutingRule, TimeLimit
from cases.reading.excel import CATEGORIES, CategoryResource
from cases.reading.lists import as_file
from cases.reading.story import cards, story
from grids.models import Grid, Level, Post
from grids.rights.admin import PlacedRulesAdmin, RulesAdmin
from grids.rights.entry import area, kept_by, verb
from grids.rights.jurisdiction import area_of
from tables.admin import TableAdmin
from web.choices import offer_rows, rows_of
from web.params import whole_number
from web.posted import files_posted, posted


class SubtreeFilter(admin.SimpleListFilter):
    """A street, community or estate with everything below it."""

    title = "网格（含下级）"
    parameter_name = "subtree"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        nodes = area_of(request.user).current().filter(level__lte=Level.ESTATE).order_by("tree_id", "lft")
        return [(str(node.pk), "　" * node.level + node.name) for node in nodes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        chosen = whole_number(self.value())
        if chosen is None:
            return queryset
        node = Grid.objects.filter(pk=chosen).first()
        return queryset.filter(grid__in=Grid.objects.in_area([node])) if node else queryset.none()


class LateFilter(admin.SimpleListFilter):
    title = "时限"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "已超时"), ("was", "曾超时"), ("open", "在办")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {
            "now": lambda: queryset.overdue(timezone.now()),
            "was": lambda: queryset.filter(was_late=True),
            "open": queryset.open,
        }.get(self.value() or "")
        return chosen() if chosen else queryset


class BulkDispatchForm(forms.Form):
    post = PostChoice(
        label="派给谁", queryset=Post.objects.none(), empty_label="请选择", widget=UnfoldAdminSelect2Widget
    )
    words = forms.CharField(label="说明（可不填）", required=False, widget=UnfoldAdminTextareaWidget)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.held_at(timezone.now()).filter(grid__in=area_of(user, "dispatch"))
        offer_rows(self.fields["post"], posts.select_related("person", "grid").order_by("grid__tree_id", "grid__lft"))


@admin.register(Case)
class CaseAdmin(DeskAdmin):
    rights = DeskRights(list=verb("see"), view=area("see"), table=verb("dispatch"))
    list_display = ["number", "title", "place", "state_shown", "holder_shown", "limit_shown", "opened_at"]
    list_filter = [
        SubtreeFilter,
        LateFilter,
        "kind",
        "state",
        ("category", RelatedDropdownFilter),
        "urgency",
        "is_supervised",
        ("opened_at", PeriodFilter),
    ]
    list_filter_submit = True
    search_fields = ["number", "title", "place"]
    list_per_page = 50
    ordering = ["-opened_at", "-pk"]
    show_full_result_count = False
    actions = ["dispatch_in_bulk", "export_list"]
    change_form_outer_after_template = "admin/cases/_story.html"

    class Media:
        css = {"all": ["css/tokens.css", "css/case.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """The area of the person's posts; private cases only for those who sit on them, on their own pages."""
        return Case.objects.in_area_of(request.user).with_cards().select_related("grid")

    @display(description="状态")
    def state_shown(self, case: Case) -> str:
        return case.state_label

    @display(description="责任人")
    def holder_shown(self, case: Case) -> str:
        return case.holder_words

    @display(description="时限", ordering="due_at", label={"已超时": "danger", "在时限内": "success", "已归档": "info"})
    def limit_shown(self, case: Case) -> str:
        if not case.is_open:
            return "已归档"
        return "已超时" if case.is_late(timezone.now()) else "在时限内"

    @admin.action(description="批量派单")
    @opens_to(posts=area("dispatch"))
    def dispatch_in_bulk(self, request: PersonRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        """One post for many cases; each case is its own act, those that could not be dispatched are named."""
        form = BulkDispatchForm(request.POST if "apply" in request.POST else None, user=request.user)
        if not ("apply" in request.POST and form.is_valid()):
            context = {**self.admin_site.each_context(request), "title": "批量派单", "form": form, "cases": queryset}
            return render(request, "admin/cases/bulk_dispatch.html", context)
        done, at = 0, timezone.now()
        for case in queryset:
            given = Given(words=form.cleaned_data["words"])
            try:
                assign(
                    case=case, by=request.user, at=at, version=case.version, given=given, post=form.cleaned_data["post"]
                )
                done += 1
            except ValidationError as refusal:
                self.message_user(request, f"{case.number}：{' '.join(refusal.messages)}", messages.ERROR)
        self.message_user(request, f"已派单 {done} 件。")
        return None

    @admin.action(description="导出所选（Excel）", permissions=["export"])
    @opens_to(posts=area("dispatch"))
    def export_list(self, request: PersonRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        """As filtered and in the order shown; 选中全部 takes every page along."""
        at = timezone.now()
        try:
            limiter.check("list_export", person=request.user.pk, at=at)
            return redirect(as_file(person=request.user, label="事项", cases=queryset, at=at))
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        case = self.get_object(request, object_id)
        extra: dict[str, Any] = {**(extra_context or {})}
        if case is not None:
            at = timezone.now()
            hides = not knows_asker(request.user, case)
            extra |= {
                "case": case,
                "card": cards([case], at=at)[0],
                "arrows": arrows_for(request.user, case, at=at),
                "timeline": render_to_string(
                    "parts/timeline.html", {"events": story(case, for_asker=False, hides_asker=hides)}
                ),
            }
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return answer

    def get_fields(self, request: HttpRequest, obj: Case | None = None) -> list[str]:
        return ["number", "title", "category", "urgency", "place", "opened_at", "finish_by_at", "was_late"]

    def get_readonly_fields(self, request: HttpRequest, obj: Case | None = None) -> list[str]:
        return self.get_fields(request, obj)


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """With 停用, which says what is to stand for the category from then on."""

    is_retired = forms.BooleanField(
        label="停用",
        required=False,
        help_text="不再推荐，也不能再选；已用它的事项保留原名。",
        widget=UnfoldBooleanSwitchWidget,
    )
    replaced_by = forms.ModelChoiceField(
        label="停用后由哪一类代替",
        queryset=Category.objects.filter(retired_at=None).order_by("kind", "path"),
        required=False,
        empty_label="不代替",
        help_text="未办结事项、派单规则、办理时限等转到这一类，关键词也加过去；正在走的时限不变。",
        widget=UnfoldAdminSelect2Widget,
        error_messages={"invalid_choice": "这一分类已停用，请另选一类。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parent := self.fields.get("parent"):
            offer_rows(parent, rows_of(parent).filter(Q(retired_at=None) | Q(pk=self.instance.parent_id)))
        if "is_retired" in self.fields:
            self.initial["is_retired"] = self.instance.retired_at is not None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs leave out
        if not self.errors:
            try:
                categories.check_place(self.instance)
            except ValidationError as refusal:
                self.add_error(None, refusal)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_retired") and self.instance.pk:
            category_tree.check_may_retire(self.instance, cleaned.get("replaced_by"))
        elif self.instance.pk:
            category_tree.check_may_restore(self.instance)
        elif cleaned.get("is_retired"):
            raise ValidationError({"is_retired": "新分类不能一开始就停用。"})
        if cleaned.get("replaced_by") and not cleaned.get("is_retired"):
            raise ValidationError({"replaced_by": "勾选“停用”后才能选由哪一类代替。"})
        return cleaned


@admin.register(Category)
class CategoryAdmin(RulesAdmin, TableAdmin):
    rights = kept_by("rules", delete=CLOSED, table=verb("rules"))  # retired: closed cases keep their category
    form = CategoryForm
    resource_classes = [CategoryResource]
    layout = CATEGORIES
    list_display = ["path", "keywords", "retired_at", "successor"]
    list_filter = ["kind", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["successor"]
    search_fields = ["path", "keywords"]
    ordering = ["path"]
    fields = ["kind", "parent", "name", "keywords", "is_retired", "replaced_by", "successor"]
    readonly_fields = ["successor"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Category], search_term: str) -> Any:
        """Whoever looks for a category to choose is not offered retired ones."""
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(retired_at=None)
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        categories.put(obj)
        super().save_model(request, obj, form, change)
        cleaned = form.cleaned_data
        if cleaned["is_retired"]:
            done = category_tree.retire(category=obj, successor=cleaned["replaced_by"], at=timezone.now())
            self.message_user(request, done.words)
            for left in [*done.notes, *category_tree.left_over(Q(pk=obj.pk))]:
                self.message_user(request, f"请处理：{left}", messages.WARNING)
        elif obj.retired_at is not None:
            category_tree.restore(category=obj)


@admin.register(RoutingRule)
class RoutingRuleAdmin(PlacedRulesAdmin):
    form = OfCategoryForm
    list_display = ["order", "name", "category", "urgency", "grid", "role", "co_role", "is_active"]
    list_select_related = ["category", "grid"]
    list_display_links = ["name"]
    list_filter = ["kind", "is_active"]
    ordering = ["order", "pk"]
    autocomplete_fields = ["category"]


@admin.register(TimeLimit)
class TimeLimitAdmin(RulesAdmin):
    form = OfCategoryForm
    list_display = ["stage", "category", "urgency", "amount", "unit", "source"]
    list_select_related = ["category"]
    list_filter = ["kind", "stage"]
    ordering = ["kind", "stage", "pk"]
    autocomplete_fields = ["category"]


@admin.register(ColumnName)
class ColumnNameAdmin(RulesAdmin):
    list_display = ["name", "column"]
    search_fields = ["name"]
    ordering = ["column", "name"]


class NoticeForm(forms.Form):
    file = forms.FileField(
        label="年度放假安排",
        help_text="CSV 或 Excel，三列：日期、类型（放假/上班）、名称。应包含全年。",
        error_messages={"required": "请选择文件。"},
        widget=UnfoldAdminFileFieldWidget,
    )


@admin.register(CalendarDay)
class CalendarDayAdmin(RulesAdmin):
    list_display = ["date", "kind", "name"]
    list_filter = ["kind"]
    ordering = ["-date"]
    date_hierarchy = "date"
    # The yearly notice comes in as a whole, so that open limits are counted anew once.
    rights = kept_by("rules", change=CLOSED, delete=CLOSED)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Adding days is reading the yearly notice."""
        form = NoticeForm(posted(request), files_posted(request))
        if not self.has_add_permission(request):
            refused: HttpResponse = super().add_view(request, form_url, extra_context)
            return refused
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                days = read_notice(upload)
                written, recomputed = load_days(days=days, at=timezone.now())
            except ValidationError as refusal:
                form.add_error("file", ValidationError(refusal.messages))
            else:
                self.message_user(request, f"已更新 {written} 天，重算未办结事项时限 {recomputed} 件。")
                answer: HttpResponse = self.response_post_save_add(request, None)
                return answer
        context = {**self.admin_site.each_context(request), "title": "导入年度放假安排", "form": form}
        return render(request, "admin/cases/load_notice.html", context)
