"""Teams: founded by staff, led by one of their own, joined and left by each member's own act."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from grids.models import Grid, Unit
from grids.rights.jurisdiction import may
from volunteers.dispatch import safety
from volunteers.models import Team, TeamMember, Volunteer


def found(*, name: str, kind: str, grid: Grid, by: User, at: datetime, unit: Unit | None = None) -> Team:
    """A new team. Raises ValidationError: not one's area, or the name is taken."""
    if not may(by, "dispatch", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    try:
        with transaction.atomic():
            return Team.objects.create(name=name.strip(), kind=kind, grid=grid, unit=unit, founded_at=at)
    except IntegrityError:
        raise ValidationError({"name": f"已有名为“{name}”的队伍。"}) from None


def join(*, team: Team, person: User, at: datetime) -> TeamMember:
    """Raises ValidationError: no volunteer yet, a minor without a guardian, the team is dissolved, or a member already."""
    if not Volunteer.objects.active().filter(person=person).exists():
        raise ValidationError("请先登记成为志愿者，再加入队伍。")
    if why := safety.without_guardian(person, at):
        raise ValidationError(f"您{why}")
    if team.ended_at is not None:
        raise ValidationError(f"{team.name}已解散。")
    try:
        with transaction.atomic():
            return TeamMember.objects.create(team=team, person=person, from_at=at)
    except IntegrityError:
        raise ValidationError(f"您已经在{team.name}里了。") from None


def leave(*, team: Team, person: User, at: datetime) -> None:
    """Nobody has to say why. Whoever led the team leads it no more."""
    with transaction.atomic():
        running = TeamMember.objects.filter(team=team, person=person, until_at=None, from_at__lt=at)
        if not running.update(until_at=at):
            raise ValidationError(f"您不在{team.name}里。")
        Team.objects.filter(pk=team.pk, leader=person).update(leader=None)


def appoint_leader(*, team: Team, person: User, by: User, at: datetime) -> None:
    """Raises ValidationError at `person`: not a member; or not one's area."""
    if not may(by, "dispatch", team.grid, at=at):
        raise ValidationError("这支队伍不在您的辖区。")
    if not TeamMember.objects.filter(team=team, person=person, until_at=None).exists():
        raise ValidationError({"person": "队长应是队员。"})
    Team.objects.filter(pk=team.pk).update(leader=person)


def dissolve(*, team: Team, by: User, at: datetime) -> None:
    """Raises ValidationError: not one's area, or dissolved before."""
    if not may(by, "dispatch", team.grid, at=at):
        raise ValidationError("这支队伍不在您的辖区。")
    with transaction.atomic():
        if not Team.objects.filter(pk=team.pk, ended_at=None).update(ended_at=at, leader=None):
            raise ValidationError(f"{team.name}已经解散。")
        TeamMember.objects.filter(team=team, until_at=None, from_at__lt=at).update(until_at=at)
