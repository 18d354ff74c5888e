"""What a form does, in words for whoever is to send it once more."""

import re
from typing import Final

_DOES: Final = tuple(
    (re.compile(address), words)
    for address, words in (
        (r"/samples/[^/]+/gates", "Change the gates of a sample, which changes its number"),
        (r"/samples/[^/]+/tube", "Describe the tube of a sample anew"),
        (r"/samples/[^/]+/signatures", "Sign a sample"),
        (r"/samples/[^/]+/answers", "Answer for a finding of a sample"),
        (r"/samples/[^/]+/notices", "Note who was told of a sample by telephone"),
        (r"/receptions", "Note a tube that has come"),
        (r"/receptions/[^/]+", "Describe a tube that waits anew"),
        (r"/receptions/[^/]+/(closing|outcome)", "Note that a tube gives no number"),
        (r"/runs/new", "Measure beads; their file is to be chosen again"),
        (r"/runs/[^/]+", "Measure a tube of blood; its file is to be chosen again"),
        (r"/lots/new", "Register a lot"),
        (r"/lots/[^/]+", "Correct a lot"),
        (r"/lots/[^/]+/recalculation", "Measure again what rests on a lot"),
        (r"/recalculations/[^/]+/cancellation", "Cancel a recalculation"),
        (r"/instruments/new", "Register an instrument"),
        (r"/instruments/[^/]+", "Describe an instrument anew"),
        (r"/studies", "Register a study"),
        (r"/studies/[^/]+/subjects", "Note when a subject was randomised"),
        (r"/studies/[^/]+/unblinding", "Let everybody see the results of a study"),
        (r"/users/new", "Register a person"),
        (r"/users/[^/]+", "Describe a person anew, with what they may do"),
        (r"/keys/new", "Make a key"),
        (r"/keys/[^/]+/revocation", "Make a key useless"),
        (r"/quality/[^/]+/baseline", "Lock a baseline of an instrument"),
        (r"/quality/[^/]+/by-hand", "Set a baseline of an instrument by hand"),
        (r"/quality/[^/]+/services", "Note that an instrument was serviced"),
        (r"/quality/[^/]+/rules", "Switch a rule of quality control"),
        (r"/quality/[^/]+/uses", "Let a run be used for patients in spite of its quality control"),
        (r"/quality/[^/]+/withdrawals", "Take back an entry of the log of quality"),
        (r"/patients/.+/eligibility", "Sign a record of eligibility"),
        (r"/account", "Change your password"),
        (r"/audit", "Follow the chain of the audit"),
    )
)


def doing(address: str) -> str:
    """Return what a form that is sent to an address does."""
    found = (words for pattern, words in _DOES if pattern.fullmatch(address))
    return next(found, "Send a form")
