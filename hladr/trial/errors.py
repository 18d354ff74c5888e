"""What can be wrong with a trial's definition, or with what is handed to it.

TrialError
├── UnknownTrial         no trial of that name, no such file
├── InvalidTrial         the definition cannot be used
├── UnknownQuestion      an answer to a question that the trial does not ask
├── InvalidAnswer        an answer without a person or with a time that cannot be read
└── ClassOfOtherTrial    the class was made by a criterion that is not the trial's
"""

from typing import ClassVar

from hladr.errors import HladrError


class TrialError(HladrError):
    """Root of what a trial refuses."""

    code: ClassVar[str] = "TRIAL_ERROR"


class UnknownTrial(TrialError):
    """No trial of that name, no file of that path."""

    code: ClassVar[str] = "UNKNOWN_TRIAL"

    def __init__(self, *, name: str, known: tuple[str, ...]) -> None:
        self.name, self.known = name, known
        super().__init__(
            f"expected one of the trials {', '.join(known)} or the path of a .toml file, "
            f"found {name!r}; correct the name or the path"
        )


class InvalidTrial(TrialError):
    """A definition that does not say what is needed, or says it wrongly."""

    code: ClassVar[str] = "INVALID_TRIAL"

    def __init__(self, *, file: str, field: str, expected: str, found: str) -> None:
        self.file, self.field, self.expected, self.found = file, field, expected, found
        super().__init__(
            f"trial file {file}, {field}: expected {expected}, found {found}; "
            "correct the file or use a built-in trial"
        )


class UnknownQuestion(TrialError):
    """An answer that would be believed to have an effect."""

    code: ClassVar[str] = "UNKNOWN_QUESTION"

    def __init__(self, *, question: str, trial: str, known: tuple[str, ...]) -> None:
        self.question, self.trial, self.known = question, trial, known
        super().__init__(
            f"{trial} does not ask {question!r}; expected answers to {', '.join(known)}. "
            "Correct the name of the question."
        )


class InvalidAnswer(TrialError):
    """An answer or a signature that nobody stands behind, or a time that cannot be read."""

    code: ClassVar[str] = "INVALID_ANSWER"

    def __init__(self, *, field: str, expected: str, found: str) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(f"{field}: expected {expected}, found {found!r}; correct the entry")


class ClassOfOtherTrial(TrialError):
    """A class by other rules than the trial's."""

    code: ClassVar[str] = "CLASS_OF_OTHER_TRIAL"

    def __init__(self, *, trial: str, expected: str, found: str) -> None:
        self.trial, self.expected, self.found = trial, expected, found
        super().__init__(
            f"{trial} needs a class by the criterion {expected}, found one by {found}; classify "
            "by the trial's criterion"
        )
