"""Subjects over time: what has left of them, their course, and which arm they may enter."""
