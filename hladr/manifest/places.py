"""Where the files of a manifest are: beside it, anywhere on this computer, or in object storage."""

import os
import re

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_OBJECT = re.compile(r"s3://[^/\s]+/.*[^/]", re.DOTALL)

PLACE = "a path, or an address s3://bucket/key"


def is_remote(place: str) -> bool:
    """Whether a place is an address in object storage, ``s3://bucket/key``, not a path."""
    return place.startswith("s3://")


def is_place(text: str) -> bool:
    """Whether a text can be a path or an address that is known."""
    return _OBJECT.fullmatch(text) is not None if _URL.match(text) else True


def located(text: str, folder: str) -> str:
    """Absolute path, or the address, of what is written relative to a folder."""
    return text if is_remote(text) else os.path.join(folder, text)  # noqa: PTH118 - a path as text


def same_place(place: str) -> str:
    """Spelling in which two paths of one file are alike: ``day1/../a.fcs`` is ``a.fcs``.

    Links are not followed: nothing is looked at.
    """
    return place if is_remote(place) else os.path.normpath(place)
