"""The outbox: every message to a person is a row first, then delivered by its channel. Knows no rule of the field."""
