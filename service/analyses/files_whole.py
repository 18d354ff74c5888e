"""The files that a number was measured from: nobody stands for one whose files are gone."""

from collections.abc import Iterable

from sqlalchemy import Connection

from service.archive import Archive
from service.archive.archive import hash_of_file, require_whole
from service.store import calibrations
from service.store.analysis import Analysis


def files_of(connection: Connection, analysis: Analysis) -> tuple[str, ...]:
    """Return the hashes of what a version was measured from: blood, beads, gates drawn by hand."""
    file, outcome = analysis.tube.file, analysis.outcome
    if file is None or outcome.calibration is None:
        return ()
    beads = calibrations.at(connection, *outcome.calibration).file_sha256
    return tuple(each for each in (file[0], beads, outcome.gates_sha256) if each is not None)


def require_files(archive: Archive, files: Iterable[str]) -> None:
    """See that files are there with the bytes that were received; all of them are read.

    Raises
    ------
    FileLost, FileDamaged
    """
    for each in files:
        path = archive.path(each)
        require_whole(path, lambda path=path: hash_of_file(path))  # type: ignore[misc]
