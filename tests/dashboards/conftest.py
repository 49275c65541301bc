"""What tests of assessments begin with: a street with four 小区, a review being scored."""

import pytest

from tests.dashboards.assessments.reviewing import being_scored, more_estates


@pytest.fixture
def cadre(staff):
    return staff["street_cadre"]


@pytest.fixture
def estates(town):
    """Three besides the town's own."""
    others = more_estates(town.community, 3)
    for node in (town.street, town.community, town.estate, *others):
        node.refresh_from_db()
    return others


@pytest.fixture
def scoring(defaults, cadre, town, estates, neighbour):
    """赵建国 represents the residents of the last new estate."""
    return being_scored(cadre, town.street, neighbour, estates[-1])
