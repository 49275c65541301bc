"""What admin pages of every room share."""
