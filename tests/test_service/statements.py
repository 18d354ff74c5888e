"""Statements put into SQL once for all databases of a kind: an engine does it for itself alone."""

from service.store import engine


class Statements:
    """What was put into SQL, by the name of the dialect."""

    def __init__(self):
        self._known = {}

    def engine_of(self, url):
        """The engine of a database, which knows what was put into SQL for the others."""
        made = engine.engine_of(url)
        known = self._known.setdefault(made.dialect.name, OfOneDialect())
        made.update_execution_options(compiled_cache=known)
        return made


class OfOneDialect(dict):
    """The same whichever object of its dialect, the first part of a key, puts it into SQL."""

    def get(self, key, default=None):
        return super().get(key[1:], default)

    def __setitem__(self, key, statement):
        super().__setitem__(key[1:], statement)
