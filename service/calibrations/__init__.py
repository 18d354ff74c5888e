"""Bead tubes and their curves."""
