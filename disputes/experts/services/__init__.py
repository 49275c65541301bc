"""What may be done about experts and consultations. Every write goes through here."""
