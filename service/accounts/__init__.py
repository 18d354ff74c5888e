"""Calls about people, systems and sessions."""
