"""What moves a case: turns, acts, routing, who is told, and the rules all of them keep."""
