"""Which rules hold for a matter now."""

from django.core.exceptions import ValidationError

from meetings.models import Matter, VoteRule
from meetings.quorum import BASES, Body


def rules_for(matter: Matter | None) -> list[VoteRule]:
    """The ways in which this matter may be voted on, the usual one first."""
    if matter is None:
        return []
    bases = BASES[Body(matter.body)]
    found = VoteRule.objects.filter(basis__in=bases, is_special=matter.is_special, is_active=True)
    return sorted(found, key=lambda rule: bases.index(rule.basis))


def rule_for(matter: Matter | None, basis: str) -> VoteRule:
    """Raises ValidationError at `basis`: this is not voted on in this way."""
    for rule in rules_for(matter):
        if rule.basis == basis:
            return rule
    body = matter.get_body_display() if matter else "协商一致"
    raise ValidationError({"basis": f"{body}不是这样表决的，请另选。"})
