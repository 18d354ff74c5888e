"""The file as a whole: not given, not FCS, not bounded."""

from typing import ClassVar

from hladr.errors import HladrError
from hladr.fcs.errors.sentence import shown


class FcsError(HladrError):
    """The file is not what it claims to be, or not what can be read."""

    code: ClassVar[str] = "FCS_ERROR"


class FileUnreadable(FcsError):
    """The operating system would not give the file's bytes."""

    code: ClassVar[str] = "FILE_UNREADABLE"

    def __init__(self, *, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(
            f"cannot open {shown(file)}: {reason}. Check the path and its permissions."
        )


class FileShortened(FcsError):
    """Somebody made the file shorter after it was opened."""

    code: ClassVar[str] = "FILE_SHORTENED"

    def __init__(self, *, file: str, needed: int) -> None:
        self.file, self.needed = file, needed
        super().__init__(
            f"{shown(file)} became shorter while it was read: expected bytes up to {needed}, found "
            "its end before. Copy it to where nobody writes to it, and read it again."
        )


class NotFcs(FcsError):
    """The file does not begin as every FCS file does."""

    code: ClassVar[str] = "NOT_FCS"

    def __init__(self, *, size: int, start: bytes) -> None:
        self.size, self.start = size, start
        found = shown(start.decode("latin-1"))
        super().__init__(
            "not an FCS file: the first bytes should read FCS2.0, FCS3.0, FCS3.1 or FCS3.2 in a "
            f"HEADER of 58 bytes; found {found} in a file of {size} bytes. "
            "Give the .fcs or .lmd file as the cytometer exported it."
        )


class HeaderInvalid(FcsError):
    """The HEADER's offsets cannot be used."""

    code: ClassVar[str] = "HEADER_INVALID"

    def __init__(self, *, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"the HEADER should give {field} as bytes in order; found {shown(found)}. "
            "The file is damaged; export it again."
        )


class LimitExceeded(FcsError):
    """Something is larger than in any real file."""

    code: ClassVar[str] = "LIMIT_EXCEEDED"

    def __init__(self, *, what: str, found: int, limit: int) -> None:
        self.what, self.found, self.limit = what, found, limit
        super().__init__(
            f"{what} is {found}; at most {limit} are read, more than any cytometer writes. "
            "The file is damaged or made to do harm; export it again."
        )


class DatasetNotFound(FcsError):
    """The data set asked for is not in the file."""

    code: ClassVar[str] = "DATASET_NOT_FOUND"

    def __init__(self, *, wanted: int, found: int) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"data set {wanted} was asked for; the file holds {found}, counted from 0. "
            "Leave the choice to the reader, or ask for one that is there."
        )
