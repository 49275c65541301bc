import pytest

from tables import heads


@pytest.fixture(autouse=True)
def no_names_of_staff(monkeypatch):
    """The reader asks no database here."""
    monkeypatch.setattr(heads, "OWN_NAMES", [])
