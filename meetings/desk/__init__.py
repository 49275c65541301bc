"""The pages of those who run centres and activities, and of those who read figures."""
