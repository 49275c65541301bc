"""People who sign in, how they sign in, and what the portal may know of them. Imports nothing of ours."""
