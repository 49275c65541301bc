"""Figures of volunteering: of an area, by community, month, unit and team."""
