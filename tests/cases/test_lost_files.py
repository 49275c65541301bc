"""Files of photos that no row names go, a day later."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from photos import lost as lost_files
from photos.cleaning import clean
from residents.drafts import begin, write
from residents.services import Place
from tests.photos.pictures import picture, upload
from tests.support.cast import MONDAY, submit


def files_in(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_of_an_act_rolled_back_are_removed_after_a_day(defaults, town, staff, resident, settings):
    kept = submit(resident, town, photos=[clean(upload(picture()))]).attachments.get()
    draft = begin(person=resident, place=Place(town.estate), address_note="", at=MONDAY)
    write(draft=draft, words="", is_anonymous=False, photos=[clean(upload(picture()))], at=MONDAY)
    named = files_in(settings.MEDIA_ROOT)
    with transaction.atomic():
        submit(resident, town, key="undone", photos=[clean(upload(picture()))])
        transaction.set_rollback(True)
    assert len(files_in(settings.MEDIA_ROOT)) == len(named) + 2
    written = max((Path(settings.MEDIA_ROOT) / name).stat().st_mtime for name in files_in(settings.MEDIA_ROOT))
    now = datetime.fromtimestamp(written, UTC)  # by the disk's own clock
    assert lost_files.remove(at=now + timedelta(hours=23)) == 0
    assert lost_files.remove(at=now + timedelta(hours=25)) == 2
    assert files_in(settings.MEDIA_ROOT) == named
    assert kept.file.name in named


def test_where_no_photo_was_ever_kept_there_is_nothing_to_remove(db):
    assert lost_files.remove(at=timezone.now()) == 0
