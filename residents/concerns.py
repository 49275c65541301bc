"""被反映人: a request about somebody in post goes to their superior; they neither handle nor see it.

Source: 济南市12345条例 32 (whom it is about does not learn who complained; whoever has an interest keeps out). 12388 is the
line of 纪检监察, 12389 that of the police about the police."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases import routing
from cases.models import Case, Referral, Seat
from cases.services import Said, end_referral, give_seat, lock, move
from cases.workflow import CONCERNED, OWN_MATTER
from grids.jurisdiction import candidates_for, covers
from grids.models import Grid, Post
from grids.roles import COUNTY, ROLES

POLICE = ("police_officer", "police_auxiliary")
ROLES_OVER_A_PLACE = tuple(
    code for code, role in ROLES.items() if code in POLICE or ("see" in role.verbs and COUNTY not in role.levels)
)
CHOICES = [("", "不是"), *((code, ROLES[code].label) for code in reversed(ROLES_OVER_A_PLACE))]


def concerned_at(node: Grid, role: str, *, at: datetime) -> list[Post]:
    """Those in this role at the nearest level over `node` that has one. Which of several it is nobody needs to know to
    keep it from them.

    Raises ValidationError at `about`: nobody is."""
    found = candidates_for(node, roles=frozenset({role}), at=at)
    if not found:
        label = ROLES[role].label
        raise ValidationError(
            {"about": f"{node.name}查不到对应的{label}。请把地点选到楼栋，或选“不是”，在内容里写明是谁，由社区指明。"}
        )
    return [post for post in found if post.grid_id == found[0].grid_id]


def name_concerned(*, case: Case, by: User, at: datetime, version: int, said: Said, concerned: Post) -> None:
    """指明被反映人: from now on they have nothing to do with it, and their superior answers for it.

    Raises ValidationError at `concerned`: no post over the place of the case, or whoever asks."""
    if not covers(concerned, case.grid):
        raise ValidationError({"concerned": f"{concerned.words}不负责{case.grid.name}，请另选一位。"})
    if Seat.objects.filter(case=case, person=concerned.person_id, role__in=OWN_MATTER, until_at=None).exists():
        raise ValidationError({"concerned": f"{concerned.words}就是提出人，请另选一位。"})
    with transaction.atomic():
        locked = lock(case)
        sitting = Seat.objects.filter(case=case, post__person=concerned.person_id, until_at=None)
        sitting.exclude(role=CONCERNED).update(until_at=at)
        if Referral.objects.filter(case=case, ended_at=None, post__person=concerned.person_id).exists():
            end_referral(case=case, end=Referral.End.RECALLED, at=at)
        give_seat(case=case, post=concerned, role=CONCERNED, at=at)
        locked.is_private = True
        above = routing.desk_of(locked, at=at)
        move(
            case=case, verb="name_concerned", by=by, at=at, version=version, holder=above,
            said=Said(said.words, said.photos, {"post": concerned.pk}), changes={"is_private": True},
        )  # fmt: skip
