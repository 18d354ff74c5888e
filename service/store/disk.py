"""The disk that a database lies on: SQLite's locks do not hold on the disk of another machine."""

from pathlib import Path
from typing import ClassVar

from service.errors import ServiceError

_MOUNTS = Path("/proc/self/mountinfo")
_OF_ANOTHER_MACHINE = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.glusterfs", "fuse.s3fs",
        "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
    }
)  # fmt: skip


class NetworkDisk(ServiceError):
    """SQLite would lie on a network file system."""

    code: ClassVar[str] = "NETWORK_DISK"
    status: ClassVar[int] = 500

    def __init__(self, *, folder: Path, kind: str) -> None:
        self.folder, self.kind = folder, kind
        super().__init__(
            f"expected a disk of this machine for SQLite, found {folder} on {kind}, where two "
            "writers can destroy a database. Give another HLADR_DATA_DIR, or a PostgreSQL server "
            "by HLADR_DATABASE_URL."
        )


def require_local(folder: Path, mounts: Path = _MOUNTS) -> None:
    """Refuse a folder on the disk of another machine; where the system does not tell, none is.

    Raises
    ------
    NetworkDisk
    """
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return
    kind = _kind_of(folder.resolve(), lines)
    if kind in _OF_ANOTHER_MACHINE:
        raise NetworkDisk(folder=folder, kind=kind)


def _kind_of(folder: Path, lines: list[str]) -> str:
    """File system of the mount that holds a folder: of the deepest, the last one made."""
    deepest, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(_unescaped(before.split(" ")[4]))
        if folder.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), after.split(" ")[0]
    return kind


def _unescaped(text: str) -> str:
    for octal, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(octal, sign)
    return text
