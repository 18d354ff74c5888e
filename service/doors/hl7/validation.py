"""Messages are read by hl7apy, and held against the tables of the standard, before they leave."""

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.exceptions import MaxLengthReached
from hl7apy.parser import parse_message


def require_valid(text: str) -> None:
    """See that a message is one: segments, fields and their number, kinds of values.

    Names may be longer than the standard of 2007 wants; a receiver that must know them whole
    takes them, and none is cut.

    Raises
    ------
    HL7apyException
        It is none: a fault of ours.
    """
    try:
        found = parse_message(text, validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
    except MaxLengthReached:
        found = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=True)
    found.validate()
