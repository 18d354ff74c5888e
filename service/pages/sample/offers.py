"""What a person can sign a version as now, and why not as something else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.analyses.refusals import RoleMissing, SignedOtherwise, SigningRefused
from service.analyses.signing_rules import Signing, state_after
from service.analyses.standing import Standing
from service.pages.refusal import sentence_of
from service.pages.sample.opened import Opened
from service.pages.sample.questions import Question, questions_of
from service.pages.sample.words import MEANINGS, leads_to
from service.principal import Role
from service.store.analysis import State
from service.store.signatures import Meaning
from service.store.users import User

_OF_TWO = (Meaning.REVIEWED, Meaning.PERFORMED, Meaning.PRELIMINARY)
_OF_ONE = (Meaning.PERFORMED_ALONE, Meaning.PRELIMINARY)
_ENDED = frozenset({State.FINAL, State.REJECTED})
_SOME = "-"  # in the place of a comment: whether one is needed is said apart


@dataclass(frozen=True, slots=True)
class Offer:
    """A signature that a person can give: its button, what it says, where it leads."""

    meaning: Meaning
    button: str
    says: str
    leads: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A signature that they cannot give, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """What can be signed by somebody.

    Parameters
    ----------
    offers
        Signatures that give the number out, or lead there; the first is the one that is due.
    rejection
        None: it cannot be rejected by them.
    closed
        What they cannot sign.
    questions
        What must be said to sign.
    """

    offers: tuple[Offer, ...]
    rejection: Offer | None
    closed: tuple[Closed, ...]
    questions: tuple[Question, ...]


def sign_off(opened: Opened, user: User, undrawn: str, *, two_person: bool) -> SignOff:
    """Return what a person can sign the opened version as.

    Parameters
    ----------
    undrawn
        Why nobody can look at the number; empty where its figures are drawn.
    """
    standing = opened.standing
    tried = [
        (each, _refusal(standing, user, each) or undrawn or None)
        for each in _meanings(two_person=two_person)
    ]
    replaces = opened.replaces
    return SignOff(
        offers=tuple(_offer(each, replaces) for each, refused in tried if refused is None),
        rejection=None
        if _refusal(standing, user, Meaning.REJECTED) is not None
        else _offer(Meaning.REJECTED, replaces),
        closed=tuple(_closed(opened, tried)),
        questions=questions_of(opened),
    )


def by_another(opened: Opened, user: User, undrawn: str, *, two_person: bool) -> SignOff:
    """Return what somebody else could sign it as, at the same browser: one who may do all."""
    somebody = replace(user, id="", roles=frozenset({Role.TECHNICIAN, Role.REVIEWER}), site=None)
    return sign_off(opened, somebody, undrawn, two_person=two_person)


def _meanings(*, two_person: bool) -> tuple[Meaning, ...]:
    """Signatures that the rule of the laboratory knows; a rejection stands by itself."""
    return _OF_TWO if two_person else _OF_ONE


def _refusal(standing: Standing, user: User, meaning: Meaning) -> str | None:
    """Return why a person cannot sign as something; None if they can."""
    there = standing.said.signed(standing.analysis.version).get(meaning)
    try:
        state_after(Signing(standing, user, meaning, _SOME))
    except RoleMissing as error:
        return f"That is for a {' or '.join(error.roles)}; you are none."
    except SigningRefused as error:
        return sentence_of(error)
    return None if there is None else f"{there.full_name} has signed it so."


def _offer(meaning: Meaning, replaces: int | None) -> Offer:
    words = MEANINGS[meaning]
    return Offer(meaning, words.button, words.says, leads_to(meaning, replaces))


def _closed(opened: Opened, tried: list[tuple[Meaning, str | None]]) -> Iterator[Closed]:
    """Why something cannot be signed, each reason once; what is signed is not to be signed."""
    state = opened.analysis.state
    if state in _ENDED:
        yield Closed("Nothing more to sign", sentence_of(SignedOtherwise(state=state)))
        return
    names: dict[str, list[str]] = {}
    for meaning, why in tried:
        if why is not None:
            names.setdefault(why, []).append(meaning.replace("_", ", "))
    for why, those in names.items():
        yield Closed(", ".join(those).capitalize(), why)
