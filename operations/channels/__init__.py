"""How messages leave the house, for who looks after the system: what was sent, and by which templates."""
