"""Who says that words may be shown: at first what the settings say, then WeChat (checking.py) or a person of the desk. Whoever
decides first has decided; a person may change it later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User, WeChatAccount
from accounts.personal_data import blind_index
from grids.rights.jurisdiction import Visitor, lies_in_area, posts_of
from moderation.models import Clearance, ClearanceQuerySet
from moderation.subjects import SUBJECTS, Subject
from notices.services import News, notify
from web.text import tidy

State = Clearance.State
GRACE = timedelta(minutes=2)
"""So long WeChat has before a person of the desk sees what waits for it."""
BY_PERSON = "这里都由人核对"
NO_OPENID = "写的人没有用小程序，微信不能检查"


def is_on() -> bool:
    """Whether words wait for a yes here; without it they are public at once."""
    return settings.PUBLIC_BY_PERSON or bool(settings.WECHAT_MINI_ID)


def submit(*, subject: str, words: str, writer: User | None, at: datetime) -> Clearance:
    """Of a text that is being written down, in its transaction. `writer` None: the community's own words, public at once."""
    state, fault = _first(writer)
    clearance: Clearance = Clearance.objects.create(
        subject=subject,
        digest=blind_index(words, purpose="public words"),
        state=state,
        fault=fault,
        submitted_at=at,
        due_at=at,
        decided_at=at if state == State.PUBLIC else None,
    )
    if state == State.WAITING:
        transaction.on_commit(_ring, robust=True)
    return clearance


def _first(writer: User | None) -> tuple[State, str]:
    if writer is None or not is_on():
        return State.PUBLIC, ""
    if settings.PUBLIC_BY_PERSON:
        return State.REVIEW, BY_PERSON
    if not WeChatAccount.objects.openid_of(writer, settings.WECHAT_MINI_ID):
        return State.REVIEW, NO_OPENID
    return State.WAITING, ""


def _ring() -> None:
    current_app.send_task("moderation.tasks.check_due")  # by name: tasks stand above services


@dataclass(frozen=True)
class Written:
    """What a clearance is about."""

    clearance: Clearance
    subject: Subject
    row: Any

    @property
    def words(self) -> str:
        return self.subject.words(self.row)

    @property
    def writer(self) -> User | None:
        return self.subject.writer(self.row)

    @property
    def path(self) -> str:
        return self.subject.path(self.row)


def written(clearance: Clearance) -> Written:
    subject = SUBJECTS[clearance.subject]
    return Written(clearance, subject, getattr(clearance, subject.code))


def decidable_by(user: Visitor) -> ClearanceQuerySet:
    """Of all that is written in the area of this person's posts that dispatch."""
    posts = posts_of(user)
    theirs = Q()
    for subject in SUBJECTS.values():
        lies_there = lies_in_area(posts, "dispatch", prefix=f"{subject.grid}__")
        theirs |= Q(lies_there, subject=subject.code)
    joins = [join for subject in SUBJECTS.values() for join in subject.joins]
    decidable: ClearanceQuerySet = Clearance.objects.filter(theirs).select_related(*joins)
    return decidable


@transaction.atomic
def decide(*, clearance: Clearance, is_public: bool, reason: str, by: User, at: datetime) -> None:
    """公开 or 不公开. What it is about runs on either way; whoever wrote it is told why it is not shown.

    Raises ValidationError at `reason`: everybody reads why; and for whoever wrote it, for nobody decides on their own words."""
    if not is_public and not tidy(reason):
        raise ValidationError({"reason": "请写明为什么不公开，写的人和大家都会看到。"})
    state = State.PUBLIC if is_public else State.WITHHELD
    kept = Clearance.objects.select_for_update().get(pk=clearance.pk)
    about = written(kept)
    writer = about.writer
    if writer == by:
        raise ValidationError("这是您自己写的，请同事核对。")
    if kept.state == state:
        return
    kept.state, kept.reason, kept.label = state, "" if is_public else tidy(reason), ""
    kept.decided_by, kept.decided_at, kept.leased_until = by, at, None
    kept.save()
    if not is_public and writer is not None:
        news = News(
            kind="words.withheld.writer",
            people=[writer],
            path=about.path,
            cause=f"clearance:{kept.pk}",
            at=at,
            key=at.isoformat(),
            facts={"what": about.subject.label, "reason": kept.reason},
        )
        notify(news)


def accept(*, clearance_id: int, by: User, at: datetime) -> None:
    """By an act of the desk that takes the words up: it has read them. What a person has decided stays."""
    undecided = Clearance.objects.undecided().filter(pk=clearance_id)
    undecided.update(state=State.PUBLIC, decided_by=by, decided_at=at, label="", leased_until=None)


def forget(keys: Iterable[int]) -> None:
    """Of words that are gone: what was thought of them, and the row where nothing stands any more."""
    kept = Clearance.objects.filter(pk__in=list(keys))
    kept.filter(state=State.WAITING).update(state=State.REVIEW)
    kept.update(digest="", verdict="", label="", reason="")
    kept.filter(**dict.fromkeys(SUBJECTS)).delete()
