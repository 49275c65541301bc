"""Addresses: which door a text names, choosing one, what is shown of it to everybody."""
