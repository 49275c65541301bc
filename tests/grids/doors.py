"""One object of each kind of this room for the walk over every door (tests/house/test_permissions.py), all at the case's place."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from grids.models import StaffingNorm
from grids.police import duty, safety
from grids.posts.services import appoint
from grids.territory import tree as territory_tree
from grids.territory.services import appoint_to
from tests.support.cast import MONDAY


def grid_doors(town: Any, owner: User, staff: dict[str, User]) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    at = timezone.now()
    town.community.refresh_from_db()
    area = territory_tree.add_area(name="试用片区", community=town.community)
    lane = territory_tree.add(parent=area, name="宜和巷")
    post = appoint_to(person=staff["grid_leader"], node=lane, from_at=MONDAY)
    auxiliary = appoint(person=staff["group_leader"], role="police_auxiliary", grid=town.community, from_at=MONDAY)
    begins = at + timedelta(days=1)
    shift = duty.plan_shift(
        community=town.community,
        posts=[auxiliary],
        begins_at=begins,
        ends_at=begins + timedelta(hours=2),
        by=staff["community_secretary"],
        at=at,
    )
    feed = duty.new_feed(person=staff["community_secretary"], community=town.community, at=at)
    notice = safety.publish(
        grid=town.community, title="防骗", words="别转账", from_at=at, until_at=begins, by=staff["group_leader"], at=at
    )
    community = {"grid_id": town.community.pk}
    return {
        "grids:roster": community,
        "grids:roster-end": {**community, "post_id": auxiliary.pk},
        "grids:duty": community,
        "grids:duty-feed": community,
        "grids:shift-call-off": {**community, "shift_id": shift.pk},
        "grids:duty-calendar": {"token": feed.token},
        "grids:safety-withdraw": {"notice_id": notice.pk},
        "grids_territory": lane.pk,
        "grids_territorypost": post.pk,
        "grids_staffingnorm": StaffingNorm.objects.create(role="patrol", number=4).pk,
    }
