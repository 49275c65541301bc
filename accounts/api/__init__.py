"""Signing in from an app, one's own account and devices. A token is the key of a session: the rules of sessions hold for
apps as they do for browsers (accounts/sign_in/sessions.py)."""
