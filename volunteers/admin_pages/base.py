"""What the admin pages of this room share: rows of one's own area, and acts that are one form and one service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of


class AreaAdmin(DeskAdmin):
    """Rows of one's own area, for those who dispatch there. Ended or switched off, not deleted: services name them."""

    rights = DeskRights(list=verb("dispatch"), view=area("dispatch"), add=verb("dispatch"), change=area("dispatch"))

    place = "grid"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(**{f"{self.place}__in": area_of(request.user, "dispatch")})

    def own_row(self, request: HttpRequest, object_id: str) -> Any:
        """Raises Http404 for a row of another area."""
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "grid":
            kwargs["queryset"] = area_of(request.user, "dispatch").current().order_by("tree_id", "lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnly(AreaAdmin):
    """Looked up here, written by services."""

    rights = DeskRights(list=verb("dispatch"), view=area("dispatch"))
    actions = None

    def act_page(self, request: HttpRequest, form: forms.Form, title: str, done: str, act: Any) -> HttpResponse:
        """Form → one service call → back to the list."""
        if request.method == "POST" and form.is_valid():
            try:
                act(form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                self.message_user(request, done)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {**self.admin_site.each_context(request), "title": title, "form": form}
        return render(request, "admin/_act_page.html", context)
