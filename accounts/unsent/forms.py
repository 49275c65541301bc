"""A form that could not be taken is kept for a day, and given back to who wrote it.

Kept when the session was over, the page's token too old, the person too quick, or something broke. Given back to the same
person on the same browser alone, until they send it again, throw it away, or the day is over; nothing is sent again by
itself. Sealed at rest, and so much is kept and no more: a stranger fills no disk."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts import limiter
from accounts.limiter import TooOften
from accounts.models import KeptForm, User
from accounts.sign_in import browser
from accounts.unsent import files as kept_files
from web.client_address import client_address

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

KEY = "kept_form"
"""Field of a form that was given back; by it the files come along."""
WITHOUT_FILES = "kept_form_without_files"
SECRET = frozenset({"password", "again", "code", "id_number", "drawn", "first_slip", "second_slip"})
"""Fields never kept: what proves who somebody is, a signature, which is given anew, and what opens an urn
(docs/rooms/meetings.md): sealed with a key of the server it would be on the server."""
ID_NUMBER = re.compile(r"\s*\d{17}[\dXx]\s*")
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

MOST_WORDS = 1024 * 1024
MOST_WORDS_OF_A_STRANGER = 64 * 1024
MOST_STRANGERS = 500
MOST_OF_A_PERSON = 200 * 1024 * 1024
"""Bytes, files too. The oldest go first."""
MOST_ON_A_BROWSER = 10


def never_kept(*fields: str) -> Callable[[View], View]:
    """These fields of what is sent here are kept nowhere; without names, nothing of it is: a ballot, a sign-in."""

    def mark(view: View) -> View:
        view.never_kept = frozenset(fields)  # type: ignore[attr-defined]
        return view

    return mark


def keep(request: HttpRequest) -> KeptForm | None:
    """Keep what this request, which was refused, carries; None where that may not or cannot be. Never raises: whatever
    went wrong with the request is still to be answered. Asked twice of one request, it answers the same."""
    if "kept_form" not in request.__dict__:
        try:
            kept = _keep(request, timezone.now()) if _may_be_kept(request) else None
        except TooOften:
            kept = None
        except Exception:
            log.exception("a form was not kept")
            kept = None
        request.kept_form = kept  # type: ignore[attr-defined]
        look_again(request)
        if kept is not None:
            browser.note(request, has_unsent=True)
    form: KeptForm | None = request.__dict__["kept_form"]
    return form


def keep_files(request: HttpRequest, form: BaseForm) -> None:
    """Called by a view that is about to show its form again. Was it refused for something else, its photos and files, which
    no page can put back, wait with it and come along the next time."""
    if form.is_bound and form.errors and request.FILES and not form.errors.keys() & request.FILES.keys():
        keep(request)


def _may_be_kept(request: HttpRequest) -> bool:
    """A form of ours, sent by a page of ours: another site's page must not lay words into somebody's form."""
    if request.method != "POST" or request.content_type not in FORM_TYPES or request.path.startswith("/api/"):
        return False
    return _never_kept(request) != frozenset() and _is_ours(request, request.headers.get("Origin", ""))


def _never_kept(request: HttpRequest) -> frozenset[str] | None:
    """As the view says for which this is; nothing where there is none."""
    try:
        names: frozenset[str] | None = getattr(resolve(request.path_info).func, "never_kept", None)
    except Resolver404:
        return frozenset()
    return names


def _is_ours(request: HttpRequest, origin: str) -> bool:
    """Whether a page of the portal sent this. Its origin says so, or where a browser sends none, the page's address."""
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    parts = urlsplit(origin or request.headers.get("Referer", ""))
    return f"{parts.scheme}://{parts.netloc}" in own


def _keep(request: HttpRequest, at: datetime) -> KeptForm | None:
    here, person, values = browser.browser_of(request), writer(request), _values(request)
    words = json.dumps(values, ensure_ascii=False)
    size = len(words.encode())
    uploads = _uploads(request) if person else []
    if not (values or uploads) or size > min(MOST_WORDS if person else MOST_WORDS_OF_A_STRANGER, _room()):
        return None
    if person is None:
        limiter.check("keep", address=client_address(request), at=at)
        if KeptForm.objects.filter(person=None).count() >= MOST_STRANGERS:
            return None
    else:
        limiter.check("keep", person=person, at=at)
    with transaction.atomic():
        kept = KeptForm.objects.create(
            browser=here.digest,
            person_id=person,
            action=request.path,
            page=page_of(request),
            fields=words,
            size=size,
            kept_at=at,
        )
        _take_over(request, kept)
    _keep_files(kept, uploads)
    _drop_oldest(kept)
    return kept


def writer(request: HttpRequest) -> int | None:
    """Who wrote it: who is signed in, else who last was on this browser."""
    return request.user.pk if request.user.is_authenticated else browser.browser_of(request).person


def _values(request: HttpRequest) -> dict[str, list[str]]:
    left_out = SECRET | (_never_kept(request) or frozenset()) | {KEY, "csrfmiddlewaretoken"}
    return {
        name: values
        for name, values in request.POST.lists()
        if name not in left_out and not any(map(ID_NUMBER.fullmatch, values))
    }


def _uploads(request: HttpRequest) -> list[tuple[str, UploadedFile[bytes]]]:
    """Those that were chosen anew, and arrived whole."""
    uploaded = [(name, upload) for name, uploads in request.FILES.lists() for upload in uploads]
    return [
        (name, upload)
        for name, upload in uploaded
        if not isinstance(upload, kept_files.GivenBack) and 0 < (upload.size or 0) <= kept_files.MOST_BYTES
    ][: kept_files.MOST]


