"""Who asks: a person who signed in or a system with a key, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """A kind of thing that may be asked for.

    ├── QUANTIFY      numbers from files, nothing stored
    ├── READ          what is stored
    ├── ANALYSE       beads and samples in; gates, context, answers
    ├── MANAGE        instruments, lots, studies
    ├── RECALCULATE   stored analyses again
    └── ADMINISTER    users, keys, audit, unblinding
    """

    QUANTIFY = "quantify"
    READ = "read"
    ANALYSE = "analyse"
    MANAGE = "manage"
    RECALCULATE = "recalculate"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a person is in the laboratory."""

    TECHNICIAN = "technician"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


_BENCH = frozenset({Scope.QUANTIFY, Scope.READ, Scope.ANALYSE})
SCOPES = {
    Role.TECHNICIAN: _BENCH,
    Role.REVIEWER: _BENCH | {Scope.MANAGE, Scope.RECALCULATE},
    Role.ADMINISTRATOR: frozenset({Scope.READ, Scope.MANAGE, Scope.RECALCULATE, Scope.ADMINISTER}),
}
"""What each role may ask for. An administrator does not work on samples: whoever can make a user
should not be able to sign in their place."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Parameters
    ----------
    id
        Of the user or of the key.
    name
        As it stands in the audit: the user's name, or the label of a key after ``key:``.
    scopes
        What they may ask for.
    user_id
        The person; None for a system.
    site
        The site they belong to; None: the laboratory, which sees every site.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    user_id: str | None
    site: str | None

    def may(self, scope: Scope) -> bool:
        """Whether this may be asked for."""
        return scope in self.scopes
