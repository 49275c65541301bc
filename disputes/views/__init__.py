"""Pages of disputes: for parties, for who mediates, for papers."""
