"""Which volunteers, teams, projects. Pure: names no model of this room."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from grids.models import UnitKind


class VolunteerQuerySet(models.QuerySet[Any]):
    def active(self) -> "VolunteerQuerySet":
        """Agreed themselves, have not left, may sign in."""
        return self.filter(agreed_at__isnull=False, left_at=None, person__is_active=True)


class ProjectQuerySet(models.QuerySet[Any]):
    def taken_on(self) -> "ProjectQuerySet":
        """Those whose unit or team has said yes: nobody is named for what they were only asked for."""
        return self.exclude(state__in=("asked", "declined"))


class TeamQuerySet(models.QuerySet[Any]):
    def of_societies(self) -> "TeamQuerySet":
        """One for each 社会组织 that has any: the first that was entered."""
        running = self.filter(unit__kind=UnitKind.SOCIETY, unit__is_active=True, ended_at=None)
        earlier = self.model._default_manager.filter(unit=OuterRef("unit"), ended_at=None, pk__lt=OuterRef("pk"))
        return running.exclude(Exists(earlier))


class TeamMemberQuerySet(models.QuerySet[Any]):
    def counted_in(self, kind: str) -> "TeamMemberQuerySet":
        """Who is in teams of this kind now, each person once: in the team they joined first. So the members of all places
        together are those of the county."""
        running = {"team__kind": kind, "team__ended_at": None, "until_at": None}
        before = Q(from_at__lt=OuterRef("from_at")) | Q(from_at=OuterRef("from_at"), pk__lt=OuterRef("pk"))
        earlier = self.model._default_manager.filter(before, person=OuterRef("person"), **running)
        return self.filter(**running).exclude(Exists(earlier))
