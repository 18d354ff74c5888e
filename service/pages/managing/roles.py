"""What people are in the laboratory, in words for whoever chooses."""

from typing import Final

from service.principal import Role, Scope

ROLES: Final = {
    Role.TECHNICIAN: "works at the bench: runs, samples, gates; signs as performed",
    Role.REVIEWER: "does all that, signs second, and keeps lots, instruments and studies",
    Role.ADMINISTRATOR: "makes people and keys, reads the audit; works on no sample, signs nothing",
}
"""Each role, and what it may do."""
SCOPES: Final = {
    Scope.QUANTIFY: "numbers from files; nothing is stored",
    Scope.READ: "see what is stored",
    Scope.ANALYSE: "send beads and samples; gates, tubes, answers",
    Scope.MANAGE: "instruments, lots, studies",
    Scope.RECALCULATE: "measure stored analyses again",
    Scope.ADMINISTER: "users, keys, the audit, unblinding",
}
"""Each scope, and what it is for."""
