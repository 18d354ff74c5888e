"""Pulses of a laser scan: the height that goes with an area of one.

A particle of a given length crossing a beam with a Gaussian profile gives a nearly Gaussian
pulse. Its area is the light collected; its height falls as the pulse widens. Members of a multiplet
pass one behind the other: their areas add, the height is the top of the summed pulse.
"""

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.simulate.particle import NOBODY, Passages

# A lymphocyte of this length has height = area, as area scaling on digital cytometers makes it.
REFERENCE_DIAMETER = 7.5
# Points along a multiplet at which the summed pulse is looked at.
_STEPS = 65


def pulse_sigma(diameter: FloatArray | float, beam_sigma: float) -> FloatArray:
    """SD of the pulse along the flow, µm: the beam's profile widened by a stained shell.

    The variance of a sphere's surface along one axis is diameter² / 12.
    """
    return np.sqrt(beam_sigma**2 + np.square(diameter) / 12.0)


def heights_per_area(passages: Passages, light: FloatArray, beam_sigma: float) -> FloatArray:
    """Height over area of each event in each detector.

    Parameters
    ----------
    passages
        The events.
    light : shape (len(Source), n_detectors)
        Photo-electrons from one unit of a source.
    beam_sigma : µm
        SD of the beam's profile along the flow.

    Returns
    -------
    shape (n_events, n_detectors)
        1.0 for a particle of `REFERENCE_DIAMETER`.
    """
    particles = passages.particles
    reference = pulse_sigma(REFERENCE_DIAMETER, beam_sigma)
    alone = reference / pulse_sigma(particles.diameter[passages.members[:, 0]], beam_sigma)
    shape = np.repeat(alone[:, np.newaxis], light.shape[1], axis=1)
    rows = np.flatnonzero(passages.members[:, 1] != NOBODY)
    if rows.size:
        shape[rows] = _multiplet_heights(passages, rows, light, beam_sigma)
    return shape


def _multiplet_heights(
    passages: Passages, rows: IndexArray, light: FloatArray, beam_sigma: float
) -> FloatArray:
    members = passages.members[rows]
    present = members != NOBODY
    sigma = pulse_sigma(passages.particles.diameter[members], beam_sigma)
    brightness = (passages.particles.emission[members] @ light) * present[:, :, np.newaxis]
    total = brightness.sum(axis=1)
    share = np.divide(
        brightness,
        total[:, np.newaxis],
        out=np.zeros_like(brightness),
        where=total[:, np.newaxis] > 0,
    )
    centre = np.zeros(members.shape)
    centre[:, 1:] = np.cumsum(passages.gap[rows], axis=1)
    reference = pulse_sigma(REFERENCE_DIAMETER, beam_sigma)
    last = np.where(present, centre, 0.0).max(axis=1)
    top = np.zeros(total.shape)
    for step in np.linspace(0.0, 1.0, _STEPS):
        offset = (step * last[:, np.newaxis] - centre) / sigma
        profile = np.exp(-0.5 * offset**2) * reference / sigma
        np.maximum(top, np.einsum("em,emd->ed", profile, share), out=top)
    return top
