"""Stored calibrations as samples need them: the curve, with the bead file behind it."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from calibration.curve import StandardCurve
from calibration.errors import CalibrationError
from calibration.record import curve_to_dict
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.errors import HladrError
from service.archive.archive import Archive, FileDamaged, FileLost
from service.canonical import canonical, sha256_of
from service.measuring.opened import opened_whole

_KEPT = 16


class Curves:
    """Bead tubes of stored calibrations; the last few are kept.

    Parameters
    ----------
    archive
        Where their files lie.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._kept: OrderedDict[tuple[str, str, str], BeadRun | StandardCurve] = OrderedDict()
        self._changing = Lock()

    def of(
        self, file: tuple[str, str], curve: StandardCurve, assay: AssayDefinition
    ) -> BeadRun | StandardCurve:
        """Return a stored curve, with its bead tube where that still gives it.

        Without the tube a sample is judged by the curve alone, as by one that was saved.

        Parameters
        ----------
        file
            SHA-256 and name of the bead file.
        """
        key = file[0], sha256_of(canonical(curve_to_dict(curve))), assay.sha256
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            made = self._made(file, curve, assay)
        except (FileLost, FileDamaged):
            return curve  # not kept: whole again, the file gives its tube
        with self._changing:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(
        self, file: tuple[str, str], stored: StandardCurve, assay: AssayDefinition
    ) -> BeadRun | StandardCurve:
        sha256, name = file
        path = self._archive.path(sha256)
        try:
            run = calibrate_beads(opened_whole(path, name), stored.lot, assay=assay)
        except FileDamaged:
            raise
        except (CalibrationError, HladrError):
            return stored
        same = curve_to_dict(run.curve) == curve_to_dict(stored)
        return replace(run, curve=stored) if same else stored
