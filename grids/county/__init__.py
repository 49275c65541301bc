"""The county: its official divisions, its shapes on the map, what is near to what."""
