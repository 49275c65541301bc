"""OpenAPI from the forms of the pages (drf-spectacular): what a call takes is said once, in its form."""

from functools import cache
from typing import Any, Literal, cast

from django import forms
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.utils import extend_schema_serializer, inline_serializer
from rest_framework import serializers

from accounts.api import auth_schema  # noqa: F401 - registers itself
from accounts.api.forms import FormView
from accounts.api.lists import ListView
from photos.fields import PhotosField

PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "errors": inline_serializer(
            "ProblemOfField",
            {"pointer": serializers.CharField(), "detail": serializers.CharField()},
            many=True,
            required=False,
        ),
    },
)
"""RFC 9457, as zhenghe/api.py answers."""
REFUSALS = {
    400: "请求有误", 401: "令牌无效", 403: "没有登录，或者不能这样做", 404: "没有找到", 409: "已被他人处理",
    422: "这个 Idempotency-Key 用过了", 429: "太频繁了",
}  # fmt: skip


@cache
def page_of(serializer: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """A page of a list, with the addresses of its neighbours."""
    fields = {
        "next": serializers.URLField(allow_null=True), "previous": serializers.URLField(allow_null=True),
        "results": serializer(many=True),
    }  # fmt: skip
    page = type(f"{serializer.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields)
    return extend_schema_serializer(many=False)(page)  # else each list would be a list of pages


class Schema(AutoSchema):
    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """Of a list: what it filters by, and the place from which a page is read."""
        filters = getattr(self.view, "filterset_class", None)
        is_list = isinstance(self.view, ListView) or getattr(self.view, "action", None) == "list"
        if self.method != "GET" or not is_list:
            inherited: list[dict[str, Any]] = super()._get_filter_parameters()  # type: ignore[no-untyped-call]
            return inherited
        asked = {name: named.field for name, named in filters.base_filters.items()} if filters else {}
        asked["cursor"] = forms.CharField(label="从哪里读起：上一页回答里的 next 带着它")
        return [self._parameter(name, field) for name, field in asked.items()]

    def _parameter(self, name: str, field: forms.Field) -> dict[str, Any]:
        schema = self._map_serializer_field(parameter_of(field), "request")  # type: ignore[no-untyped-call]
        return dict(
            build_parameter_type(name=name, schema=schema, location="query", description=str(field.label or ""))
        )

    def get_request_serializer(self) -> Any:
        if isinstance(self.view, FormView) and self.method == "POST":
            return serializer_of(cast(Any, self.view.form_class))
        return super().get_request_serializer()

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        """Every call may be refused, and always in one form."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in REFUSALS.items():
            refused = self._get_response_for_code(  # type: ignore[no-untyped-call]
                PROBLEM, str(status), ["application/problem+json"], direction
            )
            bodies.setdefault(str(status), {**refused, "description": words})
        return bodies


@cache
def serializer_of(form: Any) -> type[serializers.Serializer[Any]]:
    """What a form takes, as a serializer that nothing is checked with. Named with its room, for forms of several rooms are
    called alike."""
    fields = {name: field_of(field) for name, field in form.base_fields.items()}
    room = form.__module__.partition(".")[0].capitalize()
    return type(f"{room}{form.__name__.removesuffix('Form')}Input", (serializers.Serializer,), fields)


def parameter_of(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    """As `field_of`, with the values that a choice has."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        values = [value for value, _ in cast(Any, field.choices) if value]
        return serializers.ChoiceField(choices=values)
    return field_of(field)


def field_of(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    options: dict[str, Any] = {
        "required": field.required, "label": str(field.label or ""), "help_text": str(field.help_text or ""),
    }  # fmt: skip
    if isinstance(field, PhotosField):
        return serializers.ListField(child=serializers.FileField(), **options)
    if isinstance(field, forms.FileField):
        return serializers.FileField(**options)
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**options)
    if isinstance(field, forms.IntegerField):
        return serializers.IntegerField(min_value=_plain(field.min_value), max_value=_plain(field.max_value), **options)
    if isinstance(field, forms.DateField):
        return serializers.DateField(**options)
    if isinstance(field, forms.DateTimeField):
        return serializers.DateTimeField(**options)
    if isinstance(field, forms.UUIDField):
        return serializers.UUIDField(**options)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return serializers.ListField(child=serializers.IntegerField(), **options)
    if isinstance(field, forms.ModelChoiceField):
        return serializers.IntegerField(**options)
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.CharField(), **options)
    return serializers.CharField(max_length=getattr(field, "max_length", None), **options)


def _plain(bound: Any) -> int | None:
    bound = bound() if callable(bound) else bound
    return int(bound) if bound is not None else None
