"""Forms that could not be taken: kept with their files, and given back."""
