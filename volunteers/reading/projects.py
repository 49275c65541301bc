"""Which projects whoever reads them finds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from volunteers.models import Need, Project
from volunteers.services import adoption, solving


def in_public() -> QuerySet[Project]:
    """What was taken on and is shown to everybody."""
    public: QuerySet[Project] = Project.objects.taken_on().filter(is_public=True)
    return public.select_related("grid", "unit", "team")


def to_inspect(key: UUID) -> Project:
    """What waits for residents' eyes. Raises Http404."""
    waiting = Project.objects.filter(is_public=True, state=Project.State.INSPECTING)
    project: Project = get_object_or_404(waiting.select_related("grid", "unit", "team", "inspection"), key=key)
    return project


def asked_of(person: User, key: Any, *, at: datetime) -> Project:
    """For whoever speaks for the unit or team that was asked. Raises Http404."""
    project: Project = get_object_or_404(Project.objects.select_related("grid", "unit", "team"), key=key)
    if not adoption.speaks_for(person, project, at=at):
        raise Http404
    return project


def to_confirm(person: User, key: Any, *, at: datetime) -> tuple[Need, str]:
    """The need, and as what this person says whether it is met. Raises Http404 for who says nothing of it."""
    need: Need = get_object_or_404(Need.objects.select_related("grid", "category", "request"), key=key)
    word = solving.confirms_as(need, person, at=at)
    if not word:
        raise Http404
    return need, word
