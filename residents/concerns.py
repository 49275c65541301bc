"""被反映人: a request about somebody in post goes to their superior; they neither handle nor see it.

Source: 济南市12345条例 32 (whom it is about does not learn who complained; whoever has an interest keeps out). 12388 is the
line of 纪检监察, 12389 that of the police about the police."""

from datetime import datetime

from django.core.exceptions import ValidationError

from cases.engine import routing
from cases.engine.acts import with_facts
from cases.engine.turns import Given, Turn, in_turn
from cases.models import Referral
from cases.workflow import CONCERNED, OWN_MATTER, SEATED
from grids.models import Grid, Post
from grids.rights.jurisdiction import candidates_for, covers
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
    posts = candidates_for(node, roles=frozenset({role}), at=at)
    if not posts:
        label = ROLES[role].label
        raise ValidationError(
            {"about": f"{node.name}查不到对应的{label}。请把地点选到楼栋，或选“不是”，在内容里写明是谁，由社区指明。"}
        )
    return [post for post in posts if post.grid_id == posts[0].grid_id]


@in_turn
def name_concerned(turn: Turn, given: Given, concerned: Post) -> None:
    """指明被反映人: from now on they have nothing to do with it, and their superior answers for it.

    Raises ValidationError at `concerned`: no post over the place of the case, or whoever asks."""
    case, person_id, referral = turn.case, concerned.person_id, turn.facts.referral
    if not covers(concerned, case.grid):
        raise ValidationError({"concerned": f"{concerned.words}不负责{case.grid.name}，请另选一位。"})
    if any(seat.person_id == person_id for seat in turn.facts.seats(*OWN_MATTER)):
        raise ValidationError({"concerned": f"{concerned.words}就是提出人，请另选一位。"})
    for role in SEATED - {CONCERNED}:
        turn.unseat(role, lambda seat: seat.post is not None and seat.post.person_id == person_id)
    if referral is not None and referral.post.person_id == person_id:
        turn.end_referral(Referral.End.RECALLED)
    turn.seat(CONCERNED, post=concerned)
    case.is_private = True
    turn.draw("name_concerned", with_facts(given, post=concerned.pk), holder=routing.desk_of(case, at=turn.at))
