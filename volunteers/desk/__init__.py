"""The community's desk for volunteering, one file a concern."""
