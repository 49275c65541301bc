"""履职单: what stands on a person's own sheet and on a unit's card."""
