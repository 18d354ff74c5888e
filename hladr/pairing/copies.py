"""Files of the same content: one is measured, the others are said."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from hladr.pairing.left_out import LeftOut, Reason
from hladr.pairing.tube import Tube

Content = Callable[[str], str | None]


def without_copies(
    tubes: Iterable[Tube], content: Content
) -> tuple[tuple[Tube, ...], tuple[LeftOut, ...]]:
    """Tubes of different content, and the copies; of each content the first stays.

    Parameters
    ----------
    tubes
        In the order that counts.
    content
        Gives the hash of a file, None when it cannot be read any more. It is asked only of files
        of the same length and the same keywords.
    """
    alike: dict[tuple[int, str], list[Tube]] = {}
    ordered = list(tubes)
    for tube in ordered:
        alike.setdefault((tube.size, tube.keywords_sha256), []).append(tube)
    copies = {copy.path: copy for group in alike.values() for copy in _copies(group, content)}
    kept = tuple(tube for tube in ordered if tube.path not in copies)
    return kept, tuple(copies[tube.path] for tube in ordered if tube.path in copies)


def _copies(group: Sequence[Tube], content: Content) -> Iterator[LeftOut]:
    if len(group) < 2:
        return
    first: dict[str, str] = {}
    for tube in group:
        sha256 = content(tube.path)
        if sha256 is not None and first.setdefault(sha256, tube.path) != tube.path:
            detail = f"the same content as {first[sha256]}, which is taken"
            yield LeftOut(tube.path, Reason.COPY, detail)


def sha256_of(path: str) -> str | None:
    """Hash of a file; None when it cannot be read any more."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a path as text
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
