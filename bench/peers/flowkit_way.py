"""FlowKit as its pages teach it: Sample, GatingStrategy; and its parts FlowIO and FlowUtils."""

import warnings

import bead_recipe
import job
import numpy as np


def run(sample: str, beads: str) -> dict[str, object]:
    """Sample and GatingStrategy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import flowkit

        blood = flowkit.Sample(sample)
        results = strategy().gate_sample(blood)
        gated = results.get_gate_membership("monocytes")
        events = blood.get_events(source="raw")[gated]
        counts = {gate: results.get_gate_count(gate) for gate in job.GATES}
        bead_events = flowkit.Sample(beads).get_events(source="raw")
    return job.answer(
        counts, _abc(compensated_pe(events), bead_events[:, job.CHANNELS.index(job.PE)])
    )


def compensated_pe(events: np.ndarray) -> np.ndarray:
    """HLA-DR of some events, compensated."""
    stains = np.linalg.solve(np.array(job.SPILLOVER).T, events[:, 3:11].T)
    return stains[job.STAINS.index(job.PE)]


def run_parts(sample: str, beads: str) -> dict[str, object]:
    """FlowIO and FlowUtils: compensate singlets alone, transform what the next gate looks at."""
    import flowio
    import flowutils

    events = flowio.FlowData(sample).as_array()
    column = {name: events[:, index] for index, name in enumerate(job.CHANNELS)}
    inside = np.ones(len(events), dtype=bool)
    for name, low, high in job.SCATTER:
        inside &= (column[name] >= low) & (column[name] < high)
    counts = {"scatter": np.count_nonzero(inside)}
    events = events[inside]
    events = events[_inside("singlets", events)]
    counts["singlets"] = len(events)
    events = flowutils.compensate.compensate(events, np.array(job.SPILLOVER), list(range(3, 11)))
    for gate in ("leukocytes", "monocytes"):
        events = events[_inside(gate, events)]
        counts[gate] = len(events)
    bead_pe = flowio.FlowData(beads).as_array()[:, job.CHANNELS.index(job.PE)]
    return job.answer(counts, _abc(events[:, job.CHANNELS.index(job.PE)], bead_pe))


def _inside(gate: str, events: np.ndarray) -> np.ndarray:
    import flowutils

    x, y, vertices = job.POLYGONS[gate]
    points = events[:, [job.CHANNELS.index(x), job.CHANNELS.index(y)]]
    if x in job.STAINS:
        points[:, 0] = flowutils.transforms.logicle(
            np.ascontiguousarray(points[:, 0]), None, job.T, job.M, job.W, job.A
        )
    return flowutils.gating.points_in_polygon(np.array(vertices), points)


def _abc(pe: np.ndarray, bead_pe: np.ndarray) -> float:
    curve = bead_recipe.curve_through(bead_recipe.centred(bead_pe))
    return bead_recipe.molecules(curve, float(np.exp(np.log(pe[pe > 0.0]).mean())))


def strategy() -> object:
    """Return the gates of the job."""
    import flowkit

    made = flowkit.GatingStrategy()
    made.add_comp_matrix("own", flowkit.Matrix(np.array(job.SPILLOVER), list(job.STAINS)))
    scale = flowkit.transforms.LogicleTransform(job.T, job.W, job.M, job.A)
    made.add_transform("logicle", scale)
    scatter = [flowkit.Dimension(name, range_min=low, range_max=high)
               for name, low, high in job.SCATTER]  # fmt: skip
    made.add_gate(flowkit.gates.RectangleGate("scatter", scatter), ("root",))
    path = ("root", "scatter")
    for name, (x, y, vertices) in job.POLYGONS.items():
        stained = {"compensation_ref": "own", "transformation_ref": "logicle"}
        dimensions = [flowkit.Dimension(x, **(stained if x in job.STAINS else {})),
                      flowkit.Dimension(y)]  # fmt: skip
        made.add_gate(flowkit.gates.PolygonGate(name, dimensions, vertices), path)
        path = (*path, name)
    return made
