"""Which cases. `visible_to` guards one case and bounds a search; lists are `in_area_of` (我的辖区) or `seated` (与我有关),
because the OR of both walks the whole table."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases.workflow import CONCERNED, WORKFLOWS
from grids.rights.jurisdiction import Visitor, lies_in_area, posts_of, stand_ins


class CaseQuerySet(models.QuerySet[Any]):
    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at=None)

    def owed(self) -> "CaseQuerySet":
        """Open, and the next move is the holder's, not the asker's."""
        return self.open().exclude(state__in=_asker_states())

    def overdue(self, at: datetime) -> "CaseQuerySet":
        """Owed, and past the limit of their stage."""
        return self.owed().filter(due_at__lt=at)

    def in_area_of(self, user: Visitor) -> "CaseQuerySet":
        """我的辖区: what lies in the area of this person's posts and is not private."""
        return self.filter(lies_in_area(posts_of(user), prefix="grid__"), is_private=False)

    def kept_from(self, user: Visitor) -> "CaseQuerySet":
        """What `in_area_of` leaves out for being private, where this person reads figures: how many they may know."""
        return self.filter(lies_in_area(posts_of(user), "figures", prefix="grid__"), is_private=True)

    def seated(self, user: Visitor) -> "CaseQuerySet":
        """与我有关: what this person or one of their posts sits on, and what they hold."""
        if not user.is_authenticated:
            return self.none()
        posts = posts_of(user)
        sits = self._seats().filter(_sits(user, posts)).values("case")
        holds = self.model._default_manager.filter(holder__in=stand_ins(posts)).values("pk")
        # Either finds its rows by an index of its own; an OR of both would read every case.
        return self.filter(~Exists(self._about(user)), pk__in=sits.union(holds))

    def _seats(self) -> Any:
        return self.model._meta.get_field("seats").related_model._default_manager.all()

    def _about(self, user: Visitor) -> Any:
        return self._seats().filter(case=OuterRef("pk"), role=CONCERNED, post__person=user)

    def held_by(self, user: Visitor) -> "CaseQuerySet":
        """我的待办: open, in the hands of a post this person holds now."""
        return self.open().filter(holder__in=posts_of(user))

    def referred_to(self, posts: list[Any]) -> "CaseQuerySet":
        """转给我的: what waits for an answer of these police posts, each with `answer_by`, the limit of that."""
        # One referral of a case is open at a time, so the join doubles nothing.
        running = self.open().filter(referrals__ended_at=None, referrals__post__in=posts)
        referred: CaseQuerySet = running.annotate(answer_by=F("referrals__due_at"))
        return referred

    def visible_to(self, user: Visitor) -> "CaseQuerySet":
        """You see a case if you sit on it or hold it, or, unless it is private, if it lies in your area. What is about you
        is private, and you do not see it."""
        if not user.is_authenticated:
            return self.none()
        posts = posts_of(user)
        sits = Exists(self._seats().filter(_sits(user, posts), case=OuterRef("pk")))
        has = (Q(sits) | Q(holder__in=stand_ins(posts))) & ~Q(Exists(self._about(user)))
        return self.filter(has | Q(lies_in_area(posts, prefix="grid__"), is_private=False))

    def with_referral(self) -> "CaseQuerySet":
        """Each with `is_referred`: whether an answer of the police is waited for."""
        referrals = self.model._meta.get_field("referrals").related_model._default_manager
        cases: CaseQuerySet = self.annotate(is_referred=Exists(referrals.filter(case=OuterRef("pk"), ended_at=None)))
        return cases

    def with_cards(self) -> "CaseQuerySet":
        """What a case card shows, in one query."""
        return self.select_related("holder__person", "holder__grid", "category")


def _sits(user: Visitor, posts: list[Any]) -> Q:
    """Seats that run now, of this person or of one of their posts."""
    return (Q(person=user) | Q(post__in=posts)) & (Q(until_at=None) | Q(until_at__gt=timezone.now()))


def _asker_states() -> list[str]:
    return [code for workflow in WORKFLOWS.values() for code, state in workflow.states.items() if not state.is_holders]
