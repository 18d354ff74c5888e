"""Who does the job, and which steps are held against which."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contestant:
    """A function of a module of this folder, run by the Python of an environment.

    `precision` is how far its AB/c may lie from that of hladr, relative; `counts` whether its
    gates must hold as many events.
    """

    label: str
    environment: str
    module: str
    function: str
    precision: float = 1e-6
    counts: bool = True


OURS = "hladr"
CONTESTANTS = {
    "hladr": Contestant("hladr, fixed gates", "hladr", "ours", "run"),
    "hashing": Contestant("the same, SHA-256 beside it", "hladr", "ours", "run_hashing"),
    "gate": Contestant(
        "hladr, automatic gate", "hladr", "ours", "run_gate", 0.02, counts=False
    ),
    "automatic": Contestant(
        "`hladr.quantify`, automatic gate", "hladr", "ours", "run_automatic", 0.02, counts=False
    ),
    "floor": Contestant("least numba code (floor)", "hladr", "floor", "run"),
    "flowkit": Contestant(
        "FlowKit: Sample, GatingStrategy", "flowkit", "flowkit_way", "run"
    ),
    "parts": Contestant(
        "FlowKit's parts: FlowIO, FlowUtils", "flowkit", "flowkit_way", "run_parts"
    ),
    "flowcal": Contestant("FlowCal, its own bead model", "flowcal", "flowcal_way", "run", 0.02),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duel:
    """A step of hladr and the fastest of the others at it."""

    step: str
    other: str
    environment: str
    module: str


DUELS = (
    Duel("read, numbers as stored", "FlowCal read", "flowcal", "flowcal_steps"),
    Duel("read, all 12 columns", "FlowIO read, 64-bit floats", "flowkit", "flowkit_steps"),
    Duel("read, the 6 columns of the job", "FlowIO read, 64-bit floats", "flowkit",
         "flowkit_steps"),
    Duel("compensate 12 × 12, all", "numpy.linalg.solve", "flowkit", "flowkit_steps"),
    Duel("compensate 12 × 12, 3 needed", "numpy.linalg.solve", "flowkit", "flowkit_steps"),
    Duel("logicle, 6 channels", "FlowCal logicle", "flowcal", "flowcal_steps"),
    Duel("asinh, 6 channels", "FlowKit asinh", "flowkit", "flowkit_steps"),
    Duel("polygon of 8", "FlowUtils polygon of 8", "flowkit", "flowkit_steps"),
    Duel("polygon of 32", "FlowUtils polygon of 32", "flowkit", "flowkit_steps"),
    Duel("ellipse", "FlowCal ellipse", "flowcal", "flowcal_steps"),
    Duel("bead calibration, 50,000", "FlowIO and SciPy, the same windows", "flowkit",
         "flowkit_steps"),
    Duel("bead calibration, 50,000", "FlowIO and SciPy, between valleys", "flowkit",
         "flowkit_steps"),
)  # fmt: skip
