"""Ways from a page to pages of rooms above its own."""

from typing import Any

from django import template

from web import menu

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_from(context: dict[str, Any], page: str) -> list[menu.Entry]:
    """What rooms above offer whoever reads the page of this name."""
    return list(menu.offered(context["request"], page))
