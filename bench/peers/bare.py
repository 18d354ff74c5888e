"""Python with numba loaded, and nothing else: what memory is counted above."""

import numba


def run(_sample: str, _beads: str) -> dict[str, object]:
    """Do nothing."""
    return {"numba": numba.__version__}
