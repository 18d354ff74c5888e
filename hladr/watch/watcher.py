"""A folder that a cytometer exports into: each blood tube is measured once, when it is complete."""

import hashlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from calibration import CalibrationError
from hladr.analysis import quantify
from hladr.assay import AssayDefinition
from hladr.context import Context
from hladr.errors import HladrError
from hladr.fcs.errors import FileShortened, FileUnreadable
from hladr.pairing import (
    HARMLESS,
    LeftOut,
    Pair,
    PairingRules,
    Reason,
    Tube,
    examine,
    fcs_files,
    pair_tubes,
)
from hladr.result import AbcResult
from hladr.result_row import result_row
from hladr.watch.log import ResultLog, Taken
from hladr.watch.settling import Settling, State, states

WAITS = frozenset({Reason.NO_BEADS, Reason.TOO_OLD, Reason.OTHER_SETTINGS, Reason.AMBIGUOUS})
"""Reasons that files which are still to come may take away."""
INTERNAL_ERROR = "INTERNAL_ERROR"
_PASSING = (FileUnreadable, FileShortened, MemoryError)
_PASSING_CODES = frozenset({FileUnreadable.code, FileShortened.code})


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that happened to a file.

    Parameters
    ----------
    sample
        Its path below the folder.
    what
        The verdict or the code of a refusal, which are rows of the table; or ``waits``,
        ``left out``, ``known`` (the same bytes were measured under another name or date) and
        ``later`` (the system does not give the file), which are none.
    detail
        In a sentence, empty for a result.
    """

    sample: str
    what: str
    detail: str


class Watcher:
    """Looks at a folder again and again.

    Parameters
    ----------
    folder
        What the cytometer exports into.
    rules
        How beads are told from blood, and which lot was used when.
    assay
        How samples are measured.
    settle
        Seconds that a file must stay as it is.
    log
        Where results go; what it has is not measured again.
    report
        Called with each result before its row is written.
    """

    def __init__(
        self,
        folder: Path,
        rules: PairingRules,
        assay: AssayDefinition,
        settle: float,
        log: ResultLog,
        report: Callable[[AbcResult], object],
    ) -> None:
        self._folder, self._rules, self._assay = folder, rules, assay
        self._settling, self._log, self._report = Settling(settle), log, report
        self._examined: dict[str, tuple[State, Tube | LeftOut]] = {}
        self._told: set[Seen] = set()
        self._known: set[Taken] = set()

    def look(self, now: float) -> Iterator[Seen]:
        """Look once; measure what is complete, has beads, and was not measured.

        Parameters
        ----------
        now
            Seconds of a clock that never goes back.

        Raises
        ------
        LogUnusable
            A row cannot be written.
        """
        paths, _closed = fcs_files(self._folder)
        settled = self._settling.settled(states(paths), now)
        here = [self._examine(path, state) for path, state in settled.items()]
        pairing = pair_tubes(here, self._rules, self._assay.settings)
        for pair in pairing.pairs:
            sample, beads = self._below(pair.blood.path), self._below(pair.beads.path)
            taken = Taken(sample, settled[pair.blood.path], beads, settled[pair.beads.path])
            if not self._log.has(taken) and taken not in self._known:
                yield from self._take(pair, taken)
        for left in pairing.left_out:
            taken = Taken(self._below(left.path), settled[left.path])
            yield from self._leave(left, taken)

    def _examine(self, path: str, state: State) -> Tube | LeftOut:
        """What a file is, told once for each of its states."""
        known = self._examined.get(path)
        if known is not None and known[0] == state:
            return known[1]
        try:
            found = examine(path, self._rules, self._assay, below=self._folder)
        except Exception as error:  # noqa: BLE001 - a bug over one file must not stop the others
            traceback.print_exception(error)
            found = LeftOut(path, Reason.UNREADABLE, _named(error), INTERNAL_ERROR)
        if isinstance(found, Tube) or found.code not in _PASSING_CODES:
            self._examined[path] = state, found
        return found

    def _take(self, pair: Pair, taken: Taken) -> Iterator[Seen]:
        """Measure a sample, unless its bytes were measured before."""
        before = _measured_as(pair.blood.path, self._log)
        if before is not None:
            self._known.add(taken)
            yield Seen(taken.sample, "known", f"the same bytes were measured as {before}")
            return
        try:
            result = quantify(
                pair.blood.path, beads=pair.beads.path, lot=pair.lot, assay=self._assay,
                context=Context(subject=pair.subject or None),
            )  # fmt: skip
        except _PASSING as error:
            yield from self._once(Seen(taken.sample, "later", _named(error)))
            return
        except (HladrError, CalibrationError) as error:
            yield self._refuse(taken, error.code, str(error))
            return
        except Exception as error:  # noqa: BLE001 - as above
            traceback.print_exception(error)
            yield self._refuse(taken, INTERNAL_ERROR, _named(error))
            return
        files = {pair.blood.path: taken.state, pair.beads.path: taken.beads_state}
        if states(files) != files:
            return  # written to after all: look again when they rest
        self._report(result)
        self._log.append(taken, result_row(taken.sample, result.to_dict()))
        yield Seen(taken.sample, result.verdict.value, "")

    def _leave(self, left: LeftOut, taken: Taken) -> Iterator[Seen]:
        if left.reason in HARMLESS:
            return
        if left.reason is not Reason.UNREADABLE:
            what = "waits" if left.reason in WAITS else "left out"
            yield from self._once(Seen(taken.sample, what, left.detail))
        elif not left.code or left.code in _PASSING_CODES:
            yield from self._once(Seen(taken.sample, "later", left.detail))
        elif not self._log.has(taken):
            yield self._refuse(taken, left.code, left.detail)

    def _once(self, seen: Seen) -> Iterator[Seen]:
        """Say something that stays as it is only once."""
        if seen not in self._told:
            self._told.add(seen)
            yield seen

    def _refuse(self, taken: Taken, code: str, why: str) -> Seen:
        record = {"error": {"code": code, "message": why}}
        self._log.append(taken, result_row(taken.sample, record))
        return Seen(taken.sample, code, why)

    def _below(self, path: str) -> str:
        return Path(path).relative_to(self._folder).as_posix()


def _measured_as(path: str, log: ResultLog) -> str | None:
    try:
        with Path(path).open("rb") as file:
            return log.measured_as(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:  # said when it is measured
        return None


def _named(error: BaseException) -> str:
    code = getattr(error, "code", None)
    return str(error) if code else f"{type(error).__name__}: {error}"
