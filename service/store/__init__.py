"""What is kept, in SQLite or PostgreSQL: the tables, and all SQL of the service."""
