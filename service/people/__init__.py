"""People and systems: passwords, sessions and keys."""
