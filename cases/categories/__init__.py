"""The tree of categories of a kind of case."""
