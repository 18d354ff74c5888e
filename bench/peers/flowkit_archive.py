"""FlowKit by fixed gates over an archive: the strategy made once a process."""

import warnings
from functools import cache

import bead_recipe
import flowkit_way
import job
import numpy as np
import pooled


def measure(day: pooled.Day) -> list[float]:
    """AB/c of the samples of one bead tube."""
    import flowkit

    beads, samples = day
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = flowkit.Sample(beads).get_events(source="raw")
        curve = bead_recipe.curve_through(
            bead_recipe.centred(events[:, job.CHANNELS.index(job.PE)])
        )
        return [_abc(flowkit.Sample(sample), curve) for sample in samples]


def _abc(blood: object, curve: tuple[float, float]) -> float:
    gated = _strategy().gate_sample(blood).get_gate_membership("monocytes")
    pe = flowkit_way.compensated_pe(blood.get_events(source="raw")[gated])
    return bead_recipe.molecules(curve, float(np.exp(np.log(pe[pe > 0.0]).mean())))


@cache
def _strategy() -> object:
    return flowkit_way.strategy()


if __name__ == "__main__":
    pooled.main(measure)
