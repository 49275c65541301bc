"""One act of the admin on one thing: form → what moves along → done. A refusal stands on the form, at its field where the
form has one of that name; what was chosen stays."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.admin import ModelAdmin


def act_page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    *,
    title: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    done: str,
    back: str,
    node: Any = None,
    preview: Sequence[str] = (),
    named: dict[str, str] | None = None,
) -> HttpResponse:
    """`act` is given what the form says and may refuse; `done` is said on the page `back`. With `node` it is shown what the
    act is about."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refusal:
            say(form, refusal, named)
        else:
            model_admin.message_user(request, done)
            return redirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "form": form,
        "node": node,
        "preview": preview,
    }
    template = "admin/_act_page.html" if node is None else "admin/grids/act_on_node.html"
    return render(request, template, context)


def say(form: forms.Form, refusal: ValidationError, named: dict[str, str] | None = None) -> None:
    """A refusal at the form's field of that name; `named`: what the service calls it -> what the form does."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: [refusal]}
    for name, errors in by_field.items():
        field = (named or {}).get(name, name)
        form.add_error(field if field in form.fields else None, ValidationError(errors))