def page_of(request: HttpRequest) -> str:
    """Where it was written: the page whose form this is, as the browser tells, or of a page that is read in a pane of
    another, the pane (static/js/desk.js); else where it was sent to."""
    parts = urlsplit(request.headers.get("X-Page") or request.headers.get("Referer", ""))
    if parts.netloc == request.get_host() and parts.path:
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def _take_over(request: HttpRequest, kept: KeptForm) -> None:
    """The same form sent a second time takes the first one's place, and its files."""
    for before in KeptForm.objects.filter(browser=kept.browser, person=kept.person_id).exclude(pk=kept.pk):
        is_given_back = str(before.key) == request.POST.get(KEY)
        if is_given_back and WITHOUT_FILES not in request.POST:
            before.files.update(form=kept)
        if is_given_back or (before.action == kept.action and before.values.keys() == kept.values.keys()):
            forget([before])


def _keep_files(kept: KeptForm, uploads: list[tuple[str, UploadedFile[bytes]]]) -> None:
    """Where the disk or the bound takes no more, the words stay all the same."""
    size = sum(upload.size or 0 for _, upload in uploads)
    try:
        if size > min(MOST_OF_A_PERSON, _room()):
            raise OSError("no room for the files of a kept form")
        kept_files.keep(kept, uploads)
    except OSError as fault:
        log.warning("files of a kept form were not kept: %s", fault)
        kept.has_lost_files = True
    kept.size += sum(kept.files.values_list("size", flat=True))
    kept.save(update_fields=["size", "has_lost_files"])


def _room() -> int:
    """Bytes that may still be kept, of everybody together."""
    taken: int = KeptForm.objects.aggregate(sum=Sum("size"))["sum"] or 0
    return settings.KEPT_FORMS_MB * 1024 * 1024 - taken


def _drop_oldest(kept: KeptForm) -> None:
    """So many on a browser, and so many bytes of a person."""
    alike = KeptForm.objects.filter(browser=kept.browser)
    if kept.person_id is not None:
        alike = KeptForm.objects.filter(Q(browser=kept.browser) | Q(person=kept.person_id))
    total = 0
    for number, form in enumerate(alike.order_by("-kept_at", "-pk")):
        total += form.size
        if number >= MOST_ON_A_BROWSER or total > MOST_OF_A_PERSON:
            forget([form])


def waiting(request: HttpRequest) -> list[KeptForm]:
    """What waits for whoever asks, on this browser; newest first. Costs no query where nothing does."""
    here = browser.browser_of(request)
    if not here.has_unsent:
        return []
    if "_waiting" not in request.__dict__:
        request._waiting = _waiting(request, here)  # type: ignore[attr-defined]
    forms: list[KeptForm] = request._waiting  # type: ignore[attr-defined]
    return forms


def _waiting(request: HttpRequest, here: browser.Browser) -> list[KeptForm]:
    since = timezone.now() - timedelta(hours=settings.KEPT_FORM_HOURS)
    own = Q(person=None)
    if request.user.is_authenticated:
        own |= Q(person=request.user.pk)
    all_here = KeptForm.objects.filter(browser=here.digest, kept_at__gt=since)
    forms = list(all_here.filter(own).prefetch_related("files").order_by("-kept_at", "-pk"))
    if not forms and not all_here.exists():
        browser.note(request, has_unsent=False)
    return forms


def look_again(request: HttpRequest) -> None:
    """Something was kept, or ended."""
    request.__dict__.pop("_waiting", None)


def first_values(request: HttpRequest) -> dict[str, str]:
    """What was last written in the form that stands at this very address: for a form whose choices hang on what was
    chosen before, as initial values. Everything else is put back without the form's doing."""
    for kept in waiting(request):
        if kept.action == request.path:
            return {name: values[-1] for name, values in kept.values.items() if values}
    return {}


def rows_added(request: HttpRequest, prefix: str) -> int:
    """How many rows had been added to this formset of the form at this address: so many must be offered again."""
    values = first_values(request)
    total, initial = (values.get(f"{prefix}-{name}_FORMS", "") for name in ("TOTAL", "INITIAL"))
    return max(0, int(total) - int(initial)) if total.isdecimal() and initial.isdecimal() else 0


def bring_files(request: HttpRequest) -> None:
    """The files of the form that was given back, among those chosen now."""
    kept = given_back(request)
    if kept is None or WITHOUT_FILES in request.POST:
        return
    for file in kept.files.all():
        try:
            upload = kept_files.give_back(file)
        except OSError:
            log.warning("a kept file is gone")
            continue
        chosen_now = request.FILES.getlist(file.field)
        request.FILES.setlist(file.field, [upload, *chosen_now])  # where one is asked for, the one chosen now counts


def given_back(request: HttpRequest) -> KeptForm | None:
    """The kept form that this one was filled from."""
    key = request.POST.get(KEY, "")
    return next((kept for kept in waiting(request) if str(kept.key) == key and kept.action == request.path), None)


def forget(forms: Iterable[KeptForm]) -> None:
    for form in forms:
        kept_files.forget(form.files.all())
        form.delete()


def forget_of(person: User) -> None:
    forget(KeptForm.objects.filter(person=person))


def forget_expired(*, at: datetime) -> int:
    """Those whose day is over; how many."""
    day = timedelta(hours=settings.KEPT_FORM_HOURS)
    expired = list(KeptForm.objects.filter(kept_at__lte=at - day))
    forget(expired)
    kept_files.sweep(at=at, older_than=day)
    return len(expired)
