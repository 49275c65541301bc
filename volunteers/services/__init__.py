"""What may be done in this room, one file a concept. Every write goes through here."""
