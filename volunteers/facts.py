"""What a turn, a page or a guard knows of a service, each fact read once."""

from functools import cached_property
from typing import cast

from cases.engine.facts import Facts, facts_of
from cases.engine.statements import Statement
from cases.models import Case
from volunteers.models import Offer, ServiceOrder


class ServiceFacts(Facts):
    @cached_property
    def order(self) -> ServiceOrder:
        """With its team's leader."""
        [order] = _order(self.case.pk)
        order.case = self.case
        return order

    @cached_property
    def offers(self) -> list[Offer]:
        """To whom it was ever offered, in the order in which they are asked; with what they told as volunteers. A turn
        writes what it changes of them (services/offers.py), so that they are as it left them."""
        return _offers(self.case.pk)

    def offers_in(self, *states: str) -> list[Offer]:
        return [offer for offer in self.offers if offer.state in states]

    @property
    def present(self) -> list[Offer]:
        """Who came, also where they have left since."""
        return [offer for offer in self.offers_in(Offer.State.ACCEPTED) if offer.arrived_at is not None]

    @property
    def missing(self) -> int:
        """How many are still wanted."""
        return self.order.wanted - len(self.offers_in(Offer.State.ACCEPTED))


_order = Statement(lambda case: ServiceOrder.objects.filter(case=case).select_related("team__leader"))
_offers = Statement(
    lambda order: Offer.objects.filter(order=order).select_related("person__volunteer").order_by("rank", "pk")
)


def service_facts(case: Case) -> ServiceFacts:
    """`facts_of` a service."""
    return cast(ServiceFacts, facts_of(case))
