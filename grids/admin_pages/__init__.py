"""The staff's desk for posts, and the tables of doors and posts."""
