"""What de-identification refuses. No sentence repeats a value that was to be removed.

DeidentificationError
├── PseudonymKeyMissing    PSEUDONYM_KEY_MISSING
├── PseudonymKeyShort      PSEUDONYM_KEY_SHORT
├── SubjectMissing         SUBJECT_MISSING         the file does not have the keyword named
├── RemovedValueFound      REMOVED_VALUE_FOUND     the output holds what was to be removed
├── DeidentifiedDiffers    DEIDENTIFIED_DIFFERS    the output would not measure the same
└── FolderNotWritable      FOLDER_NOT_WRITABLE
"""

from typing import ClassVar

from hladr.errors import HladrError


class DeidentificationError(HladrError):
    """A file cannot be de-identified."""

    code: ClassVar[str] = "DEIDENTIFICATION_ERROR"


class PseudonymKeyMissing(DeidentificationError):
    """There is no key to make pseudonyms with."""

    code: ClassVar[str] = "PSEUDONYM_KEY_MISSING"

    def __init__(self, *, place: str, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(
            f"expected the laboratory's pseudonym key in {place}; {reason}. Make one, for example "
            "with: openssl rand -hex 32, keep it secret and apart from the files, and use it "
            "for all of them."
        )


class PseudonymKeyShort(DeidentificationError):
    """The key could be guessed."""

    code: ClassVar[str] = "PSEUDONYM_KEY_SHORT"

    def __init__(self, *, found: int, needed: int) -> None:
        self.found, self.needed = found, needed
        super().__init__(
            f"the pseudonym key has to have {needed} bytes that are not a few repeated; found "
            f"{found}. With a key that can be guessed anyone can undo the pseudonyms. "
            "Make one, for example with: openssl rand -hex 32."
        )


class SubjectMissing(DeidentificationError):
    """The file does not say whose it is."""

    code: ClassVar[str] = "SUBJECT_MISSING"

    def __init__(self, *, keyword: str) -> None:
        self.keyword = keyword
        super().__init__(
            f"expected the subject in the keyword {keyword!r}; the file does not have it, or it "
            "is blank. Name the keyword that holds it, or give the subject with --subject."
        )


class RemovedValueFound(DeidentificationError):
    """What was to be removed stands in the output."""

    code: ClassVar[str] = "REMOVED_VALUE_FOUND"

    def __init__(self, *, place: str, length: int) -> None:
        self.place, self.length = place, length
        super().__init__(
            f"a value of {length} characters that was removed also stands in {place}, where it "
            "would have stayed; no output was kept. Look at the file with hladr inspect; correct "
            "the channel's name or setting at the cytometer and export again."
        )


class DeidentifiedDiffers(DeidentificationError):
    """The output, read again, would not give the same measurement."""

    code: ClassVar[str] = "DEIDENTIFIED_DIFFERS"

    def __init__(
        self, *, what: str, advice: str = "Export the original again as FCS 3.1 and try that."
    ) -> None:
        self.what = what
        super().__init__(
            f"the de-identified file, read again, differs from the original in {what}; no output "
            f"was kept. {advice}"
        )


class FolderNotWritable(DeidentificationError):
    """The output cannot be written where it should go."""

    code: ClassVar[str] = "FOLDER_NOT_WRITABLE"

    def __init__(self, *, folder: str, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(
            f"cannot write to the folder {folder!r}: {reason}. Name a folder you may write to, on "
            "a disk with room, that does not hold the originals."
        )
