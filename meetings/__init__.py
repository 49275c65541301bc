"""People meet: rooms booked, activities with seats, a waiting list and check-in."""
