"""What the admin pages of this room share: rows of one's own area, and acts that are one form and one service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.desk import DeskAdmin
from grids.jurisdiction import area_of, may_in_admin


class AreaAdmin(DeskAdmin):
    """Rows of one's own area, for those who dispatch there."""

    place = "grid"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{f"{self.place}__in": area_of(request.user, "dispatch")})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "dispatch")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "dispatch")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_in_admin(request, "dispatch")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_in_admin(request, "dispatch")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # ended or switched off, not deleted: services name them

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "grid":
            kwargs["queryset"] = area_of(request.user, "dispatch").standing().order_by("tree_id", "lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnly(AreaAdmin):
    """Looked up here, written by services."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
