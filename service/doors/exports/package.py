"""A zip of the same bytes for the same content, and a hash of each of its members."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final, Protocol, cast

_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: nothing is told by it
_READABLE: Final = 0o100644 << 16
SUMS: Final = "SHA256SUMS"


class Taker(Protocol):
    """Whoever takes the bytes of a package, from its first to its last."""

    def write(self, piece: bytes, /) -> object:
        """Take some bytes."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member that was written: its name, hash and size."""

    name: str
    sha256: str
    size: int


@dataclass(slots=True)
class Package:
    """A zip that is being written.

    Parameters
    ----------
    archive
        Where its members go.
    members
        Those that are whole, in their order.
    """

    archive: zipfile.ZipFile
    members: list[Member] = field(default_factory=list)

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """Give a stream for the next member."""
        with self.archive.open(_info(name), "w", force_zip64=True) as stream:
            hashed = _Hashed(stream)
            yield cast("IO[bytes]", hashed)
        self.members.append(Member(name, hashed.sha256.hexdigest(), hashed.size))

    def add(self, name: str, content: bytes) -> None:
        """Write a member that is held."""
        with self.member(name) as stream:
            stream.write(content)


@contextmanager
def packed(taker: Taker) -> Iterator[Package]:
    """Give a package to fill; its last member is the list of hashes that `sha256sum` reads.

    It is written once, from its first byte to its last: nothing in it is gone back to.
    """
    with zipfile.ZipFile(cast("IO[bytes]", _Onward(taker)), "w") as archive:
        package = Package(archive)
        yield package
        sums = "".join(f"{each.sha256}  {each.name}\n" for each in package.members)
        package.add(SUMS, sums.encode())


class _Onward(io.RawIOBase):
    """A stream that cannot go back."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 - whatever holds bytes
        """Pass some bytes on."""
        self._taker.write(piece)
        return len(piece)


class _Hashed(io.RawIOBase):
    """A stream that hashes what goes through."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sha256, self.size = hashlib.sha256(), 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 - whatever holds bytes
        """Take some bytes."""
        self.sha256.update(piece)
        self.size += len(piece)
        return self._stream.write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, _READABLE
    return info
