"""The five-level grid: the tree, the posts on it, who covers what, which door belongs to which grid."""
