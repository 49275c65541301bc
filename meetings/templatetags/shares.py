from django import template

register = template.Library()


@register.filter
def percent(part: float | None) -> str:
    """ "98.99%"; "—" where there is nothing to divide."""
    return "—" if part is None else f"{part:.2%}"
