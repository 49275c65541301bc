"""Figures of volunteering, and the rows behind each."""
