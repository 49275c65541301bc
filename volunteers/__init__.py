"""The volunteer loop: three lists and dispatch. This room is reserved on the floor plan; nothing is built in it yet."""
