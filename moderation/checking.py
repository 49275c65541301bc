"""WeChat looks at what waits, behind the worker: nobody waits for it on a page.

"pass" makes words public; whatever else it says, and no answer at all, leaves them to a person of the desk. Where it is not
reached, it is asked again for as long as it knows the writer (two hours), while people may decide already."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import WeChatAccount
from gateways.faults import Down, Refused
from gateways.wechat import client
from gateways.wechat.client import Verdict
from locks import moments
from moderation.models import Clearance
from moderation.services import NO_OPENID, State, written

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""Longer than one call can take."""
MAX_TRIES = 7
"""2, 4 … 64 minutes apart: the last one two hours after the first."""


def check_due(*, at: datetime) -> int:
    """How many were answered. Ends at the first that gets no answer: the rest waits for the next sweep, not for a time-out
    each. Safe in many workers at once."""
    answered, began = 0, monotonic()
    while clearance := _take(at=at + timedelta(seconds=monotonic() - began)):
        if not _check(clearance, at=at + timedelta(seconds=monotonic() - began)):
            break
        answered += 1
    return answered


def _take(*, at: datetime) -> Clearance | None:
    """The next one, held for one try."""
    begun = moments.due("due_at", at=at, longest=_wait_after(MAX_TRIES))
    free = Q(leased_until=None) | ~moments.held(at=at, longest=LEASE)
    due = Clearance.objects.filter(begun, free, state=State.WAITING).order_by("due_at", "pk")
    with transaction.atomic():
        clearance: Clearance | None = due.select_for_update(no_key=True, skip_locked=True).first()
        if clearance is not None:
            clearance.tries += 1
            clearance.leased_until = at + LEASE
            clearance.save(update_fields=["tries", "leased_until"])
    return clearance


def _check(clearance: Clearance, *, at: datetime) -> bool:
    """Whether there was an answer."""
    try:
        verdict = _known(clearance) or _asked(clearance)
    except Refused as refusal:
        _write(clearance, state=State.REVIEW, fault=f"微信没有检查：{refusal}"[:100])
        return True
    except Exception as fault:
        if not isinstance(fault, Down):
            log.exception("clearance %s not checked", clearance.pk)
        is_last = clearance.tries >= MAX_TRIES
        _write(
            clearance,
            state=State.REVIEW if is_last else State.WAITING,
            fault=f"微信没有回应：{fault}"[:100],
            due_at=at + _wait_after(clearance.tries),
        )
        return False
    is_passed = verdict.suggest == Clearance.Verdict.PASS
    decided = {"state": State.PUBLIC, "decided_at": at} if is_passed else {"state": State.REVIEW}
    _write(clearance, **decided, verdict=verdict.suggest[:10], label="" if is_passed else verdict.label[:10], fault="")
    return True


def _known(clearance: Clearance) -> Verdict | None:
    """Of the same words, checked before."""
    same = Clearance.objects.filter(digest=clearance.digest).exclude(digest="").exclude(verdict="")
    earlier = same.order_by("-pk").first()
    return Verdict(earlier.verdict, earlier.label) if earlier else None


def _asked(clearance: Clearance) -> Verdict:
    about = written(clearance)
    mini = client.mini_program()
    openid = WeChatAccount.objects.openid_of(about.writer, settings.WECHAT_MINI_ID)
    if mini is None or not openid:
        raise Refused("no openid", NO_OPENID)
    return mini.check_words(openid, about.words, scene=about.subject.scene)


def _write(clearance: Clearance, **values: object) -> None:
    """Unless a person has decided, or it was begun anew, meanwhile."""
    mine = Clearance.objects.filter(pk=clearance.pk, state=State.WAITING, tries=clearance.tries)
    mine.update(**values, leased_until=None)


def _wait_after(tries: int) -> timedelta:
    return timedelta(minutes=2**tries)
