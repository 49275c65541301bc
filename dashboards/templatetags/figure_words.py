"""Numbers as they are read: "4,332"."""

from django import template

from dashboards.figures.sums import number

register = template.Library()
register.filter("number", number)
