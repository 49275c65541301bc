"""What the pages of this room show: rows turned into plain facts, in as few queries as may be."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from grids.rights.jurisdiction import Visitor
from volunteers.models import Offer, ServiceOrder, TeamMember

State = Offer.State
FUTURE = (State.OFFERED, State.ACCEPTED)


def offers_of(person: User) -> QuerySet[Offer]:
    """Mine, soonest first; those still in the queue or taken back were never a question to me."""
    mine = Offer.objects.filter(person=person).exclude(state__in=(State.QUEUED, State.WITHDRAWN))
    return mine.select_related("order__case").order_by("order__begins_at", "pk")


@dataclass(frozen=True)
class MyOrder:
    """One order as somebody who was asked may see it. Door and asker only after accepting."""

    order: ServiceOrder
    offer: Offer | None
    is_leader: bool
    mates: list[str]
    """Who else accepted."""
    may_answer: bool
    may_arrive: bool
    may_leave: bool

    @property
    def has_accepted(self) -> bool:
        return self.offer is not None and self.offer.state == State.ACCEPTED

    @property
    def may_step_back(self) -> bool:
        """Also while others are still being asked."""
        return (
            self.offer is not None and self.has_accepted and self.offer.arrived_at is None and self.order.case.is_open
        )


def my_order(user: Visitor, number: str, *, at: datetime) -> MyOrder:
    """Raises Http404 unless this person was asked, or leads the team that was."""
    orders = ServiceOrder.objects.select_related("case__grid", "case__holder__person", "case__holder__grid", "team")
    order = orders.filter(case__number=number).first()
    if order is None or not isinstance(user, User):
        raise Http404
    mine = order.offers.filter(person=user).exclude(state=State.QUEUED).first()
    is_leader = order.team is not None and order.team.leader_id == user.pk and order.leader_asked_at is not None
    if mine is None and not is_leader:
        raise Http404
    taken = order.offers.filter(state=State.ACCEPTED).exclude(person=user).select_related("person").order_by("rank")
    is_taken = mine is not None and mine.state == State.ACCEPTED
    return MyOrder(
        order=order,
        offer=mine,
        is_leader=is_leader,
        mates=[offer.person.name for offer in taken],
        may_answer=bool(
            mine and order.case.state == "offered" and mine.state in {State.OFFERED, State.LAPSED, State.DECLINED}
        ),
        may_arrive=bool(mine and is_taken and mine.arrived_at is None and order.case.state in {"staffed", "serving"}),
        may_leave=bool(mine and is_taken and mine.arrived_at and not mine.left_at and order.case.state == "serving")
        and at >= order.begins_at,
    )


def nominees(order: ServiceOrder) -> QuerySet[TeamMember]:
    """Members of the order's team who were not asked yet."""
    members = TeamMember.objects.filter(team=order.team_id, until_at=None)
    asked = order.offers.values("person")
    return members.exclude(person__in=asked).select_related("person").order_by("pk")
