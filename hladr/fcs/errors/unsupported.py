"""Kinds of FCS that are not read."""

from typing import ClassVar

from hladr.fcs.errors.file import FcsError
from hladr.fcs.errors.sentence import shown


class UnsupportedFcs(FcsError):
    """A kind of FCS file that is not read."""

    code: ClassVar[str] = "UNSUPPORTED_FCS"


class UnsupportedVersion(UnsupportedFcs):
    """The version in the HEADER is not read."""

    code: ClassVar[str] = "UNSUPPORTED_VERSION"

    def __init__(self, *, version: str) -> None:
        self.version = version
        super().__init__(
            f"the file calls itself {shown(version)}; FCS2.0, FCS3.0, FCS3.1 and FCS3.2 are read. "
            "Export it again as FCS 3.1."
        )


class UnsupportedMode(UnsupportedFcs):
    """Histograms instead of events."""

    code: ClassVar[str] = "UNSUPPORTED_MODE"

    def __init__(self, *, mode: str) -> None:
        self.mode = mode
        super().__init__(
            f"$MODE is {shown(mode)}, a histogram; single events (list mode, L) are needed. "
            "Export the tube in list mode."
        )


class UnsupportedDataType(UnsupportedFcs):
    """$DATATYPE or $PnDATATYPE is unknown."""

    code: ClassVar[str] = "UNSUPPORTED_DATA_TYPE"

    def __init__(self, *, keyword: str, found: str) -> None:
        self.keyword, self.found = keyword, found
        super().__init__(
            f"{keyword} is {shown(found)}; I, F, D and A are read. "
            "Export the file again as FCS 3.1."
        )


class UnsupportedByteOrder(UnsupportedFcs):
    """$BYTEORD is neither ascending nor descending."""

    code: ClassVar[str] = "UNSUPPORTED_BYTE_ORDER"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"$BYTEORD is {shown(found)}; 1,2,3,4 and 4,3,2,1 (and 1,2 and 2,1) are read, and "
            "guessing would give wrong numbers. Export the file again as FCS 3.1."
        )


class UnsupportedWidth(UnsupportedFcs):
    """$PnB is not a width that can be read."""

    code: ClassVar[str] = "UNSUPPORTED_WIDTH"

    def __init__(self, *, keyword: str, found: str) -> None:
        self.keyword, self.found = keyword, found
        super().__init__(
            f"{keyword} is {shown(found)}; whole bytes up to 64 bits are read. "
            "Export the file again as FCS 3.1 with 16, 32 or 64 bits."
        )
