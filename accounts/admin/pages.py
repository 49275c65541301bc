"""What admin pages of every room share: keys of rows taken with care, settings whose changes are audited, exports that
are, rows that are added, a filter by days."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import display, helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.dataclasses import UnfoldAction
from unfold.utils import parse_date_str

from accounts import audit
from accounts.admin.entry import Declared
from accounts.models.audit import Act
from accounts.unsent import forms as kept_forms
from web.choices import rows_of
from web.client_address import client_address
from web.period_ends import last_day


def is_key(model: type[Model], text: str) -> bool:
    """Whether this may be the key of a row. A browser may say anything is."""
    try:
        model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return "\0" not in text


def end_column(label: str) -> Callable[[Any], date | None]:
    """A column of the admin: the last day of `until_at`."""

    @display(description=label, ordering="until_at")
    def shown(row: Any) -> date | None:
        return last_day(row.until_at) if row.until_at else None

    return shown


class Suggesting(AutocompleteSelect):
    """A choice that is searched for. What can be the key of no row is not looked up to be shown again."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        rows = self.field.remote_field.model
        return super().optgroups(name, [key for key in value if is_key(rows, str(key))], attrs)


class WordedFields:
    """A choice that is not made yet says so; Django draws a line."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        words = "请选择" if getattr(field, "required", False) else "未选择"
        if getattr(field, "empty_label", None) is not None:
            field.empty_label = words
        elif getattr(field, "choices", None) and db_field.choices:
            field.choices = [(value, words if value in {"", None} else label) for value, label in field.choices]
        return field


class DeskAdmin(Declared, WordedFields, ModelAdmin):
    """Every admin page of ours. Keys of rows that cannot be any name no row: of a page, a ticked line, a choice."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field or None)  # ?_to_field= names no column

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Suggesting(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_unfold_action(self, action: str) -> UnfoldAction:
        asked = super().get_unfold_action(action)
        return replace(asked, method=self._with_a_key(asked.method))

    def _with_a_key(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(act)
        def acted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "object_id" in kwargs and not is_key(self.model, unquote(kwargs["object_id"])):
                raise Http404
            return act(request, *args, **kwargs)

        return acted

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        if not all(is_key(self.model, key) for key in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)):
            self.message_user(request, "选中的行里有一行不存在，请刷新后重新选择。", messages.WARNING)
            return None
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer


def in_words(field: forms.Field, value: Any) -> str:
    """A value of this field as whoever chose it read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return "空"
    if isinstance(value, QuerySet | list | tuple | set):
        return "、".join(in_words(field, each) for each in value) or "空"
    if isinstance(field, forms.ModelChoiceField):
        row = value if isinstance(value, Model) else rows_of(field).filter(pk=value).first()
        return field.label_from_instance(row) if row else str(value)
    labels = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    return labels.get(str(value), str(value))


class AuditedAdmin(DeskAdmin):
    """Settings: every change is a line of the audit trail, with what it was before and after."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changes = [
            f"{field.label or name}：{in_words(field, form.initial.get(name))} → {in_words(field, form.cleaned_data.get(name))}"
            for name, field in form.fields.items()
            if name in form.changed_data
        ]
        self._record(request, obj, ("修改" if change else "新增"), "；".join(changes))

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


class Rows(Declared, WordedFields, TabularInline):
    """Rows of one thing. Those that were added to a form which could not be taken are offered again."""

    extra = 0
    max_num = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        links = self.parent_model._meta.related_objects
        prefix = next(link.get_accessor_name() for link in links if link.related_model is self.model)
        usual: int = super().get_extra(request, obj, **kwargs)
        return max(usual, kept_forms.rows_added(request, prefix))


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
