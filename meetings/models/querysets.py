from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q


class BookingQuerySet(models.QuerySet[Any]):
    def live(self) -> "BookingQuerySet":
        return self.filter(cancelled_at=None)

    def own(self) -> "BookingQuerySet":
        """Whose holder uses the room themselves: not kept for an activity or a conference."""
        return self.filter(activity=None, conference=None)

    def overlapping(self, from_at: datetime, until_at: datetime) -> "BookingQuerySet":
        return self.live().filter(from_at__lt=until_at, until_at__gt=from_at)


class ActivityQuerySet(models.QuerySet[Any]):
    def current(self) -> "ActivityQuerySet":
        """Not called off."""
        return self.filter(cancelled_at=None)

    def coming(self, at: datetime) -> "ActivityQuerySet":
        """Still to come, or going on."""
        return self.current().filter(until_at__gt=at)

    def held_by(self, at: datetime) -> "ActivityQuerySet":
        """Took place: over, and not called off."""
        return self.current().filter(until_at__lte=at)

    def with_counts(self) -> "ActivityQuerySet":
        """`seated` and `waiting` of each, in one query."""
        sign_ups = {state: Count("sign_ups", filter=Q(sign_ups__state=state)) for state in ("seated", "waiting")}
        counted: ActivityQuerySet = self.annotate(**sign_ups)
        return counted


class ConferenceQuerySet(models.QuerySet[Any]):
    def current(self) -> "ConferenceQuerySet":
        """Not called off."""
        return self.filter(cancelled_at=None)

    def with_counts(self) -> "ConferenceQuerySet":
        """`invited`, `coming` and `unanswered` of each, in one query."""
        yes = Q(invitations__answer__in=("yes", "substitute"))
        counted: ConferenceQuerySet = self.annotate(
            invited=Count("invitations"),
            coming=Count("invitations", filter=yes),
            unanswered=Count("invitations", filter=Q(invitations__answer="")),
        )
        return counted


class TenureQuerySet(models.QuerySet[Any]):
    def held_at(self, at: datetime) -> "TenureQuerySet":
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)
