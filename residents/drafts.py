"""A request on its way through the three screens."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from cases.attachments import photos as kept_photos
from cases.attachments.photos import SentPhoto
from cases.models import Case, Category, Urgency
from photos.cleaning import MAX_PHOTOS
from residents.concerns import concerned_at
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
    draft = drafts.filter(key=key).first()
    if draft is None:
        raise Http404
    return draft


def submitted_case(*, person: User, key: UUID) -> Case | None:
    """The case that came of this draft already (the same form sent twice)."""
    made = Request.objects.filter(submit_key=str(key), case__seats__person=person).select_related("case").first()
    return made.case if made else None


def write(
    *, draft: Draft, words: str, is_anonymous: bool, photos: Sequence[SentPhoto], at: datetime, about: str = ""
) -> None:
    """Keep what was typed, then the photos, none of which is kept yet.

    Raises ValidationError at `photos` when they cannot be stored; the words are kept then, and no photo of these. Or at
    `about`: nobody there is in that role; then all is kept."""
    draft.words, draft.is_anonymous, draft.about = words, is_anonymous, about
    draft.save(update_fields=["words", "is_anonymous", "about"])
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)  # the same form, sent twice in the same moment
        kept = checksums(draft)
        new = [photo for photo in photos if photo.sha256 not in kept][: MAX_PHOTOS - len(kept)]
        DraftPhoto.objects.bulk_create(DraftPhoto(draft=draft, **photo) for photo in kept_photos.columns(new, at=at))
    if about:
        concerned_at(Place(draft.grid, draft.building).answering_grid, about, at=at)


def checksums(draft: Draft) -> list[str]:
    """Of the photos that are kept."""
    return list(draft.photos.values_list("sha256", flat=True))


def drop_photo(*, draft: Draft, photo_id: int) -> None:
    kept_photos.forget(draft.photos.filter(pk=photo_id))


def submit(*, draft: Draft, category: Category | None, at: datetime) -> Case:
    """The draft becomes a case and is gone; its photos go over as they lie, so that no full disk can be in the way. Raises
    what `submit_request` raises; the draft stays then."""
    with transaction.atomic():
        case = submit_request(
            asker=draft.person,
            place=Place(draft.grid, draft.building),
            words=draft.words,
            submit_key=str(draft.key),
            at=at,
            photos=kept_photos.hold(draft.photos.all()),
            category=category,
            urgency=Urgency.NORMAL,
            address_note=draft.address_note,
            is_anonymous=draft.is_anonymous,
            about=draft.about,
        )
        draft.delete()
    return case


def clear_old(*, at: datetime) -> int:
    """Drafts nobody came back to within a week are forgotten, photos too."""
    return forget(Draft.objects.filter(begun_at__lt=at - KEPT_FOR))


def forget(drafts: QuerySet[Draft]) -> int:
    """Delete drafts with the files of their photos; returns how many."""
    rows = list(drafts)
    for draft in rows:
        kept_photos.forget(draft.photos.all())
        draft.delete()
    return len(rows)
