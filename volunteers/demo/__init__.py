"""The demonstration of volunteering."""
