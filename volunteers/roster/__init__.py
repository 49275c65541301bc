"""Tables of volunteers, taken in."""
