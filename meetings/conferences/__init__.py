"""联席会议: called, held, minuted, and what became of what was resolved."""
