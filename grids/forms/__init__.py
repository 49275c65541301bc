"""What the staff's desk asks for when it changes the tree, posts and doors, and fields that rooms share."""
