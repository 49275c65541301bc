"""Tables that come in: handed in on a page, tried by a task, confirmed by who brought them, taken in by a task.

A worker leases a row, says how far it is after so many rows, which renews the lease, and ends it. A worker that dies leaves
the row and its file; when the lease runs out the sweep begins it anew: rows that are in already are known."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile

from accounts import audit, limiter
from accounts.models import User
from accounts.models.audit import Act
from accounts.personal_data import blind_index, seal_file, unseal_file
from accounts.privacy.holdings import Keeping
from accounts.privacy.rights import days_of
from grids.models import Grid
from imports.kinds import Asked, Kind
from imports.models import Import, hidden_path
from locks.moments import held
from tables.rejects import rejects_csv

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_TRIES = 3
STEP = 100
"""Rows after which it is said how far it is."""
SHOWN = 20
"""Rejected rows that the page shows; the others stand in the file."""
GONE = "您已不能往这里导入。"
BROKEN = "几次都没有做完，已停下。已经导入的行都在；请把表格分小一些再导，还是不行请联系管理员。"

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Somebody else has begun it anew, or whose it was is forgotten."""


def ask(
    *,
    kind: Kind,
    person: User,
    place: Grid | None,
    source: str,
    name: str,
    content: bytes,
    at: datetime,
    address: str | None,
) -> Import:
    """To be taken in by a task. The same file twice at once is one import. Whether they may is asked at the door, and again
    when it is taken in.

    Raises TooOften; OSError when the disk takes no more."""
    limiter.check("import", person=person.pk, at=at)
    digest = blind_index(sha256(content).hexdigest(), purpose="imported file")
    columns = {"person": person, "kind": kind.key, "node": place, "source": source, "digest": digest}
    path = _seal(content)
    try:
        with transaction.atomic():
            asked = Import.objects.create(**columns, name=name, file=path, asked_at=at)
            thing = f"表格导入 {asked.pk} {kind.key} @{place.pk if place else 'county'}"
            audit.record(act=Act.IMPORT, at=at, by=person.pk, thing=thing, address=address)
            transaction.on_commit(_ring, robust=True)
    except IntegrityError:
        default_storage.delete(path)
        asked = Import.objects.filter(**columns).latest("pk")
    return asked


def _seal(content: bytes) -> str:
    """Where it lies on the disk from now on."""
    return default_storage.save(hidden_path(Import(), ""), ContentFile(seal_file(content)))


def _unseal(kept: FieldFile) -> bytes:
    with kept.open("rb") as file:
        return unseal_file(file.read())


def _ring() -> None:
    current_app.send_task("imports.tasks.run_imports")  # by name: tasks stand above services


def confirm(*, previewed: Import, at: datetime) -> None:
    """What was tried goes in. Twice is once."""
    tried = Import.objects.filter(pk=previewed.pk, previewed_at__isnull=False, confirmed_at=None, ended_at=None)
    with transaction.atomic():
        if tried.update(confirmed_at=at, done_count=0):
            transaction.on_commit(_ring, robust=True)


def drop(*, previewed: Import) -> None:
    """It does not go in: as if it had never been brought."""
    forget(Import.objects.filter(pk=previewed.pk, previewed_at__isnull=False, confirmed_at=None, ended_at=None))


def take_back(*, ended: Import, words: str, at: datetime, address: str | None) -> int:
    """All that it brought in is withdrawn, as long as nobody has worked on any of it; how many.

    Raises ValidationError."""
    take_back_batch = ended.declared.take_back
    if take_back_batch is None or not ended.can_be_taken_back:
        raise ValidationError("这次导入不能撤回，或已经撤回。")
    with transaction.atomic():
        if not Import.objects.filter(pk=ended.pk, taken_back_at=None).update(taken_back_at=at):
            raise ValidationError("这次导入已经撤回。")
        count = take_back_batch(batch=ended.batch, by=ended.person, at=at, words=words)
        audit.record(
            act=Act.IMPORT, at=at, by=ended.person_id, thing=f"表格导入 {ended.pk} 撤回 {count} 件", address=address
        )
    return count


def run_imports(*, at: datetime) -> int:
    """Try every table that is new and take in every one that is confirmed; returns how many were done with. Many workers
    may do it at once. Call it outside of any transaction, or nobody sees how far it is."""
    ran, began = 0, monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - began)

    while leased := _lease(now()):
        ran += _take_in(leased, now)
    return ran


def _lease(at: datetime) -> Import | None:
    """The next that nobody holds."""
    with transaction.atomic():
        waiting = Import.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(ended_at=None)
        leased = (
            waiting.filter(Q(previewed_at=None) | Q(confirmed_at__isnull=False))
            .exclude(held(at=at, longest=LEASE))
            .select_related("person", "node")
            .order_by("asked_at", "pk")
            .first()
        )
        if leased is not None:
            leased.tries, leased.leased_until, leased.done_count = leased.tries + 1, at + LEASE, 0
            leased.save(update_fields=["tries", "leased_until", "done_count"])
        return leased


