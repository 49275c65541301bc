"""The ways to sign in, and what hangs on them: codes, passwords, second factor, devices, sessions, what was agreed to."""
