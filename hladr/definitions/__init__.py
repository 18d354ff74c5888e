"""Definition files of every kind: read within bounds, strictly, by name or by path."""
