"""What admin pages of every room share: settings whose changes are audited, exports that are, rows that are added, a filter
by days."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from accounts import audit, kept_forms
from accounts.address import client_address
from accounts.models.audit import Act


class AuditedAdmin(ModelAdmin):
    """Settings: every change is a line of the audit trail, with what it was before and after."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        said = [
            f"{form.fields[name].label or name}：{form.initial.get(name, '')} → {form.cleaned_data.get(name)}"
            for name in form.changed_data
        ]
        self._record(request, obj, ("修改" if change else "新增"), "；".join(said))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, obj, "删除", str(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self._record(request, obj, "删除", str(obj))
        super().delete_queryset(request, queryset)

    def _record(self, request: HttpRequest, obj: Any, what: str, words: str) -> None:
        audit.record(
            act=Act.SETTING,
            at=timezone.now(),
            by=request.user.pk,
            thing=f"{what}{obj._meta.verbose_name} {obj.pk}",
            words=words,
            address=client_address(request),
        )


class Rows(TabularInline):
    """Rows of one thing. Those that were added to a form which could not be taken are offered again."""

    extra = 0

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        links = self.parent_model._meta.related_objects
        prefix = next(link.get_accessor_name() for link in links if link.related_model is self.model)
        return max(super().get_extra(request, obj, **kwargs), kept_forms.rows_added(request, prefix))


def record_export(request: HttpRequest, what: str, count: int) -> None:
    """An export left the house: who took how many rows of what."""
    audit.record(
        act=Act.EXPORT,
        at=timezone.now(),
        by=request.user.pk,
        thing=f"{what} {count} 行",
        address=client_address(request),
    )


class PeriodFilter(RangeDateFilter):
    """From the first day's start to the last day's end: the library's own filter stops at the last day's midnight."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for end, lookup in (("from", "gte"), ("to", "lte")):
            day = parse_date_str(self.used_parameters.get(f"{self.parameter_name}_{end}", ""))
            if day is not None:
                queryset = queryset.filter(**{f"{self.parameter_name}__date__{lookup}": day})
        return queryset
