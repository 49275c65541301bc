"""Sets of indicators: added up, fixed, copied. And what is held about those who score."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dashboards.assessments.defaults import SETS, load_defaults
from dashboards.assessments.privacy import HOLDINGS, KEEPINGS
from dashboards.assessments.services import sets
from dashboards.models import Evidence, IndicatorSet, Score
from photos.cleaning import clean
from tests.dashboards.assessments.reviewing import a_set, closed, frozen, give, picture
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_default_sets_add_up_and_load_once(db):
    load_defaults(at=MONDAY)
    load_defaults(at=MONDAY)
    assert IndicatorSet.objects.count() == len(SETS)
    for indicator_set in IndicatorSet.objects.all():
        sets.check_adds_up(indicator_set)
        assert [row.number for row in indicator_set.indicators.all()] == list(
            range(1, indicator_set.indicators.count() + 1)
        )


def test_a_set_is_fixed_once_a_review_was_opened_on_it(scoring, cadre, county, town):
    indicator = scoring.of.indicators.first()
    with pytest.raises(ValidationError, match="另存为新版本"):
        sets.remove_indicator(indicator=indicator, by=county, at=MONDAY)
    made = sets.copy_set(of=scoring.of, street=town.street, by=cadre, at=MONDAY)
    assert (made.version, made.street, made.indicators.count()) == (1, town.street, 3)
    assert sets.copy_set(of=made, street=town.street, by=cadre, at=MONDAY).version == 2
    sets.remove_indicator(indicator=made.indicators.get(number=1), by=cadre, at=MONDAY)
    assert [row.number for row in made.indicators.all()] == [1, 2]
    assert scoring.of.indicators.count() == 3


@pytest.fixture
def county(staff):
    return staff["county_admin"]


SAID = {
    "label": "满意率", "source": "share", "code": "satisfied", "per": "", "weight": Decimal(10), "is_bonus": False,
    "floor": Decimal(60), "target": Decimal(95), "scorers": [], "words": "", "evidence": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": " "}, "label"), ({"weight": Decimal(0)}, "weight"), ({"code": "opened"}, "code"),
        ({"floor": None}, "floor"), ({"target": Decimal(101)}, "target"), ({"target": Decimal(60)}, "target"),
        ({"per": "grids"}, "per"), ({"source": "hand"}, "scorers"), ({"source": "measure", "code": "response"}, "code"),
    ],
)  # fmt: skip
def test_an_indicator_is_refused_at_its_field(wrong, field, county):
    indicator_set = a_set()
    with pytest.raises(ValidationError) as refusal:
        sets.save_indicator(of=indicator_set, by=county, at=MONDAY, **SAID | wrong)
    assert field in refusal.value.error_dict


def test_a_set_of_the_county_is_not_the_streets_to_write(cadre, county):
    indicator_set = a_set()
    with pytest.raises(ValidationError, match="另存一版"):
        sets.save_indicator(of=indicator_set, by=cadre, at=MONDAY, **SAID)
    assert sets.save_indicator(of=indicator_set, by=county, at=MONDAY, **SAID).number == 4
    with pytest.raises(ValidationError, match="现在是 110"):
        sets.check_adds_up(indicator_set)


def test_words_and_photos_of_scorers_go_and_points_stay(scoring, cadre, town, neighbour):
    give(scoring, neighbour, town.estate, 40, words="台账缺", photos=[clean(picture())])
    held = {holding.label: holding for holding in HOLDINGS}
    rows = list(held["考核打分"].rows(neighbour))
    assert rows[0]["身份"] == "群众代表"
    assert (rows[1]["对象"], rows[1]["说明"]) == ("宜和佳苑（宜和社区）", "台账缺")
    (file,) = (evidence.file for evidence in Evidence.objects.all())
    held["考核打分"].erase(neighbour, MONDAY)
    assert not file.storage.exists(file.name)
    score = Score.objects.get()
    assert (score.points, score.words, score.scorer.home) == (40, "", None)
    held["考核打分"].erase(neighbour, MONDAY)  # the nightly task does it again


def test_words_are_kept_for_a_time_after_the_publication(scoring, cadre, town, neighbour):
    give(scoring, neighbour, town.estate, 40, words="台账缺")
    keeping = next(keeping for keeping in KEEPINGS if keeping.code == "assessment_words")
    assert keeping.clear(MONDAY + timedelta(days=900), MONDAY) == 0  # not published
    closed(frozen(scoring, cadre), cadre)
    assert keeping.clear(MONDAY, MONDAY) == 0
    assert keeping.clear(MONDAY + timedelta(days=7), MONDAY) == 1
    assert Score.objects.get().words == ""
