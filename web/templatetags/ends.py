"""The end of a period on a page: web/period_ends.py says how."""

from datetime import date, datetime

from django import template

from web import period_ends as ends

register = template.Library()


@register.filter
def last_day(until: datetime | None) -> date | None:
    """ "{{ post.until_at|last_day|date:"Y年n月j日" }}"."""
    return ends.last_day(until) if until else None


@register.filter
def until(moment: datetime | None, form: str) -> str:
    """ "{{ notice.until_at|until:"n月j日 H:i" }}"."""
    return ends.end_in_words(moment, form) if moment else ""
