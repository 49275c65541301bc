"""Which cases. `visible_to` guards one case and bounds a search; lists are `in_area_of` (我的辖区) or `seated` (与我有关),
because the OR of both walks the whole table."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.workflow import CONCERNED, WORKFLOWS
from grids.jurisdiction import Visitor, area_of, area_of_posts, posts_of, stand_ins


class CaseQuerySet(models.QuerySet):
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
        return self.filter(is_private=False, grid__in=area_of(user))

    def kept_from(self, user: Visitor) -> "CaseQuerySet":
        """What `in_area_of` leaves out for being private, where this person reads figures: how many they may know."""
        return self.filter(is_private=True, grid__in=area_of(user, "figures"))

    def seated(self, user: Visitor) -> "CaseQuerySet":
        """与我有关: what this person or one of their posts sits on, and what they hold."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=self._seated(user, posts_of(user)))

    def _seated(self, user: Visitor, posts: list[Any]) -> Any:
        cases = self.model._default_manager
        about = cases.filter(seats__role=CONCERNED, seats__post__person=user)
        return cases.filter(_seat_of(user, posts)).exclude(pk__in=about.values("pk")).values("pk")

    def held_by(self, user: Visitor) -> "CaseQuerySet":
        """我的待办: open, in the hands of a post this person holds now."""
        return self.open().filter(holder__in=posts_of(user))

    def referred_to(self, posts: list[Any]) -> "CaseQuerySet":
        """转给我的: what waits for an answer of these police posts, each with `answer_by`, the limit of that."""
        # One referral of a case is open at a time, so the join doubles nothing.
        running = self.open().filter(referrals__ended_at=None, referrals__post__in=posts)
        return running.annotate(answer_by=F("referrals__due_at"))

    def visible_to(self, user: Visitor, posts: list[Any] | None = None) -> "CaseQuerySet":
        """You see a case if you sit on it or hold it, or, unless it is private, if it lies in your area. What is about you
        is private, and you do not see it. `posts`: those of `user`, where they have been read."""
        if not user.is_authenticated:
            return self.none()
        posts = posts_of(user) if posts is None else posts
        sits = Q(pk__in=self._seated(user, posts))
        return self.filter(sits | Q(is_private=False, grid__in=area_of_posts(posts)))

    def with_cards(self) -> "CaseQuerySet":
        """What a case card shows, in one query."""
        return self.select_related("holder__person", "holder__grid", "category")


def _seat_of(user: Visitor, posts: list[Any]) -> Q:
    now = timezone.now()
    running = Q(seats__until_at=None) | Q(seats__until_at__gt=now)
    return (Q(seats__person=user) | Q(seats__post__in=posts)) & running | Q(holder__in=stand_ins(posts))


def _asker_states() -> list[str]:
    return [code for workflow in WORKFLOWS.values() for code, state in workflow.states.items() if not state.is_holders]
