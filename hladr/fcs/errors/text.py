"""TEXT and its keywords."""

from typing import ClassVar

from hladr.fcs.errors.file import FcsError
from hladr.fcs.errors.sentence import shown


class TextInvalid(FcsError):
    """TEXT holds no keywords."""

    code: ClassVar[str] = "TEXT_INVALID"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            "the TEXT segment should be keywords and values between delimiters; "
            f"found {found}. The file is damaged; export it again."
        )


class KeywordError(FcsError):
    """A keyword that the numbers rest on is missing or means nothing."""

    code: ClassVar[str] = "KEYWORD_ERROR"


class KeywordMissing(KeywordError):
    """A required keyword is not there, or is empty."""

    code: ClassVar[str] = "KEYWORD_MISSING"

    def __init__(self, *, keyword: str) -> None:
        self.keyword = keyword
        super().__init__(
            f"the keyword {keyword} is required and is missing or empty. "
            "The file is incomplete; export it again."
        )


class KeywordInvalid(KeywordError):
    """A keyword's value is outside what it can mean."""

    code: ClassVar[str] = "KEYWORD_INVALID"

    def __init__(self, *, keyword: str, found: str, expected: str) -> None:
        self.keyword, self.found, self.expected = keyword, found, expected
        super().__init__(
            f"{keyword} should be {expected}; found {shown(found)}. "
            "The file is damaged; export it again."
        )


class KeywordConflict(KeywordError):
    """A keyword that the numbers rest on is given twice, differently."""

    code: ClassVar[str] = "KEYWORD_CONFLICT"

    def __init__(self, *, keyword: str, first: str, second: str) -> None:
        self.keyword, self.first, self.second = keyword, first, second
        super().__init__(
            f"{keyword} is given twice, as {shown(first)} and as {shown(second)}; the numbers rest "
            "on it and nothing tells which is right. Export the file again."
        )
