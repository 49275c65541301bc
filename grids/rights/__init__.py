"""What a person's posts cover and allow."""
