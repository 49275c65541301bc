"""The rows of bench/engine.py, one function each: acts (5), pages (6, 7, 8), filing (1-4), many (10), trees (11), start
(9, 12). What is counted stands in the docstring of its function."""
