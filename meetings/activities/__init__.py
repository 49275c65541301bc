"""Activities: what there is, signing up, signing in on the day."""
