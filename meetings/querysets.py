from datetime import datetime

from django.db import models
from django.db.models import Count, Q


class BookingQuerySet(models.QuerySet):
    def live(self) -> "BookingQuerySet":
        return self.filter(cancelled_at=None)

    def overlapping(self, from_at: datetime, until_at: datetime) -> "BookingQuerySet":
        return self.live().filter(from_at__lt=until_at, until_at__gt=from_at)


class ActivityQuerySet(models.QuerySet):
    def standing(self) -> "ActivityQuerySet":
        """Not called off."""
        return self.filter(cancelled_at=None)

    def coming(self, at: datetime) -> "ActivityQuerySet":
        """Still to come, or going on."""
        return self.standing().filter(until_at__gt=at)

    def held_by(self, at: datetime) -> "ActivityQuerySet":
        """Took place: over, and not called off."""
        return self.standing().filter(until_at__lte=at)

    def with_counts(self) -> "ActivityQuerySet":
        """`seated` and `waiting` of each, in one query."""
        sign_ups = {state: Count("sign_ups", filter=Q(sign_ups__state=state)) for state in ("seated", "waiting")}
        return self.annotate(**sign_ups)


class TenureQuerySet(models.QuerySet):
    def held_at(self, at: datetime) -> "TenureQuerySet":
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)
