"""What every form of the house has in common."""

from collections.abc import Iterator

import pytest
from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.urls import get_resolver

from grids.asked import LARGEST


def _forms(kind: type = forms.BaseForm) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _forms(one)


@pytest.fixture
def ours() -> list[DeclarativeFieldsMetaclass]:
    """All that any page of the portal may show: the addresses bring them in."""
    assert get_resolver().url_patterns
    found = {
        one for one in _forms() if not one.__module__.startswith(("django.", "unfold.", "import_export.", "tests."))
    }
    assert len(found) > 100
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def test_whole_numbers_are_no_larger_than_columns_hold(ours):
    wide = {
        f"{one.__module__}.{one.__qualname__}.{name}"
        for one in ours
        for name, field in getattr(one, "declared_fields", {}).items()
        if isinstance(field, forms.IntegerField)
        and not isinstance(field, forms.FloatField | forms.DecimalField)
        and (field.max_value is None or field.max_value > LARGEST or field.min_value is None)
    }
    assert wide == set()
