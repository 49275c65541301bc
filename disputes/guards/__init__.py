"""What must be so before an arrow of a dispute is drawn. Pure."""
