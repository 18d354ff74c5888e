"""The beads of a day: one tube for many samples, calibrated once for each detector they use."""

from calibration import BeadLot, CalibrationError
from hladr.assay import AssayDefinition
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.errors import HladrError
from hladr.fcs import EventTable
from hladr.panel import stained_channel

Made = BeadRun | CalibrationError | HladrError


class BeadRuns:
    """Curves of one bead tube by the detector of the sample.

    Parameters
    ----------
    beads, lot
        The bead tube and its lot.
    assay
        How channels are recognised.
    """

    def __init__(self, beads: EventTable, lot: BeadLot, assay: AssayDefinition) -> None:
        self._beads, self._lot, self._assay = beads, lot, assay
        self._made: dict[str, Made] = {}

    def of(self, sample: EventTable) -> BeadRun:
        """Bead run for the detector that a sample has HLA-DR on.

        Raises
        ------
        HladrError, CalibrationError
            The sample has no such detector, or the beads give no curve on it; the latter is the
            same error every time.
        """
        channel = stained_channel(sample, "hla_dr", self._assay.channels["hla_dr"])
        made = self._made.get(channel.name)
        if made is None:
            try:
                made = calibrate_beads(self._beads, self._lot, assay=self._assay, detector=channel)
            except (CalibrationError, HladrError) as error:
                made = error
            self._made[channel.name] = made
        if isinstance(made, BeadRun):
            return made
        raise made
