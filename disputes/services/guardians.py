"""Minors come with a guardian (民法典 19, 23): when they are taken down, when they are willing, when they agree and sign."""

from datetime import datetime

from django.core.exceptions import ValidationError

from disputes.models import Party

MISSING = "未满十八周岁，要有监护人陪同。请先在“文书”的当事人基本情况里写明监护人。"


def check_tick(party: Party, at: datetime) -> None:
    """Raises ValidationError at `is_said_minor`: the day of birth says otherwise."""
    if party.is_said_minor and not party.is_minor_at(at):
        raise ValidationError({"is_said_minor": "按出生日期已满十八周岁，不用勾选未成年人。"})


def check_guardian(party: Party, at: datetime) -> None:
    """Raises ValidationError at `guardian`: a minor has none."""
    if party.is_minor_at(at) and not party.guardian.strip():
        raise ValidationError({"guardian": "未成年人要由监护人陪同，请写明监护人。"})


def without_guardian(party: Party, at: datetime) -> str:
    """Why this party cannot say yes now; "" when they can. Whoever has come of age needs nobody."""
    return f"{party.title}{MISSING}" if party.is_minor_at(at) and not party.guardian.strip() else ""
