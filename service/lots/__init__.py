"""The bead lots of a laboratory."""
