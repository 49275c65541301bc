"""Open data: figures that anybody may take away."""
