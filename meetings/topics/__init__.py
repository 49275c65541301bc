"""议题: proposed, talked over, voted on, carried out."""
