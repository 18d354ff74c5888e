"""Environments of the other programs: made once, kept in a cache folder."""

import os
import subprocess
import sys
import venv
from pathlib import Path

PACKAGES = {"flowkit": "flowkit==1.3.2", "flowcal": "FlowCal==1.3.1"}
# They would hold NumPy to the kernels of another processor.
PINNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def default_folder() -> Path:
    """Where this user's caches lie."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "hladr-bench"


def python_of(name: str, folder: Path) -> str:
    """Path of an environment's Python; the environment is made where it is missing."""
    if name == "hladr":
        return sys.executable
    place = folder / PACKAGES[name].replace("==", "-")
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (place / "complete").exists():
        print(f"installing {PACKAGES[name]} into {place}", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", PACKAGES[name]]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"{PACKAGES[name]} could not be installed; --python {name}=PYTHON "
                             "names a Python that has it")  # fmt: skip
        (place / "complete").touch()
    return str(python)


def environment(**changes: str) -> dict[str, str]:
    """Variables for a contestant's process."""
    return {k: v for k, v in os.environ.items() if k not in PINNED} | changes
