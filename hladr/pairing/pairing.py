"""Every blood tube of a folder with its beads and their lot; what is left over, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hladr.assay import SettingLimits
from hladr.pairing.copies import Content, sha256_of, without_copies
from hladr.pairing.left_out import HARMLESS, LeftOut, Reason
from hladr.pairing.lots import lot_of
from hladr.pairing.nearest import Beads
from hladr.pairing.rules import PairingRules
from hladr.pairing.tube import Role, Tube


@dataclass(frozen=True, slots=True)
class Pair:
    """A blood tube and what it is to be measured with.

    Parameters
    ----------
    blood, beads
        The two tubes.
    lot
        The assigned values in one line, or the absolute path of a lot file.
    subject
        As the rules read it from the file name; empty where they do not.
    """

    blood: Tube
    beads: Tube
    lot: str
    subject: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """What became of the files of a folder, each in the order of the paths given."""

    pairs: tuple[Pair, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def complete(self) -> bool:
        """Whether no blood can be missing among the pairs."""
        return all(each.reason in HARMLESS for each in self.left_out)


def pair_tubes(
    examined: Iterable[Tube | LeftOut],
    rules: PairingRules,
    limits: SettingLimits,
    content: Content = sha256_of,
) -> Pairing:
    """Pair the blood tubes of a folder.

    Parameters
    ----------
    examined
        Files as `examine` tells them.
    rules
        Which lot was used when, and where the subject stands.
    limits
        How far beads and blood may be apart in time and settings.
    content
        Gives the hash of a file, for one who knows it already; None when it cannot be read.
    """
    files = list(examined)
    tubes, copies = without_copies((each for each in files if isinstance(each, Tube)), content)
    left_out = {each.path: each for each in (*files, *copies) if isinstance(each, LeftOut)}
    beads = Beads((tube for tube in tubes if tube.role is Role.BEADS), limits)
    pairs = []
    for tube in tubes:
        if tube.role is Role.BLOOD:
            found = _paired(tube, beads, rules)
            if isinstance(found, Pair):
                pairs.append(found)
            else:
                left_out[tube.path] = found
    used = {pair.beads.path for pair in pairs}
    for tube in tubes:
        if tube.role is Role.BEADS and tube.path not in used:
            left_out[tube.path] = LeftOut(tube.path, Reason.UNUSED, "no blood is paired with it")
    ordered = (left_out[each.path] for each in files if each.path in left_out)
    return Pairing(tuple(pairs), tuple(ordered))


def _paired(blood: Tube, beads: Beads, rules: PairingRules) -> Pair | LeftOut:
    nearest = beads.nearest(blood)
    if isinstance(nearest, LeftOut):
        return nearest
    assert nearest.acquired_at is not None  # noqa: S101 - what is near has a time
    day = nearest.acquired_at.date()
    lot = lot_of(day, rules.lots)
    if lot is None:
        detail = f"the rules name no lot for {day}, the day of its beads {nearest.path}"
        return LeftOut(blood.path, Reason.NO_LOT, detail)
    return Pair(blood, nearest, lot, rules.subject_of(Path(blood.path).name))
