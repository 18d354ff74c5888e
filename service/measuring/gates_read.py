"""Gates drawn by hand as this process knows them: those that were written here, or read apart."""

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from hladr.drawn.population import DrawnGates, monocytes_of
from hladr.gate_files import read_written
from hladr.gates import GatingStrategy
from service.archive.archive import hash_of_file, require_whole
from service.measuring.apart import Drawn, GateFileHarmful, rewritten_apart

_MOST_KEPT = 32


class GatesRead:
    """Gates by the hash of their file, for a sample; the last few are kept.

    A file that this service wrote is read here, line by line, and only while it is as we write it.
    Any other is read in a process of its own, as when it came.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str | None], DrawnGates] = OrderedDict()
        self._changing = Lock()

    def of(self, sample: tuple[Path, str], sha256: str, drawn: Drawn) -> DrawnGates:
        """Return the gates of a file of the archive that a population of a sample rests on.

        Parameters
        ----------
        sample
            Path and name of its file.
        sha256
            Of the gate file.

        Raises
        ------
        FileDamaged
        MeasuredApartRefused, GateFileHarmful
            They cannot be said as we write them.
        """
        key = sha256, sample[1], drawn.population
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _read(sample, sha256, drawn)
        with self._changing:
            self._kept[key] = made
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def read_here(sha256: str, drawn: Drawn) -> DrawnGates | None:
    """Return gates of a file that is as this service writes them; None for any other.

    Parameters
    ----------
    sha256
        Of the gate file.

    Raises
    ------
    FileDamaged
    """
    require_whole(drawn.path, lambda: hash_of_file(drawn.path))
    own = read_written(drawn.path.read_bytes())
    return None if own is None else _gates(own, sha256, drawn.population)


def archived_here(sha256: str, drawn: Drawn) -> DrawnGates | None:
    """Return the same of a file of the archive; None also for one that is on its way in.

    Raises
    ------
    FileDamaged
    """
    return read_here(sha256, drawn) if drawn.path.name == sha256 else None


def _read(sample: tuple[Path, str], sha256: str, drawn: Drawn) -> DrawnGates:
    own = read_here(sha256, drawn)
    if own is not None:
        return own
    text, population = rewritten_apart(sample, drawn)
    strategy = read_written(text.encode())
    if strategy is None:
        raise GateFileHarmful
    return _gates(strategy, sha256, population)


def _gates(strategy: GatingStrategy, sha256: str, population: str | None) -> DrawnGates:
    node = monocytes_of(strategy) if population is None else strategy.find(population)
    return DrawnGates(strategy.resting_on(node.path), node.path, sha256)
