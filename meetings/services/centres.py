"""Photos of centres: taken in clean, shown to everybody."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from cases.photos import Photo
from cases.words import tidy
from grids.models import Place, PlacePhoto

MOST = 12


def add_photo(*, place: Place, photo: Photo, words: str, at: datetime) -> PlacePhoto:
    """Raises ValidationError at `words` (what is on it is said to who cannot see it) or `photo` (enough of them)."""
    if not tidy(words):
        raise ValidationError({"words": "请写几个字，照片上是什么。"})
    if place.photos.count() >= MOST:
        raise ValidationError({"photo": f"最多 {MOST} 张照片，请先删掉一张。"})
    file = ContentFile(photo.content, name=f"photo.{photo.extension}")
    return PlacePhoto.objects.create(place=place, words=tidy(words)[:60], file=file, added_at=at)


def remove_photo(*, photo: PlacePhoto) -> None:
    photo.file.delete(save=False)
    photo.delete()
