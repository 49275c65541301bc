"""Time limits: counted on the calendar, chosen by the rules of staff, run on a case."""
