"""Backups: a copy of database and files that can be checked, and what becomes of it again."""
