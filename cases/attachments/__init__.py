"""Photos of a case: taken in clean, the large ones by the worker."""
