"""The gates of a sample as somebody may see them: figures, the number by them, and what was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hladr.errors import HladrError
from hladr.report.badges import verdict_badge
from hladr.report.page import Badge
from hladr.result import Verdict
from service.analyses import view
from service.analyses.gates_told import (
    automatic_gates,
    drawn_gates,
    is_hidden,
    opened_version,
    printed_of,
)
from service.analyses.standing import history_now
from service.laboratory import Laboratory
from service.pages.gate_figure import GateFigure, figure_of
from service.pages.gate_plots import PlottedGate, plotted_gates
from service.pages.gate_way import way_back
from service.principal import Principal, Scope
from service.store import analyses
from service.store.analysis import Analysis, State

SIGNED: Final = {
    State.PRELIMINARY: "It was released for the time being.",
    State.PERFORMED: "It was signed by whoever performed it, and waits for a reviewer.",
    State.FINAL: "It is signed by all who must, and was released.",
    State.REJECTED: "It was signed as rejected.",
}
_NOTHING, _HIDDEN = (
    "Nothing was measured here, so that there are no gates.",
    "The study hides this result, and with it the gates.",
)


@dataclass(frozen=True, slots=True)
class GatesShown:
    """What the page of gates shows.

    Parameters
    ----------
    told
        The analysis as it is answered to whoever looks.
    printed
        The number in words; None where it is hidden, or where there is none.
    signed
        By whom it is signed; empty if nobody has.
    released
        Whether a number was given out, which a change leaves as it is for now.
    refusal
        Why there is no gate to be seen; empty if there is one.
    undo
        Versions that undo leads through, one after the other; the last is of these gates.
    """

    told: Mapping[str, Any]
    figures: tuple[GateFigure, ...]
    printed: Mapping[str, str] | None
    usable: bool
    signed: str
    released: bool
    refusal: str
    undo: tuple[int, ...]
    may_change: bool

    def with_open(self, numbers: Sequence[int]) -> "GatesShown":
        """Return the same with the numbers of these gates seen at once."""
        figures = tuple(
            replace(each, is_open=each.is_open or each.number in numbers) for each in self.figures
        )
        return replace(self, figures=figures)

    @property
    def badges(self) -> dict[str, Badge]:
        """Badge of every verdict that a change may lead to."""
        return {each.value: verdict_badge(each) for each in Verdict}


def gates_shown(
    laboratory: Laboratory, who: Principal, id: str, *, sure: bool = False
) -> GatesShown:
    """Return the gates of the newest version of an analysis.

    Parameters
    ----------
    sure
        Whether gates of a signed version are to be changed all the same.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        found = view.visible(connection, id, who)
        told = view.told(connection, found, laboratory, who)
        printed = None if is_hidden(told, who) else printed_of(connection, found)
        history = analyses.gates_of_versions(connection, id)
        released = history_now(connection, id).is_given_out
    result = told["result"]
    figures: tuple[GateFigure, ...] = ()
    refusal = _HIDDEN if is_hidden(told, who) else _NOTHING if result is None else ""
    if not refusal:
        figures, refusal = gate_figures(laboratory, found)
    return GatesShown(
        told=told,
        figures=figures,
        printed=printed,
        usable=result is not None and result["hla_dr"] is not None,
        signed=SIGNED.get(found.state, ""),
        released=released,
        refusal=refusal,
        undo=way_back(history),
        may_change=who.may(Scope.ANALYSE) and (sure or found.state not in SIGNED),
    )


def gate_figures(laboratory: Laboratory, analysis: Analysis) -> tuple[tuple[GateFigure, ...], str]:
    """Return the figures of a version's gates; without any, why there are none.

    Whoever asks must have seen that no embargo hides the version.
    """
    address = f"/samples/{analysis.id}/versions/{analysis.version}/density"
    try:
        plots = plots_of(laboratory, analysis)
    except HladrError as error:
        return (), str(error)
    return tuple(figure_of(each, f"{address}/{each.number}.png") for each in plots), ""


def plots_of(laboratory: Laboratory, analysis: Analysis) -> tuple[PlottedGate, ...]:
    """Return the gates of a version that have a plot.

    Raises
    ------
    FileLost, FileDamaged
    HladrError
        The sample cannot be opened, or its gates cannot be said in the words of Gating-ML.
    """
    sample, drawn = opened_version(laboratory, analysis), drawn_gates(laboratory, analysis)
    if drawn is None:
        automatic = automatic_gates(sample)
        return plotted_gates(sample, automatic, automatic)
    try:
        return plotted_gates(sample, drawn, automatic_gates(sample))
    except HladrError:
        return plotted_gates(sample, drawn, None)
