"""What a FlowJo gate is drawn on: channels, compensation and plot axes of one sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hladr.fcs.channel import Channel
from hladr.fcs.scaling import time_step
from hladr.fcs.table import EventTable
from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import DATA_TYPE, as_number, attribute, shown
from hladr.gate_files.flowjo_matrix import (
    SPILLOVER_MATRIX,
    SampleMatrix,
    find_channel,
    require_channel,
)
from hladr.gate_files.flowjo_scales import read_scale
from hladr.gate_files.xml import Element
from hladr.gates import Column, Compensated, Recorded
from hladr.scales import Axis, ScaleError, Span

_PARAMETER = f"{DATA_TYPE} parameter"
_PLAIN_GAINS = (None, 0.0, 1.0)


@dataclass(frozen=True)  # no slots: scales and matrices are read once
class SampleAxes:
    """Channels, compensation and scales of a sample of a workspace.

    Parameters
    ----------
    element
        The sample.
    table
        Its events.
    """

    element: Element
    table: EventTable

    def column(self, name: str, gate: str) -> Column:
        """Return the column of a parameter, as FlowJo names it, for a gate.

        Raises
        ------
        GateChannelMissing, GateNotSupported, GateFileInvalid
        """
        where = f"gate {gate!r}"
        for matrix in self._matrices:
            bare = matrix.without(name)
            if bare is not None and bare in matrix.rows(where):
                return Compensated(bare, matrix.read(gate))
        if self._derived(name):
            raise GateNotSupported(where=where, found=f"the derived parameter {shown(name)}")
        return Recorded(require_channel(self.table, name, gate).name)

    def has_axis(self, name: str) -> bool:
        """Whether the sample says on which axis a parameter is shown."""
        return self._transformation(name) is not None

    def axis(self, name: str, gate: str) -> Axis:
        """Return the plot axis of a parameter, on which a gate's edges are straight.

        It takes scale values of the file, see `unit`.

        Raises
        ------
        GateNotSupported, GateFileInvalid
        """
        element, where = self._transformation(name), f"gate {gate!r}"
        if element is None:
            raise GateNotSupported(where=where, found=f"no scale for {shown(name)} in the sample")
        where = f"{where}, scale of {name!r}"
        try:
            scale = read_scale(element, where)
            unit = self.unit(name, gate)
            if unit != 1.0:
                if not isinstance(scale, Span):
                    raise GateNotSupported(
                        where=where, found="seconds on a scale that is not linear"
                    )
                scale = Span(scale.low * unit, scale.high * unit)
            return Axis(scale)
        except ScaleError as error:
            expected = f"{error.scale} {error.parameter} {error.expected}"
            raise GateFileInvalid(where=where, expected=expected, found=f"{error.found}") from error

    def _transformation(self, name: str) -> Element | None:
        """Element of a parameter's scale: of its own name, else of the name before compensation."""
        bare = (matrix.without(name) for matrix in self._matrices)
        names = (each for each in (name, *bare) if each is not None)
        return next((self._scales[each] for each in names if each in self._scales), None)

    @cached_property
    def _scales(self) -> Mapping[str, Element]:
        """Elements of Transformations by the name of their parameter."""
        found = {}
        for group in self.element.all("Transformations"):
            for element in group.children:
                parameter = element.first(_PARAMETER)
                if parameter is not None:
                    found[_name(parameter)] = element
        return found

    @cached_property
    def _matrices(self) -> tuple[SampleMatrix, ...]:
        elements = self.element.all(SPILLOVER_MATRIX)
        return tuple(SampleMatrix(element, self.table) for element in elements)

    def _recorded(self, name: str) -> Channel | None:
        """Return the channel behind a parameter, compensated or not."""
        bare = (matrix.without(name) for matrix in self._matrices)
        found = (find_channel(self.table, each) for each in (name, *bare) if each is not None)
        return next((channel for channel in found if channel is not None), None)

    def _derived(self, name: str) -> bool:
        present = {channel.name for channel in self.table.channels}
        groups = self.element.all("DerivedParameters")
        return name not in present and any(
            name in child.attributes.values() for group in groups for child in group.children
        )

    def unit(self, name: str, gate: str) -> float:
        """Return scale values of the file for one unit of a parameter in the workspace.

        That is 1 but for Time: FlowJo multiplies what is stored by the gain that it writes, the
        file by $TIMESTEP.

        Raises
        ------
        GateNotSupported
            An amplifier gain, of which a workspace does not say whether it is undone; seconds that
            FlowJo counts by the clock and does not write down.
        """
        where = f"gate {gate!r}"
        channel = self._recorded(name)
        if channel is None:
            return 1.0
        element = self._transformation(name)
        gain = None if element is None else _gain(element, where)
        plain = gain in _PLAIN_GAINS
        if channel.is_time:
            step = time_step(self.table.keywords)
            if plain and step is None and self._has_clock():
                found = "a gate on Time of a file without $TIMESTEP"
                raise GateNotSupported(where=where, found=found)
            return 1.0 if plain or not gain else (step or 1.0) / gain
        if channel.gain not in _PLAIN_GAINS or not plain:
            found = f"{shown(name)} was amplified with a gain of {channel.gain or gain}"
            raise GateNotSupported(where=where, found=found)
        return 1.0

    def _has_clock(self) -> bool:
        """Whether FlowJo can make seconds of Time from the begin and end of acquisition."""
        return None not in (self.table.keyword("$BTIM"), self.table.keyword("$ETIM"))


def _name(parameter: Element) -> str:
    return attribute(parameter, DATA_TYPE, "name", "scale") or ""


def _gain(element: Element, where: str) -> float | None:
    gain = element.attributes.get("gain")
    return None if gain is None else as_number(gain, "gain", where)
