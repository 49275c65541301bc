"""What pages of this room ask for."""
