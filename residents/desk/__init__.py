"""The community's desk: registering, sorting, slips to sign in with, days of birth."""
