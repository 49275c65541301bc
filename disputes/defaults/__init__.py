"""What a new portal starts with in this room."""
