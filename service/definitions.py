"""Assays and criteria by name: those of the package, and those of the laboratory's own folder.

Never by path: a name comes from a client.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection

from hladr.assay.definition import AssayDefinition
from hladr.assay.loading import ASSAYS
from hladr.assay.parsing import parse_assay
from hladr.criterion.definition import Criterion
from hladr.criterion.loading import CRITERIA
from hladr.criterion.parsing import parse_criterion
from hladr.definitions.kind import Defined, DefinitionKind
from service.errors import ServiceError
from service.store.definitions import StoredDefinition, by_sha256

DEFAULT_ASSAY = "quantibrite-340827"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FOLDERS = {"assay": "assays", "criterion": "criteria"}


class DefinitionUnknown(ServiceError):
    """There is no assay or criterion of this name."""

    code: ClassVar[str] = "DEFINITION_UNKNOWN"
    status: ClassVar[int] = 422

    def __init__(self, *, kind: str, name: str, known: tuple[str, ...]) -> None:
        self.kind, self.name, self.known = kind, name, known
        super().__init__(f"expected one of {', '.join(known)}; found {kind} {name[:80]!r}.")


@dataclass(frozen=True, slots=True)
class Definitions:
    """All definitions that results may rest on.

    Parameters
    ----------
    folder
        Of the laboratory's own: ``assays/NAME.toml``, ``criteria/NAME.toml``; None: there are none.
    """

    folder: Path | None

    def assay(self, name: str) -> tuple[AssayDefinition, StoredDefinition]:
        """Return an assay, and how it is kept.

        Raises
        ------
        DefinitionUnknown
        InvalidAssay
            A file of the laboratory's own is not as it must be.
        """
        return self._found(ASSAYS, name)

    def criterion(self, name: str) -> tuple[Criterion, StoredDefinition]:
        """Return a criterion, and how it is kept.

        Raises
        ------
        DefinitionUnknown
        InvalidCriterion
            A file of the laboratory's own is not as it must be.
        """
        return self._found(CRITERIA, name)

    def _found(self, kind: DefinitionKind[Defined], name: str) -> tuple[Defined, StoredDefinition]:
        content = self._content(kind, name)
        found = kind.parse_own(content, name)
        return found, StoredDefinition(
            found.sha256, kind.word, found.name, found.version, content.decode()
        )

    def _content(self, kind: DefinitionKind[Any], name: str) -> bytes:
        if name in kind.names:
            return kind.built_in_content(name)
        own = self._own(kind.word)
        if not _NAME.fullmatch(name) or name not in own:
            known = (*kind.names, *sorted(own))
            raise DefinitionUnknown(kind=kind.word, name=name, known=known)
        return kind.content(own[name])

    def _own(self, word: str) -> dict[str, Path]:
        if self.folder is None:
            return {}
        return {path.stem: path for path in (self.folder / _FOLDERS[word]).glob("*.toml")}


def assay_of(stored: StoredDefinition) -> AssayDefinition:
    """Return an assay as it was kept."""
    return _assay(stored.content, stored.name)


@lru_cache(maxsize=64)
def _assay(content: str, name: str) -> AssayDefinition:
    return parse_assay(content.encode(), source=name)


def criterion_of(stored: StoredDefinition) -> Criterion:
    """Return a criterion as it was kept."""
    return _criterion(stored.content, stored.name)


@lru_cache(maxsize=64)
def _criterion(content: str, name: str) -> Criterion:
    return parse_criterion(content.encode(), file=name)


def criterion_kept(connection: Connection, sha256: str) -> Criterion:
    """Return the criterion that a result rests on.

    Raises
    ------
    NotFound
    """
    return criterion_of(by_sha256(connection, sha256))
