"""The same over HTTP: FastAPI, database, pages for the bench."""
