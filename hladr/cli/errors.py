"""What the command line itself refuses.

InputFileError
├── FileNotFound         FILE_NOT_FOUND       no such file
├── FolderGiven          FOLDER_GIVEN         a folder where a file is needed
└── FileNotReadable      FILE_NOT_READABLE    the system does not give the bytes
OutputNotWritable        OUTPUT_NOT_WRITABLE  results or reports cannot be written there
InternalError            INTERNAL_ERROR       a bug
"""

from typing import ClassVar

from hladr.errors import HladrError

SAMPLE = "sample"  # of which there may be several


class InputFileError(HladrError):
    """A file that was named cannot be opened."""

    code: ClassVar[str] = "INPUT_FILE_ERROR"


class FileNotFound(InputFileError):
    """No such file."""

    code: ClassVar[str] = "FILE_NOT_FOUND"

    def __init__(self, *, path: str, purpose: str) -> None:
        self.path, self.purpose = path, purpose
        super().__init__(f"no file {path!r} ({purpose}). Check the name and the folder.")


class FolderGiven(InputFileError):
    """A folder where a file is needed."""

    code: ClassVar[str] = "FOLDER_GIVEN"

    def __init__(self, *, path: str, purpose: str) -> None:
        self.path, self.purpose = path, purpose
        several = ", or several with a pattern such as *.fcs" if purpose == SAMPLE else ""
        super().__init__(
            f"expected a file ({purpose}), found the folder {path!r}. Name the file in it{several}."
        )


class FileNotReadable(InputFileError):
    """The operating system does not give the bytes."""

    code: ClassVar[str] = "FILE_NOT_READABLE"

    def __init__(self, *, path: str, purpose: str, reason: str) -> None:
        self.path, self.purpose, self.reason = path, purpose, reason
        super().__init__(
            f"the file {path!r} ({purpose}) cannot be read: {reason}. Check its permissions, and "
            "that no other program holds it."
        )


class OutputNotWritable(HladrError):
    """Results or reports cannot be written where they should go."""

    code: ClassVar[str] = "OUTPUT_NOT_WRITABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"cannot write to {path!r}: {reason}. Name a file in a folder that exists and that "
            "you may write to, on a disk with room."
        )


class InternalError(HladrError):
    """Something went wrong that no input should be able to cause."""

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, *, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f"internal error ({kind}); this is a fault of the program, not of your file. Please "
            "report it with the lines above."
        )
