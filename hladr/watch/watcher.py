"""A folder that a cytometer exports into: each blood tube is measured once, when it is complete."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from calibration import CalibrationError
from hladr.analysis import quantify
from hladr.assay import AssayDefinition
from hladr.context import Context
from hladr.errors import HladrError
from hladr.fcs.errors import FileShortened, FileUnreadable
from hladr.lot_file import read_lot
from hladr.pairing import (
    HARMLESS,
    LeftOut,
    Pair,
    Pairing,
    PairingRules,
    Reason,
    Tube,
    examine,
    fcs_files,
    pair_tubes,
)
from hladr.result import AbcResult
from hladr.result_row import result_row
from hladr.watch.basis import Basis
from hladr.watch.contents import Contents
from hladr.watch.log import ResultLog, Taken
from hladr.watch.settling import Settling, State, looked_at, states

WAITS = frozenset({Reason.NO_BEADS, Reason.TOO_OLD, Reason.OTHER_SETTINGS, Reason.AMBIGUOUS})
"""Reasons that files which are still to come may take away."""
_UNFINISHED = frozenset({"waits", "later"})
_DIGITS = 12  # of a hash
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
        ``left out``, ``known`` (the same bytes were measured under another name or date),
        ``later`` (the system does not give the file or folder) and ``replaced`` (a bead file has
        another content than the numbers rest on), which are none.
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

    Raises
    ------
    LogRestsOnOther
        The table rests on another lot, assay or algorithm.
    LotFileUnreadable, InvalidLot
        A lot is no lot any more.
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
        # Read once: a lot file that is written over must not mix numbers of two lots.
        self._lots = {each.lot: read_lot(each.lot) for each in rules.lots}
        log.require(Basis.of(self._lots, assay))
        self._examined: dict[str, tuple[State, Tube | LeftOut]] = {}
        self._contents = Contents()
        self._paired: tuple[list[Tube | LeftOut], Pairing] = [], Pairing((), ())
        self._told: set[Seen] = set()
        self._open: set[Seen] = set()
        self._known: set[Taken] = set()

    @property
    def unfinished(self) -> int:
        """Blood that waits, and what the system did not give, at the last look."""
        return len(self._open)

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
        # What was away and came is said anew when it is away again.
        before, self._open = self._open, set()
        paths, closed = fcs_files(self._folder)
        files, refused = looked_at(paths)
        refused |= {each.path: each.detail for each in closed}
        for path, why in refused.items():
            yield from self._once(Seen(self._below(path), "later", why))
        yield from self._settled(self._settling.settled(files, now))
        self._told -= before - self._open

    def _settled(self, settled: Mapping[str, State]) -> Iterator[Seen]:
        """Measure what is complete."""
        self._contents.are(settled)
        pairing = self._pairing([self._examine(*each) for each in settled.items()])
        for pair in pairing.pairs:
            sample, beads = self._below(pair.blood.path), self._below(pair.beads.path)
            taken = Taken(sample, settled[pair.blood.path], beads, settled[pair.beads.path])
            yield from self._replaced(pair, taken)
            if not self._log.has(taken) and taken not in self._known:
                yield from self._take(pair, taken)
        for left in pairing.left_out:
            taken = Taken(self._below(left.path), settled[left.path])
            yield from self._leave(left, taken)

    def _pairing(self, here: list[Tube | LeftOut]) -> Pairing:
        """Pairs of these files, worked out anew when one of them is another."""
        if self._paired[0] != here:
            limits = self._assay.settings
            self._paired = here, pair_tubes(here, self._rules, limits, self._contents.sha256)
        return self._paired[1]

    def _replaced(self, pair: Pair, taken: Taken) -> Iterator[Seen]:
        """Say that a bead file is another than the one which numbers of its name rest on."""
        before = self._log.beads_were(taken.beads)
        if before is None or before[0] == taken.beads_state:
            return
        content = self._contents.sha256(pair.beads.path)
        if content is not None and content != before[1]:
            why = (
                f"numbers that are in the table rest on another content ({before[1][:_DIGITS]}) "
                f"than it has now ({content[:_DIGITS]}); they stand"
            )
            yield from self._once(Seen(taken.beads, "replaced", why))

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
        content = self._contents.sha256(pair.blood.path)
        before = None if content is None else self._log.measured_as(content)
        if before is not None:
            self._known.add(taken)
            yield Seen(taken.sample, "known", f"the same bytes were measured as {before}")
            return
        try:
            result = quantify(
                pair.blood.path, beads=pair.beads.path, lot=self._lots[pair.lot], assay=self._assay,
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
        if seen.what in _UNFINISHED:
            self._open.add(seen)
        if seen not in self._told:
            self._told.add(seen)
            yield seen

    def _refuse(self, taken: Taken, code: str, why: str) -> Seen:
        record = {"error": {"code": code, "message": why}}
        self._log.append(taken, result_row(taken.sample, record))
        return Seen(taken.sample, code, why)

    def _below(self, path: str) -> str:
        below = Path(path).relative_to(self._folder).as_posix()
        return path if below == "." else below


def _named(error: BaseException) -> str:
    code = getattr(error, "code", None)
    return str(error) if code else f"{type(error).__name__}: {error}"
