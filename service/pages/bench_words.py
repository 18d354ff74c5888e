"""Refusals in words for the bench; programs get what was expected and what was found."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from service.analyses.refusals import (
    AdministratorSigns,
    FinalBefore,
    FindingCame,
    FindingUnanswered,
    NotPerformed,
    NotReleased,
    NumberRejected,
    ResultHidden,
    RoleMissing,
    RunNotUsed,
    SameSigner,
    SecondPersonNeeded,
    SignedOtherwise,
    SignerElsewhere,
)
from service.pages.bench_asked import ASKED
from service.pages.bench_files import FILES
from service.people.signing_in import SignInRefused
from service.people.who import NotAllowed, RequestForged
from service.principal import SCOPES, Role, Scope
from service.store.analysis import State
from service.store.heads import NotFound
from service.store.signatures import AnsweredAlready, SignedAlready

_ACTS: Final = {
    Scope.QUANTIFY: "measures files without keeping them",
    Scope.READ: "looks at what is stored",
    Scope.ANALYSE: "works at the bench",
    Scope.MANAGE: "keeps lots, instruments and studies",
    Scope.RECALCULATE: "measures stored samples again",
    Scope.ADMINISTER: "makes people and keys and reads the audit",
}
_ENDED: Final = {
    State.FINAL: "It is signed and released.",
    State.REJECTED: "It is signed as rejected.",
    State.NO_RESULT: "There is no number to sign.",
}
_KINDS: Final = {
    "analysis": ("sample", "Look for it in the worklist."),
    "reception": ("tube", "Scan it on the worklist."),
    "calibration": ("run", "The last runs are on the worklist."),
    "user": ("person", "Look for them under Users."),
}


def bench_words(error: Exception) -> str | None:
    """Return a refusal as the bench reads it; None where its own sentence is one for people."""
    said = next((_SAID[kind] for kind in type(error).__mro__ if kind in _SAID), None)
    return None if said is None else said(error)


def _not_allowed(error: NotAllowed) -> str:
    roles = [f"a {role}" if role is not Role.ADMINISTRATOR else "an administrator"
             for role in Role if error.scope in SCOPES[role]]  # fmt: skip
    who = " or ".join(roles)
    return f"This is not for you: {who} {_ACTS[error.scope]}. Ask one of them."


def _not_found(error: NotFound) -> str:
    if error.kind == "subject":  # people typed it
        return (
            f"Nothing has left of “{error.id}”, or it is not for you to see. Look at how the id "
            "is written on the tube."
        )
    name, where = _KINDS.get(error.kind, (error.kind, "Look at what there is in its list."))
    return f"There is no such {name} here, or it is not one that you may see. {where}"


def _ended(error: SignedOtherwise) -> str:
    words = _ENDED.get(error.state, "It is signed.")
    return f"{words} A change makes a new version, which is then signed anew."


def _role(error: RoleMissing) -> str:
    return f"Only a {' or a '.join(error.roles)} can {error.act}."


_SAID: Final[Mapping[type[Exception], Callable[[Any], str]]] = {
    **FILES,
    **ASKED,
    NotAllowed: _not_allowed,
    NotFound: _not_found,
    SignedOtherwise: _ended,
    RoleMissing: _role,
    FinalBefore: lambda _: (
        "Two people have decided on this tube before, so one alone gives out nothing in its "
        "place. Sign as performed, and have it reviewed."
    ),
    SameSigner: lambda _: "You signed it as performed: somebody else reviews it.",
    NotPerformed: lambda _: "It is signed as performed first, then reviewed.",
    SignedAlready: lambda error: (
        f"{error.by} has signed this version so before. A change makes a new version, which is "
        "then signed anew."
    ),
    AnsweredAlready: lambda _: "Somebody has answered for this finding. Comment when you sign.",
    AdministratorSigns: lambda _: (
        "An administrator signs nothing. A technician or a reviewer does."
    ),
    NumberRejected: lambda _: (
        "The findings reject this number. Measure or gate again, or sign it as rejected."
    ),
    FindingUnanswered: lambda error: (
        f"Nobody has answered for {', '.join(error.findings)}. Answer for it first, or put right "
        "what it speaks of."
    ),
    FindingCame: lambda error: (
        f"A finding came since you looked: {', '.join(error.findings)}. Read what is marked here, "
        "and type your password again if you still stand for it."
    ),
    SignerElsewhere: lambda _: "Somebody of the laboratory, or of the site of the tube, signs it.",
    ResultHidden: lambda _: "The study hides this result from its sites. Ask the laboratory.",
    SecondPersonNeeded: lambda _: "Two people sign here. Sign as performed; then somebody reviews.",
    NotReleased: lambda _: (
        "Nothing had been given out by then that could be told. Correct the time, or sign it first."
    ),
    RunNotUsed: lambda _: (
        "This is said once for the whole run, with the quality of its instrument, by a reviewer."
    ),
    SignInRefused: lambda _: (
        "Name and password do not belong together. Type them again; capitals count in the password."
    ),
    RequestForged: lambda _: (
        "This form is out of date. Load the page again, and send it once more."
    ),
}
