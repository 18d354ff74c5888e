"""Spillover of fluorochromes into detectors, as the file gives it, and compensation by it."""

import re
from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import FloatArray
from hladr.fcs.chain import detector_of
from hladr.fcs.channel import Channel
from hladr.fcs.errors import shown
from hladr.fcs.keywords import Keywords, integer_in, number_in
from hladr.fcs.sums import SumReader, WeightedSum
from hladr.fcs.table import EventTable
from hladr.kernels.inverse import inverse as inverse_of
from hladr.spillover_text import SpilloverError, entries_of, named_matrix, square

__all__ = ["Spillover", "SpilloverError", "already_compensated", "bare_detector"]

_MATRIX_KEYWORDS = ("$SPILLOVER", "SPILLOVER", "$SPILL", "SPILL")
# Instruments that subtract spillover themselves store 10 to 12 bits.
_FULL_RESOLUTION = 2.0**14
# Real spillover stays below a few hundred percent; a row divided by a mistyped diagonal does not.
_LARGEST_SHARE = 100.0
# A larger condition number loses half of a double's digits in the inverse.
_WORST_CONDITION = 1e8
_COMPENSATED = re.compile(
    r"(?:(?:fj)?comp[-_ .:]+(?P<prefixed>.+)|<(?P<bracketed>.+)>)", re.IGNORECASE
)
_PERCENT_KEYWORD = re.compile(r"\$DFC([0-9]{1,2})TO([0-9]{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Spillover:
    """Share of each fluorochrome's signal that every detector sees.

    Parameters
    ----------
    keyword
        Where the file gives it.
    detectors
        Channel names ($PnN) of the columns; the fluorochromes of the rows, in the same order.
    matrix
        Shape (n, n), rows = fluorochrome, columns = detector, unit diagonal.
    inverse
        Of `matrix`, shape (n, n).
    normalised
        Whether a diagonal other than 1 was divided out of the rows.
    mended
        What in the file's own words is not as the standard says, and was understood all the same.
    """

    keyword: str
    detectors: tuple[str, ...]
    matrix: FloatArray
    inverse: FloatArray
    normalised: bool
    mended: tuple[str, ...] = ()

    @property
    def is_identity(self) -> bool:
        """Whether it takes nothing from any detector."""
        return bool(np.array_equal(self.matrix, np.eye(len(self.detectors))))

    def share(self, dye: str, detector: str) -> float:
        """Share of one detector's dye that another sees; 0 for one not in the matrix."""
        place = {name.lower(): index for index, name in enumerate(self.detectors)}
        row, column = place.get(dye.lower()), place.get(detector.lower())
        return 0.0 if row is None or column is None else float(self.matrix[row, column])

    def compensated(self, table: EventTable, name: str | Channel) -> FloatArray:
        """One channel with the spillover of the others taken out, shape (n_events,), read-only.

        Only the columns that carry weight are read. A channel outside the matrix comes as it is.

        Parameters
        ----------
        table
            Uncompensated events.
        name
            Channel.

        Notes
        -----
        Measured rows are ``true @ matrix``, so ``true = measured @ inverse(matrix)``
        (Bagwell and Adams, Ann N Y Acad Sci 1993;677:167).
        """
        return SumReader.of(table, self.weighted(table, name)).between(0, table.n_events)

    def weighted(self, table: EventTable, name: str | Channel) -> WeightedSum:
        """Return the same channel as a sum of the table's detectors, not computed yet."""
        channel = table.channel(name) if isinstance(name, str) else name
        lower = [detector.lower() for detector in self.detectors]
        if channel.name.lower() not in lower:
            return WeightedSum.recorded(channel)
        weights = self.inverse[:, lower.index(channel.name.lower())]
        detectors = tuple(table.channel(detector) for detector in self.detectors)
        return WeightedSum(detectors, tuple(weights.tolist()))

    @classmethod
    def from_matrix(
        cls, detectors: tuple[str, ...], matrix: FloatArray, *, keyword: str = "matrix"
    ) -> "Spillover":
        """Return the spillover of a matrix, rows divided by their diagonal.

        Raises
        ------
        SpilloverError
            Not square, not finite, a diagonal not above 0, names repeated, or not invertible.
        """
        values = np.array(matrix, dtype=np.float64)
        n = len(detectors)
        if values.shape != (n, n) or n == 0:
            raise SpilloverError(keyword=keyword, found=f"{n} names for a shape {values.shape}")
        if len({detector.lower() for detector in detectors}) != n:
            raise SpilloverError(keyword=keyword, found="a channel named twice")
        if not np.isfinite(values).all():
            raise SpilloverError(keyword=keyword, found="numbers that are not finite")
        diagonal = np.diag(values).copy()
        if not np.all(diagonal > 0.0):
            raise SpilloverError(keyword=keyword, found="a diagonal that is not above 0")
        with np.errstate(over="ignore"):
            values /= diagonal[:, np.newaxis]
        if not np.all(np.abs(values) <= _LARGEST_SHARE):
            raise SpilloverError(keyword=keyword, found=f"shares above {_LARGEST_SHARE:g}")
        if np.linalg.cond(values) > _WORST_CONDITION:
            raise SpilloverError(keyword=keyword, found="a matrix that cannot be inverted")
        identity = np.array_equal(values, np.eye(n))
        inverse: FloatArray = values.copy() if identity else _inverse(values)
        values.flags.writeable = False
        inverse.flags.writeable = False
        return cls(keyword, tuple(detectors), values, inverse, bool(np.any(diagonal != 1.0)))

    @classmethod
    def from_table(cls, table: EventTable) -> "Spillover | None":
        """Return the spillover a file gives for its events, None where it gives none.

        ``$SPILLOVER``, ``SPILLOVER``, ``$SPILL`` or ``SPILL``; else ``$COMP``; else Beckman's
        percentages ``$DFCnTOm``. The full-resolution data set of an LMD file is not compensated,
        and takes what it does not say itself from the other. Percentages beside events of low
        resolution were subtracted by the instrument already, and give None.

        Raises
        ------
        SpilloverError
            What the file gives cannot be used.
        """
        for keywords in (table.keywords, table.companion):
            for keyword in _MATRIX_KEYWORDS:
                text = keywords.text(keyword)
                if text is not None:
                    named = named_matrix(table, keyword, text)
                    found = cls.from_matrix(named.detectors, named.values, keyword=keyword)
                    return replace(found, mended=named.mended)
        text = table.keyword("$COMP")
        return _from_percentages(table) if text is None else _from_comp(table, text)


def _inverse(matrix: FloatArray) -> FloatArray:
    return inverse_of(np.ascontiguousarray(matrix, np.float64))


def already_compensated(channel_name: str) -> bool:
    """Whether a name says it was compensated at export: ``Comp-``, ``FJComp-PE-A``, ``<PE-A>``."""
    return _COMPENSATED.fullmatch(channel_name.strip()) is not None


def bare_detector(name: str) -> str:
    """Return the detector behind a name: ``PE-A`` for ``Comp-PE-A``, ``<PE-A>`` and ``PE-A``."""
    found = _COMPENSATED.fullmatch(name.strip())
    return (found["prefixed"] or found["bracketed"]) if found else name.strip()


def _from_comp(table: EventTable, text: str) -> Spillover:
    """Return the spillover of ``$COMP`` (FCS 3.0): ``n,c11,…,cnn`` over all channels of the file.

    The standard left open whether it is the spillover or its inverse. Shares are not negative, and
    an inverse takes away: the signs beside the diagonal tell.
    """
    n = len(table.channels)
    parts = entries_of("$COMP", text, n, 1 + n * n)
    if integer_in(parts[0]) != n:
        found = f"{shown(parts[0])} as the number of channels, of which the file has {n}"
        raise SpilloverError(keyword="$COMP", found=found)
    values = square("$COMP", parts[1:], n)
    beside = values[~np.eye(n, dtype=bool)]
    names = tuple(channel.name for channel in table.channels)
    if np.all(beside >= 0.0):
        return Spillover.from_matrix(names, values, keyword="$COMP")
    if np.all(beside <= 0.0) and np.linalg.cond(values) <= _WORST_CONDITION:
        return Spillover.from_matrix(names, _inverse(values), keyword="$COMP")
    raise SpilloverError(
        keyword="$COMP", found="signs that fit neither a spillover matrix nor its inverse"
    )


def _from_percentages(table: EventTable) -> Spillover | None:
    """Return the spillover of Beckman's ``$DFCnTOm``: percent of detector n seen by detector m."""
    shares = _shares(table.keywords) or _shares(table.companion)
    if not any(shares.values()):
        return None
    if not table.companion:
        if max(channel.range for channel in table.channels) < _FULL_RESOLUTION:
            return None
        found = "percentages that do not say whether they were subtracted already"
        raise SpilloverError(keyword="$DFCnTOm", found=found)
    numbers = sorted({number for pair in shares for number in pair})
    detectors = {n: name for n in numbers if (name := _beckman_channel(table, n)) is not None}
    order = list(detectors)
    values = np.eye(len(order))
    for (source, target), share in shares.items():
        if source in detectors and target in detectors:
            values[order.index(source), order.index(target)] = share
        elif share != 0.0:
            found = f"FL{source} and FL{target}, which are not both channels of the file"
            raise SpilloverError(keyword="$DFCnTOm", found=found)
    return Spillover.from_matrix(tuple(detectors.values()), values, keyword="$DFCnTOm")


def _shares(keywords: Keywords) -> dict[tuple[int, int], float]:
    """Shares by numbers of fluorochrome and detector, as ``$DFCnTOm`` gives them."""
    shares = {}
    for name, text in keywords.items():
        found = _PERCENT_KEYWORD.fullmatch(name)
        if found and found[1] != found[2]:
            percent = number_in(text)
            if percent is None:
                raise SpilloverError(keyword=name, found=shown(text))
            shares[int(found[1]), int(found[2])] = percent / 100.0
    return shares


def _beckman_channel(table: EventTable, number: int) -> str | None:
    same = [c.name for c in table.channels if detector_of(c.name) == f"FL{number}"]
    return same[0] if len(same) == 1 else None
