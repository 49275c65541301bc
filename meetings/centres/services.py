"""Centres as this room has to do with them: photos taken in clean, and what is still to take place there."""

from datetime import date, datetime

from django.core.exceptions import ValidationError

from grids.models import Place, PlacePhoto
from meetings.models import Activity, Booking, Conference
from photos.cleaning import Photo
from photos.storing import store
from web.text import tidy

MOST = 12


def add_photo(*, place: Place, photo: Photo, words: str, at: datetime) -> PlacePhoto:
    """Raises ValidationError at `words` (what is on it is said to who cannot see it) or `photo` (enough of them, or it cannot
    be stored)."""
    if not tidy(words):
        raise ValidationError({"words": "请写几个字，照片上是什么。"})
    if place.photos.count() >= MOST:
        raise ValidationError({"photo": f"最多 {MOST} 张照片，请先删掉一张。"})
    (name,) = store([photo.as_file()], at="photo", needed=True)
    return PlacePhoto.objects.create(place=place, words=tidy(words)[:60], file=name, added_at=at)


def remove_photo(*, photo: PlacePhoto) -> None:
    photo.file.delete(save=False)
    photo.delete()


def holds_open(place: Place, closed_date: date) -> str:
    """Why a place cannot close from that day on: people count on it."""
    rooms = Booking.objects.live().own().filter(room__place=place, from_at__date__gte=closed_date).count()
    held = Activity.objects.current().filter(place=place, from_at__date__gte=closed_date).count()
    sat = Conference.objects.current().filter(place=place, from_at__date__gte=closed_date).count()
    counted = ((rooms, f"{rooms} 个房间预约"), (held, f"{held} 场活动"), (sat, f"{sat} 次联席会议"))
    ahead = [words for count, words in counted if count]
    return f"那天以后还有{'、'.join(ahead)}，请先取消，让人知道" if ahead else ""
