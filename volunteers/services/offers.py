"""Who is asked for an order, and what became of it: the rows, and in the same step what the turn knows of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.turns import ArrowRefused
from cases.workflow import ASKER
from volunteers.dispatch import safety
from volunteers.facts import ServiceFacts
from volunteers.models import Offer, Volunteer

State = Offer.State


def of(facts: ServiceFacts, person: User) -> Offer:
    """Raises ArrowRefused: was not asked."""
    for offer in facts.offers:
        if offer.person_id == person.pk:
            return offer
    raise ArrowRefused("这次没有邀请您。")


def accepted_by(facts: ServiceFacts, person: User) -> Offer:
    """Raises ArrowRefused: has not accepted it."""
    for offer in facts.offers_in(State.ACCEPTED):
        if offer.person_id == person.pk:
            return offer
    raise ArrowRefused("您没有接这一单。")


def check_people(facts: ServiceFacts, people: Sequence[User]) -> None:
    """Raises ValidationError at `people`: somebody who may not serve here, who asked for it, or was asked before."""
    asked = {offer.person_id for offer in facts.offers}
    askers = {seat.person_id for seat in facts.every_seat if seat.role == ASKER}
    volunteers = {
        volunteer.pk: volunteer for volunteer in Volunteer.objects.filter(person__in=people).select_related("person")
    }
    refused = []
    for person in people:
        why = safety.why_not(volunteers.get(person.pk), facts.order, facts.order.begins_at)
        if person.pk in askers:
            why = "就是受助人。"
        elif person.pk in asked:
            why = "已经问过了。"
        if why:
            refused.append(f"{person.name}{why}")
    if refused:
        raise ValidationError({"people": refused})


def queue(facts: ServiceFacts, people: Sequence[User], whys: Mapping[int, str]) -> None:
    """Behind those who were asked before, in this order."""
    last = max((offer.rank for offer in facts.offers), default=0)
    facts.offers += Offer.objects.bulk_create(
        Offer(order=facts.order, person=person, state=State.QUEUED, rank=last + serial, why=whys.get(person.pk, ""))
        for serial, person in enumerate(people, start=1)
    )


def put(offers: Sequence[Offer], state: str, **times: datetime) -> None:
    """These are in this state from now on, with these time stamps."""
    mark(offers, state, **times)
    write(offers, "state", *times)


def mark(offers: Sequence[Offer], state: str, **times: datetime) -> None:
    """`put`, where what else the act changes is written with them."""
    for offer in offers:
        offer.state = state
        for name, at in times.items():
            setattr(offer, name, at)


def write(offers: Sequence[Offer], *columns: str) -> None:
    """In one statement, whatever each of them has there."""
    if len(offers) == 1:  # the usual one; put together in a fraction of the time
        offers[0].save(update_fields=columns)
    else:
        Offer.objects.bulk_update(offers, columns)
