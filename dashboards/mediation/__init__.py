"""Figures of mediation in one year: by type, place and month, and how agreements are kept."""
