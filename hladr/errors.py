"""The root of everything `hladr` raises on purpose; a leaf lives beside the code that raises it."""

from typing import Any, ClassVar, Self


class HladrError(Exception):
    """Root of everything `hladr` raises on purpose.

    A leaf keeps its facts as attributes, has a stable `code`, and writes its own sentence:
    what was expected, what was found, what to do.
    """

    code: ClassVar[str] = "HLADR_ERROR"

    def about(self, file: str) -> Self:
        """Return the same error with the file it is about, named before its sentence."""
        if file in str(self):
            return self
        named = type(self).__new__(type(self), f"{file}: {self}")
        named.__dict__.update(self.__dict__, file=file)
        return named

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the way out of a worker process, facts included."""
        return _revive, (type(self), self.args, self.__dict__)


def _revive(kind: type[HladrError], args: tuple[str, ...], facts: dict[str, object]) -> HladrError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error
