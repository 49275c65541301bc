"""How messages leave the outbox: on the site at once, out of the house by the first way that takes them."""
