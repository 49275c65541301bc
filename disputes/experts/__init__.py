"""专家团: who is in it, their hours, bookings, consultations (a kind of case of their own)."""
