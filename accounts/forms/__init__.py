"""What the pages of accounts ask for, and fields for people that all rooms use."""
