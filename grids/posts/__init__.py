"""Posts: given and ended; who hears of alarms."""
