"""A folder that a cytometer exports into: each blood tube is measured once, when it is complete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from calibration import CalibrationError
from hladr.analysis import quantify
from hladr.assay import AssayDefinition
from hladr.context import Context
from hladr.errors import HladrError
from hladr.pairing import LeftOut, Pair, PairingRules, Reason, Tube, examine, fcs_files, pair_tubes
from hladr.result import AbcResult
from hladr.result_json import error_to_dict
from hladr.result_row import result_row
from hladr.watch.log import ResultLog
from hladr.watch.settling import Settling, State, states

WAITS = frozenset({Reason.NO_BEADS, Reason.TOO_OLD, Reason.OTHER_SETTINGS, Reason.AMBIGUOUS})
"""Reasons that files which are still to come may take away."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that happened to a file.

    Parameters
    ----------
    sample
        Its path below the folder.
    what
        The verdict, the code of a refusal, or ``waits``.
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
        self._told: set[tuple[str, str]] = set()

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
        for path, state in settled.items():
            if self._examined.get(path, (None,))[0] != state:
                tube = examine(path, self._rules, self._assay, below=self._folder)
                self._examined[path] = state, tube
        here = {path: self._examined[path][1] for path in settled}
        pairing = pair_tubes(here.values(), self._rules, self._assay.settings)
        for pair in pairing.pairs:
            yield from self._measure(pair, settled[pair.blood.path])
        for left in pairing.left_out:
            yield from self._leave(left, settled[left.path])

    def _measure(self, pair: Pair, state: State) -> Iterator[Seen]:
        sample, beads = self._below(pair.blood.path), self._below(pair.beads.path)
        if self._log.has(sample, state):
            return
        try:
            result = quantify(
                pair.blood.path, beads=pair.beads.path, lot=pair.lot, assay=self._assay,
                context=Context(subject=pair.subject or None),
            )  # fmt: skip
        except (HladrError, CalibrationError) as error:
            yield self._refused(sample, state, beads, error.code, str(error))
            return
        if states([pair.blood.path]) != {pair.blood.path: state}:
            return  # it was written to after all: look again when it rests
        self._report(result)
        self._log.append(sample, state, beads, result_row(sample, result.to_dict()))
        yield Seen(sample, result.verdict.value, "")

    def _leave(self, left: LeftOut, state: State) -> Iterator[Seen]:
        sample = self._below(left.path)
        if left.reason is Reason.UNREADABLE and left.code and not self._log.has(sample, state):
            yield self._refused(sample, state, "", left.code, left.detail)
        elif left.reason in WAITS and (sample, left.reason.value) not in self._told:
            self._told.add((sample, left.reason.value))
            yield Seen(sample, "waits", left.detail)

    def _refused(self, sample: str, state: State, beads: str, code: str, why: str) -> Seen:
        error = HladrError(why)
        record = error_to_dict(sample, error) | {"error": {"code": code, "message": why}}
        self._log.append(sample, state, beads, result_row(sample, record))
        return Seen(sample, code, why)

    def _below(self, path: str) -> str:
        return Path(path).relative_to(self._folder).as_posix()
