"""What every form of the house has in common."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.urls import get_resolver

from web.params import LARGEST
from web.time_fields import Day, Moment


def _forms(kind: type = forms.BaseForm) -> Iterator[type]:
    for form_class in kind.__subclasses__():
        yield form_class
        yield from _forms(form_class)


@pytest.fixture
def ours() -> list[DeclarativeFieldsMetaclass]:
    """All that any page of the portal may show: the addresses bring them in."""
    assert get_resolver().url_patterns
    form_classes = {
        form_class
        for form_class in _forms()
        if not form_class.__module__.startswith(("django.", "unfold.", "import_export.", "tests."))
    }
    assert len(form_classes) > 100
    return sorted(form_classes, key=lambda form_class: (form_class.__module__, form_class.__qualname__))


def test_whole_numbers_are_no_larger_than_columns_hold(ours):
    wide = {
        f"{form_class.__module__}.{form_class.__qualname__}.{name}"
        for form_class in ours
        for name, field in getattr(form_class, "declared_fields", {}).items()
        if isinstance(field, forms.IntegerField)
        and not isinstance(field, forms.FloatField | forms.DecimalField)
        and (field.max_value is None or field.max_value > LARGEST or field.min_value is None)
    }
    assert wide == set()


def test_days_and_times_are_of_our_time(ours):
    """The house's own fields (web/time_fields.py): a mistyped year is said at its field, also in forms filled by dates alone."""
    other = {
        f"{form_class.__module__}.{form_class.__qualname__}.{name}"
        for form_class in ours
        for name, field in getattr(form_class, "declared_fields", {}).items()
        if isinstance(field, forms.DateField | forms.DateTimeField) and not isinstance(field, Day | Moment)
    }
    assert other == set()


@pytest.mark.parametrize(("field", "end"), [(Day(), ""), (Moment(), "T09:30")])
def test_a_mistyped_year_is_refused(field, end):
    for year in ("1900", "2026", "2200"):
        assert field.clean(f"{year}-11-29{end}").year == int(year)
    for year in ("0001", "0202", "1899", "2201", "9999"):
        with pytest.raises(ValidationError, match="年份不对"):
            field.clean(f"{year}-11-29{end}")
