"""Figures: what is counted, how it is kept and proved, what one level of the tree sees of it."""
