"""Why the calibrated events of a sample are not exported.

ExportError
├── ResultRejected       RESULT_REJECTED       the result may not be used
├── OtherSample          OTHER_SAMPLE          other events than were measured
└── ExportNotWritable    EXPORT_NOT_WRITABLE   the file cannot be written there
"""

from typing import ClassVar

from hladr.errors import HladrError


class ExportError(HladrError):
    """The calibrated events of a sample cannot be exported."""

    code: ClassVar[str] = "EXPORT_ERROR"


class ResultRejected(ExportError):
    """The result may not be used, so neither may its values event by event."""

    code: ClassVar[str] = "RESULT_REJECTED"

    def __init__(self, *, file: str, findings: tuple[str, ...]) -> None:
        self.file, self.findings = file, findings
        super().__init__(
            f"the result of {file!r} is rejected ({', '.join(findings)}); calibrated values are "
            "exported only of results that may be used. Clear up the findings and measure again."
        )


class OtherSample(ExportError):
    """The events are not those that were measured."""

    code: ClassVar[str] = "OTHER_SAMPLE"

    def __init__(self, *, file: str, expected: str, found: str) -> None:
        self.file, self.expected, self.found = file, expected, found
        super().__init__(
            f"expected the file that was measured (SHA-256 {expected}), found {file!r} with "
            f"{found}. Give that file, or measure this one."
        )


class ExportNotWritable(ExportError):
    """The export cannot be written there."""

    code: ClassVar[str] = "EXPORT_NOT_WRITABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"cannot write the export to {path!r}: {reason}. Name another file or folder that you "
            "may write to."
        )
