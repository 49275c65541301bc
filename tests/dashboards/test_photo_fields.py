"""Photos taken while scoring."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dashboards.models import Evidence
from tests.dashboards.assessments.reviewing import by_hand, of_node
from tests.photos.no_room import Field, says_that_there_is_no_room, takes_a_strip
from tests.photos.pictures import picture
from tests.support.cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(scoring, neighbour, town):
    item = by_hand(scoring).pk
    posted = {f"points_{item}": "48", f"words_{item}": "台账齐"}
    url = f"/assessment/{scoring.key}/score/{of_node(scoring, town.estate).pk}/"
    client = signed_in(neighbour)
    return Field(client, url, lambda: posted, Evidence.objects.count, name=f"photos_{item}", typed=posted)


def test_a_strip_is_taken(field):
    takes_a_strip(field)


def test_no_room_for_photos_is_said_and_the_words_are_kept(field, settings, no_room):
    says_that_there_is_no_room(field, settings.MEDIA_ROOT)


def test_nine_an_indicator_however_often_one_saves(field):
    files = [SimpleUploadedFile(f"{number}.jpg", picture(size=(number, 9))) for number in range(10, 17)]
    assert field.client.post(field.url, {**field.posted(), field.name: files}).status_code == 302
    files = [SimpleUploadedFile(f"{number}.jpg", picture(size=(number, 8))) for number in range(10, 13)]
    answer = field.client.post(field.url, {**field.posted(), field.name: files})
    assert answer.context["form"].errors[field.name] == ["最多 9 张照片，有 1 张没有收下。"]
