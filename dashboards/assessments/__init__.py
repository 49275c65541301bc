"""考核: sets of indicators, reviews, scores, appeals, plans."""
