"""What staff keep in lists of this room."""
