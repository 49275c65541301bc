"""公约: drafted clause by clause, adopted by a vote."""
