"""What the pages and arrows of disputes ask for."""
