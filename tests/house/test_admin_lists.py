"""The lists of the admin: what stands in a column is read with the row, not for each row anew."""

import pytest
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.test import RequestFactory

LISTS = [(model, desk) for model, desk in admin.site._registry.items() if model._meta.app_label != "auth"]


@pytest.mark.parametrize(("model", "desk"), LISTS, ids=[model._meta.label for model, _ in LISTS])
def test_what_a_column_names_is_read_with_the_row(db, model, desk, county_admin):
    request = RequestFactory().get("/")
    request.user = county_admin
    related = desk.get_changelist_instance(request).queryset.query.select_related
    for name in desk.get_list_display(request):
        try:
            field = model._meta.get_field(name)
        except (FieldDoesNotExist, TypeError):
            continue  # a method
        if field.many_to_one:
            # `True` follows only what cannot be empty.
            assert name in related if isinstance(related, dict) else related and not field.null, name
