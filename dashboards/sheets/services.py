"""A person's own word to their sheet."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from dashboards.figures.periods import Period
from dashboards.models import SheetComment
from web.text import tidy

MAX_WORDS = 500


def comment(*, person: User, period: Period, words: str, at: datetime) -> None:
    """Beside the sheet of that period, for whoever reads it. Given anew it stands instead; empty it is taken back.

    Raises ValidationError at `words`: too long."""
    words = tidy(words)
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": f"最多 {MAX_WORDS} 字，您写了 {len(words)} 字。"})
    of: dict[str, Any] = {"person": person, "span": period.code, "first": period.first}
    if words:
        SheetComment.objects.update_or_create(**of, defaults={"words": words, "at": at})
    else:
        SheetComment.objects.filter(**of).delete()
