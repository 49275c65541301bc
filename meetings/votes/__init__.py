"""Votes: who has a voice, what is enough, the urn, the count."""
