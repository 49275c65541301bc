"""A request on its way through the three screens."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from cases.models import Case, Category, Urgency
from cases.photos import MAX_PHOTOS, Photo
from residents.models import Draft, DraftPhoto, Request
from residents.services import Place, submit_request

KEPT_FOR = timedelta(days=7)


def begin(*, person: User, place: Place, address_note: str, at: datetime) -> Draft:
    return Draft.objects.create(
        person=person, grid=place.grid, building=place.building, address_note=address_note, begun_at=at
    )


def own_draft(*, person: User, key: UUID) -> Draft:
    """Raises Http404 for a stranger's draft and for none alike."""
    drafts = Draft.objects.filter(person=person).select_related("grid", "building__estate", "building__grid")
    found = drafts.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def submitted_case(*, person: User, key: UUID) -> Case | None:
    """The case that came of this draft already (the same form sent twice)."""
    made = Request.objects.filter(submit_key=str(key), case__seats__person=person).select_related("case").first()
    return made.case if made else None


def write(*, draft: Draft, words: str, is_anonymous: bool, photos: Sequence[Photo]) -> int:
    """Keep what was typed and the photos; returns how many photos did not fit in."""
    draft.words, draft.is_anonymous = words, is_anonymous
    draft.save(update_fields=["words", "is_anonymous"])
    kept = set(draft.photos.values_list("sha256", flat=True))
    new = list({photo.sha256: photo for photo in photos if photo.sha256 not in kept}.values())
    room = max(0, MAX_PHOTOS - len(kept))
    for photo in new[:room]:
        DraftPhoto.objects.create(
            draft=draft,
            file=ContentFile(photo.content, name=f"photo.{photo.extension}"),
            thumbnail=ContentFile(photo.thumbnail, name=f"thumbnail.{photo.extension}"),
            sha256=photo.sha256,
            width=photo.width,
            height=photo.height,
        )
    return len(new[room:])


def drop_photo(*, draft: Draft, photo_id: int) -> None:
    for photo in draft.photos.filter(pk=photo_id):
        _forget_files(photo)
        photo.delete()


def submit(*, draft: Draft, category: Category | None, at: datetime) -> Case:
    """The draft becomes a case and is gone. Raises what `submit_request` raises; the draft stays then."""
    with transaction.atomic():
        photos = list(draft.photos.order_by("pk"))
        case = submit_request(
            asker=draft.person,
            place=Place(draft.grid, draft.building),
            words=draft.words,
            submit_key=str(draft.key),
            at=at,
            photos=[_as_photo(photo) for photo in photos],
            category=category,
            urgency=Urgency.NORMAL,
            address_note=draft.address_note,
            is_anonymous=draft.is_anonymous,
        )
        draft.delete()
        transaction.on_commit(partial(_forget_all, photos), robust=True)
    return case


def _as_photo(kept: DraftPhoto) -> Photo:
    with kept.file.open("rb") as content, kept.thumbnail.open("rb") as thumbnail:
        return Photo(
            content=content.read(),
            thumbnail=thumbnail.read(),
            width=kept.width,
            height=kept.height,
            sha256=kept.sha256,
            extension=Path(kept.file.name or "").suffix[1:],
        )


def _forget_all(photos: Iterable[DraftPhoto]) -> None:
    for photo in photos:
        _forget_files(photo)


def _forget_files(photo: DraftPhoto) -> None:
    photo.file.delete(save=False)
    photo.thumbnail.delete(save=False)


def clear_old(*, at: datetime) -> int:
    """Drafts nobody came back to within a week are forgotten, photos too."""
    return forget(Draft.objects.filter(begun_at__lt=at - KEPT_FOR))


def forget(drafts: QuerySet[Draft]) -> int:
    """Delete drafts with the files of their photos; returns how many."""
    found = list(drafts.prefetch_related("photos"))
    for draft in found:
        _forget_all(draft.photos.all())
        draft.delete()
    return len(found)
