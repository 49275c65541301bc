"""What is written in this room besides figures: sets of indicators, reviews, scores, appeals, plans."""
