"""The studies that subjects belong to."""
