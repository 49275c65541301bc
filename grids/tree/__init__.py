"""The party tree: its only writer, its numbers, who is told when it changes, what it is missing."""