def _take_in(leased: Import, now: Clock) -> bool:
    try:
        columns = _run(leased, now)
        if columns.get("new_count") and leased.confirmed_at is None:
            _preview(leased, now(), **columns)
        else:
            _end(leased, now(), **columns)
        return "failed" not in columns
    except LeaseLost:
        log.warning("import %s is run by somebody else", leased.pk)
    except Exception:
        log.exception("import %s was broken off", leased.pk)
        # Its lease runs out, then it is tried again.
    return False


def _run(leased: Import, now: Clock) -> dict[str, Any]:
    """What its row says from now on. One over which workers have died too often is given up."""
    kind = leased.declared
    if leased.tries > MAX_TRIES:
        return {"failed": BROKEN}
    if not kind.is_open_to(leased.person, leased.node, at=now()):
        return {"failed": GONE}
    try:
        report = kind.run(
            Asked(
                file=_unseal(leased.file),
                place=leased.node,
                source=leased.source,
                by=leased.person,
                at=now(),
                batch=leased.batch if kind.take_back else "",
                is_trial=leased.confirmed_at is None,
                progress=lambda rows: _watched(leased, rows, now),
            )
        )
    except ValidationError as refusal:
        return {"failed": " ".join(refusal.messages)[:500]}
    first = [(reject.line, reject.reason) for reject in report.rejects[:SHOWN]]
    return {
        "row_count": report.rows,
        "done_count": report.rows,
        "new_count": report.imported,
        "known_count": report.known,
        "rejected_count": len(report.rejects),
        "first_rejects": json.dumps(first, ensure_ascii=False) if first else "",
        "rejects": _seal(rejects_csv(report)) if first else "",
        "goes_to": dict(report.goes_to),
    }


def _watched(leased: Import, rows: Iterable[Any], now: Clock) -> Iterator[Any]:
    """The same rows; after each step its row says how far it is. Raises LeaseLost."""
    listed = list(rows)
    for done, row in enumerate(listed):
        if done % STEP == 0:
            _keep(leased, now(), row_count=len(listed), done_count=done)
        yield row


def _mine(leased: Import) -> QuerySet[Import]:
    """Its row, as long as nobody else has begun it anew."""
    return Import.objects.filter(pk=leased.pk, tries=leased.tries, confirmed_at=leased.confirmed_at, ended_at=None)


def _keep(leased: Import, at: datetime, **counts: int) -> None:
    if not _mine(leased).update(leased_until=at + LEASE, **counts):
        raise LeaseLost


def _preview(leased: Import, at: datetime, **columns: Any) -> None:
    """It waits for its confirmation, and is then tried as often again. Raises LeaseLost."""
    _write(leased, **columns, previewed_at=at, leased_until=None, tries=0)


def _end(leased: Import, at: datetime, **columns: Any) -> None:
    """The table goes, and with it the rejects of the trial; where the machine stops before they have, the nightly look for
    lost files finds them. Raises LeaseLost."""
    _write(leased, **columns, ended_at=at, leased_until=None, file="")
    leased.file.delete(save=False)
    if "rejects" in columns:
        leased.rejects.delete(save=False)


def _write(leased: Import, **columns: Any) -> None:
    if not _mine(leased).update(**columns):
        if path := columns.get("rejects"):
            default_storage.delete(path)
        raise LeaseLost


def rejects_of(*, ended: Import, at: datetime, address: str | None) -> bytes:
    """The rows that did not go in leave the house: a line of the audit trail, each time."""
    thing = f"表格导入 {ended.pk} 退件 {ended.rejected_count} 行"
    audit.record(act=Act.EXPORT, at=at, by=ended.person_id, thing=thing, address=address)
    return _unseal(ended.rejects)


def forget(imports: Iterable[Import]) -> int:
    """With their files; how many."""
    count = 0
    for row in imports:
        row.file.delete(save=False)
        row.rejects.delete(save=False)
        row.delete()
        count += 1
    return count


def _forget_rejects(before: datetime, at: datetime) -> int:
    old = list(Import.objects.filter(ended_at__lt=before).exclude(rejects=""))
    for row in old:
        row.rejects.delete(save=False)
        row.first_rejects = ""
        row.save(update_fields=["rejects", "first_rejects"])
    return len(old)


def _forget_imports(before: datetime, at: datetime) -> int:
    return forget(Import.objects.filter(ended_at__lt=before))


def _forget_previews(before: datetime, at: datetime) -> int:
    return forget(Import.objects.filter(previewed_at__lt=before, confirmed_at=None, ended_at=None))


PREVIEWS_KEPT = Keeping("import_previews", "试导后没有确认的表格", 1, _forget_previews)
REJECTS_KEPT = Keeping("import_rejects", "导入的退件", 7, _forget_rejects)
IMPORTS_KEPT = Keeping("imports", "表格导入的记录", 30, _forget_imports)


def days_kept(row: Import) -> int:
    """How many days the rows that did not go in can be fetched; of one that nobody confirmed, all of it."""
    return days_of(REJECTS_KEPT if row.ended_at else PREVIEWS_KEPT)
