"""What desks of this room share."""
