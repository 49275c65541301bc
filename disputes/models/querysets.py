"""Whose disputes."""

from typing import Any

from django.db import models

from grids.rights.jurisdiction import Visitor, area_of

SETTLED = ("settled_oral", "settled_written", "settled_confirmed")


class DisputeQuerySet(models.QuerySet[Any]):
    def counted_for(self, user: Visitor) -> "DisputeQuerySet":
        """Whose number, type and place this person may count: nothing else of them is theirs to see."""
        return self.filter(case__grid__in=area_of(user, "figures"))
