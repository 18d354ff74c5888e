"""The audit as an administrator reads it."""
