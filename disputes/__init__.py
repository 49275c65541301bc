"""The dispute loop: three-level mediation. This room is reserved on the floor plan; nothing is built in it yet."""
