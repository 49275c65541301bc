"""Calls whose input is a form of the pages: one way to check what is sent, and one to describe it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from rest_framework.request import Request
from rest_framework.views import APIView


def check(form: forms.BaseForm) -> None:
    """Raises ValidationError, by field, for what a form refuses, and for several values where one belongs."""
    form.full_clean()
    for name, values in MultiValueDict(form.data).lists():
        field = form.fields.get(name)
        if len(values) > 1 and field and not getattr(field.widget, "allow_multiple_selected", False):
            form.add_error(name, "这一项只能有一个值。")
    if form.errors:
        raise ValidationError(form.errors.as_data())


class FormView(APIView):
    """Its POST takes what `form_class` asks (accounts/api/schema.py describes it from there)."""

    form_class: type[forms.BaseForm]

    def form(self, *args: Any, **more: Any) -> forms.BaseForm:
        return self.form_class(*args, **more)


def checked_form(view: FormView, request: Request, **more: Any) -> Any:
    """The form of what was sent. `more`: what the form takes beside it. Raises ValidationError by field."""
    form = view.form(request.data, request.FILES, **more)
    check(form)
    return form


def checked(view: FormView, request: Request, **more: Any) -> dict[str, Any]:
    """What was sent, as the form cleaned it. Raises ValidationError by field."""
    cleaned: dict[str, Any] = checked_form(view, request, **more).cleaned_data
    return cleaned


@contextmanager
def refusals_at(form: forms.BaseForm, say: Callable[[ValidationError], None]) -> Iterator[None]:
    """What a service refuses by names of its own stands at the fields that ask for it: `say` puts it there, as on the
    page."""
    try:
        yield
    except ValidationError as refusal:
        if not hasattr(refusal, "error_dict"):
            raise
        say(refusal)
        raise ValidationError(form.errors.as_data()) from refusal
