"""Rules for pairing that cannot be used."""

from typing import ClassVar

from hladr.errors import HladrError


class InvalidPairingRules(HladrError):
    """A rules file that is not there, or does not say what is needed."""

    code: ClassVar[str] = "INVALID_PAIRING_RULES"

    def __init__(self, *, source: str, where: str, problem: str) -> None:
        self.source, self.where, self.problem = source, where, problem
        super().__init__(f"pairing rules {source}: {where}: {problem}.")
