"""Tubes that have come, and wait to be stained and measured."""
