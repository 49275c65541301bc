"""The second tree, of the 五长."""
