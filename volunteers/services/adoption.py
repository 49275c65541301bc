"""认领: a unit or team is asked to take needs on as a project, and says yes or no itself. Nobody is named for what others
put in their mouth: a unit speaks by its 联络员, a team by its leader."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from grids.models import Post, Unit
from grids.rights.jurisdiction import may
from notices.services import News, notify
from volunteers.models import Membership, Need, Project, Resource, Team
from web.text import tidy

State = Project.State
LIAISON = "unit_liaison"


def speakers(*, unit: Unit | None, team: Team | None, at: datetime) -> QuerySet[User]:
    """Who speaks for a unit (its own people in post as 联络员) or a team (its leader)."""
    if team is not None:
        return User.objects.filter(led_teams=team, is_active=True)
    liaisons = Post.objects.held_at(at).filter(role=LIAISON).values("person")
    members = Membership.objects.filter(unit=unit, until_at=None, person__in=liaisons)
    return User.objects.filter(pk__in=members.values("person"))


def speaks_for(person: User, project: Project, *, at: datetime) -> bool:
    return speakers(unit=project.unit, team=project.team, at=at).filter(pk=person.pk).exists()


def spoken_for_by(person: User, *, at: datetime) -> QuerySet[Project]:
    """Projects that wait for this person's word or are under way in their name."""
    is_liaison = Q(unit__memberships__person__in=Post.objects.held_at(at).filter(role=LIAISON).values("person"))
    of_unit = Q(unit__memberships__person=person, unit__memberships__until_at=None) & is_liaison
    open_ones = Project.objects.filter(state__in=(State.ASKED, State.RUNNING), kind=Project.Kind.NEIGHBOUR)
    return open_ones.filter(Q(team__leader=person) | of_unit).distinct().order_by("-pk")


def adopt(
    *,
    needs: Sequence[Need],
    name: str,
    plan: str,
    by: User,
    at: datetime,
    from_date: date,
    until_date: date,
    unit: Unit | None = None,
    team: Team | None = None,
    resources: Sequence[Resource] = (),
    **more: Any,
) -> Project:
    """Ask a unit or a team to take needs on as a project; it lies where the first need lies, and begins with their yes.

    Raises ValidationError: no need or an ended one, not one's area, neither or both of unit and team, nobody who could
    answer for them, dates turned."""
    if not needs or any(not need.is_open for need in needs):
        raise ValidationError({"needs": "请选择还没有办结的需求。"})
    if not all(may(by, "dispatch", need.grid, at=at) for need in needs):
        raise ValidationError({"needs": "有的需求不在您的辖区。"})
    if (unit is None) == (team is None):
        raise ValidationError({"unit": "请选择认领的单位或队伍，只选一个。"})
    if until_date < from_date:
        raise ValidationError({"until_date": "计划完成日期要在开始之后。"})
    asked = list(speakers(unit=unit, team=team, at=at))
    if not asked and unit is not None:
        raise ValidationError({"unit": f"{unit.name}还没有在任的单位联络员，没有人能答复。请先任命联络员。"})
    if not asked and team is not None:
        raise ValidationError({"team": f"{team.name}还没有队长，没有人能答复。请先任命队长。"})
    with transaction.atomic():
        project = Project.objects.create(
            name=name,
            plan=tidy(plan),
            unit=unit,
            team=team,
            grid=needs[0].grid,
            from_date=from_date,
            state=State.ASKED,
            until_date=until_date,
            **more,
        )
        project.needs.set(needs)
        project.resources.set(resources)
        told = News(
            kind="project.asked_to_adopt",
            people=asked,
            path=path_of(project),
            cause=f"project:{project.pk}",
            at=at,
            facts={"adopter": str(project.adopter), "name": project.name},
        )
        notify(told)
    return project


def path_of(project: Project) -> str:
    return reverse("volunteers:project-adopter", args=[project.key])


def agree(*, project: Project, by: User, at: datetime) -> None:
    """The unit's or team's yes; its needs that are still open are in hand from now on. Raises ValidationError: does not
    speak for them, or answered before."""
    _check_speaker(project, by, at)
    with transaction.atomic():
        asked = Project.objects.filter(pk=project.pk, state=State.ASKED)
        if not asked.update(state=State.RUNNING, agreed_at=at, agreed_by=by):
            raise ValidationError("这次认领已经答复过。")
        project.needs.filter(state=Need.State.OPEN).update(state=Need.State.ADOPTED)
    project.refresh_from_db()


def decline(*, project: Project, by: User, at: datetime, words: str) -> None:
    """No, and why, so that the desk asks somebody else. Raises ValidationError at `words`, or as `agree` does."""
    _check_speaker(project, by, at)
    if not tidy(words):
        raise ValidationError({"words": "请写明原因，社区好另找单位。"})
    asked = Project.objects.filter(pk=project.pk, state=State.ASKED)
    if not asked.update(state=State.DECLINED, agreed_by=by, answer=tidy(words)[:200], ended_at=at, is_public=False):
        raise ValidationError("这次认领已经答复过。")
    project.refresh_from_db()


def _check_speaker(project: Project, by: User, at: datetime) -> None:
    if not speaks_for(by, project, at=at):
        raise ValidationError(f"要由{project.adopter}的联络员或队长答复。")
