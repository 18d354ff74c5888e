"""The automatic gate of a sample as a Gating-ML file, to be looked at and changed elsewhere."""

from pathlib import Path
from typing import ClassVar

from hladr.errors import HladrError
from hladr.gate_files.writing import write_gatingml
from hladr.gates_used.automatic_strategy import NO_CLOCK, AutomaticNotDrawable
from hladr.output_name import output_name
from hladr.result import AbcResult
from hladr.whole_file import whole_file


class SavedGatesKept(HladrError):
    """What is there may have been changed by a person, and is not replaced."""

    code: ClassVar[str] = "SAVED_GATES_KEPT"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path!r} holds other gates than the automatic ones, perhaps drawn by hand; expected "
            "no file, or these gates. It was left as it is: name another folder, or rename it."
        )


def save_automatic_gate(result: AbcResult, folder: Path) -> Path:
    """Write the automatic gate of a result into an existing folder, as Gating-ML 2.0.

    Beside gates drawn by hand it is the automatic gate, too, that is written.

    Returns
    -------
    Path
        ``patient-0123456789ab-gates.xml``, after the sample's name and hash.

    Raises
    ------
    AutomaticNotDrawable
        It cannot be said in gates on the file's channels, or there is none.
    SavedGatesKept
        A file of this name holds other gates.
    """
    gating = result.gating
    if gating.method == "gates":
        if result.beside is None:
            raise AutomaticNotDrawable(reason="the automatic gate found no monocytes in it")
        gating = result.beside.gating
    if gating.strategy is None:
        raise AutomaticNotDrawable(reason=NO_CLOCK)
    content = write_gatingml(gating.strategy).encode()
    path = folder / output_name(result.sample.file, result.sample.sha256, "-gates.xml")
    if path.exists():
        if path.read_bytes() != content:
            raise SavedGatesKept(path=str(path))
        return path
    with whole_file(path) as unfinished:
        unfinished.stream.write(content)
    return path
