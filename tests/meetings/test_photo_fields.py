"""Photos of a centre."""

import pytest

from grids.models import PlacePhoto
from tests.photos.no_room import Field, says_that_there_is_no_room, takes_a_strip
from tests.support.cast import signed_in


@pytest.fixture
def field(centre, worker_at_desk):
    posted = {"act": "photo", "words": "门口"}
    return Field(
        signed_in(worker_at_desk),
        f"/centres/{centre.pk}/desk/",
        lambda: posted,
        PlacePhoto.objects.count,
        name="photo",
        form_of=lambda page: page["forms"]["photo"],
        is_needed=True,
        typed={"words": "门口"},
    )


def test_a_strip_is_taken(field):
    takes_a_strip(field)


def test_no_room_for_photos_is_said_and_the_words_are_kept(field, settings, no_room):
    says_that_there_is_no_room(field, settings.MEDIA_ROOT)
