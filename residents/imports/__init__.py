"""Tables of requests from hotlines, taken in."""
