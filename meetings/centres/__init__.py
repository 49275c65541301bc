"""Centres as residents use them: the nearest, rooms to book, how much is used."""
