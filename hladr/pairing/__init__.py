"""Blood tubes of a folder paired with the beads of their instrument, day and settings.

    paths, closed = fcs_files("archive")
    examined = [examine(path, rules, assay) for path in paths]
    pairing = pair_tubes(examined, rules, assay.settings)

What to use when: `fcs_files` for the files of a folder, `examine` to tell beads from blood,
`pair_tubes` for all of them, `Beads` for the beads of one blood tube. Nothing is guessed: what is
not sure is left out, with the reason.
"""

from hladr.pairing.errors import InvalidPairingRules
from hladr.pairing.folder import fcs_files
from hladr.pairing.left_out import HARMLESS, LeftOut, Reason
from hladr.pairing.lots import LotPeriod
from hladr.pairing.nearest import Beads
from hladr.pairing.pairing import Pair, Pairing, pair_tubes
from hladr.pairing.rules import PairingRules, checked_lot, default_rules, load_rules
from hladr.pairing.tube import Role, Tube, examine

__all__ = [
    "HARMLESS",
    "Beads",
    "InvalidPairingRules",
    "LeftOut",
    "LotPeriod",
    "Pair",
    "Pairing",
    "PairingRules",
    "Reason",
    "Role",
    "Tube",
    "checked_lot",
    "default_rules",
    "examine",
    "fcs_files",
    "load_rules",
    "pair_tubes",
]
