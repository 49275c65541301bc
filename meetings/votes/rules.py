"""Which rules hold for a matter now, where it is decided."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from grids.models import Grid
from meetings.models import Matter, VoteRule
from meetings.votes.quorum import BASES, Body


def rules_for(matter: Matter | None, place: Grid) -> list[VoteRule]:
    """The ways in which this matter may be voted on there, the usual one first. A street's own rule stands in the place of
    the county's, also where it is switched off."""
    if matter is None:
        return []
    bases = BASES[Body(matter.body)]
    here = Q(street=None) | Q(street__tree_id=place.tree_id)
    rules = VoteRule.objects.filter(here, basis__in=bases, is_special=matter.is_special).select_related("street")
    held = {rule.basis: rule for rule in sorted(rules, key=lambda rule: rule.street is not None)}
    return [held[basis] for basis in bases if basis in held and held[basis].is_active]


def rule_for(matter: Matter | None, basis: str, place: Grid) -> VoteRule:
    """Raises ValidationError at `basis`: this is not voted on in this way there."""
    for rule in rules_for(matter, place):
        if rule.basis == basis:
            return rule
    body = matter.get_body_display() if matter else "协商一致"
    raise ValidationError({"basis": f"{body}不是这样表决的，请另选。"})
