"""Which volunteers, which projects. Pure: names no model of this room."""

from django.db import models


class VolunteerQuerySet(models.QuerySet):
    def active(self) -> "VolunteerQuerySet":
        """Agreed themselves, have not left, may sign in."""
        return self.filter(agreed_at__isnull=False, left_at=None, person__is_active=True)


class ProjectQuerySet(models.QuerySet):
    def taken_on(self) -> "ProjectQuerySet":
        """Those whose unit or team has said yes: nobody is named for what they were only asked for."""
        return self.exclude(state__in=("asked", "declined"))
