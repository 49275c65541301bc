"""Pages of volunteers and of everybody, one file a concern."""
