"""The desk's pages that belong to rooms below the posts: the audit trail, how long records are kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, PeriodFilter
from accounts.models import AuditLine, RetentionPeriod, User
from accounts.privacy.holdings import KEEPINGS
from grids.rights.admin import RulesAdmin
from grids.rights.entry import verb

admin.site.unregister(Group)  # Django's own table: rights hang on posts


@admin.register(AuditLine)
class AuditLineAdmin(DeskAdmin):
    """Read only, for the auditor. People are shown by the name they have now; who was erased has none."""

    rights = DeskRights(list=verb("audit"), view=verb("audit"))
    list_display = ["number", "at", "act", "by_shown", "about_shown", "thing", "words", "is_success", "address"]
    list_display_links = None
    list_filter = ["act", "is_success", ("at", PeriodFilter)]
    list_filter_submit = True
    search_fields = ["thing"]
    search_help_text = "编号、职务等；也可以输入人员的手机号"
    ordering = ["-pk"]
    list_per_page = 100
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditLine]:
        return AuditLine.objects.select_related("spoken")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditLine], search_term: str
    ) -> tuple[QuerySet[AuditLine], bool]:
        if search_term.strip().isdecimal() and len(search_term.strip()) == 11:
            try:
                person = User.objects.with_phone(search_term)
            except ValidationError:  # eleven digits that are no phone
                person = None
            person_id = person.pk if person else 0
            return (queryset.filter(by=person_id) | queryset.filter(about=person_id)), False
        rows: tuple[QuerySet[AuditLine], bool] = super().get_search_results(request, queryset, search_term)
        return rows

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        self.names = _Names()
        return super().changelist_view(request, extra_context)

    @display(description="操作人")
    def by_shown(self, line: AuditLine) -> str:
        return self.names.of(line.by)

    @display(description="对象人")
    def about_shown(self, line: AuditLine) -> str:
        return self.names.of(line.about)

    @display(description="说明")
    def words(self, line: AuditLine) -> str:
        return line.spoken.words if hasattr(line, "spoken") else ""


class _Names:
    """Names of people by number, asked for once a page."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}

    def of(self, number: int | None) -> str:
        if number is None:
            return ""
        if number not in self.known:
            person = User.objects.filter(pk=number).first()
            self.known[number] = str(person) if person and person.erased_at is None else f"已注销人员 {number}"
        return self.known[number]


LEAST_DAYS = 30


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(RulesAdmin):
    """Where a row is missing the default holds. Never less than a month: one slip must not clear a year."""

    list_display = ["code_shown", "days"]
    ordering = ["code"]

    @display(description="记录类型")
    def code_shown(self, period: RetentionPeriod) -> str:
        return str(period)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "code":
            choices = [(keeping.code, f"{keeping.label}（默认 {keeping.days} 天）") for keeping in KEEPINGS]
            return forms.ChoiceField(label="记录类型", choices=choices, widget=UnfoldAdminSelectWidget)
        if db_field.name == "days":
            kwargs["min_value"] = LEAST_DAYS
        return super().formfield_for_dbfield(db_field, request, **kwargs)
