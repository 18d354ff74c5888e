"""Names of gates in a sentence."""

from hladr.gate_files.fields import shown

MOST_NAMED = 3


def listed(names: list[str]) -> str:
    """Return the first names behind the word Gate, with how many more there are."""
    first = ", ".join(shown(name) for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{'Gate' if len(names) == 1 else 'Gates'} {first}{more}"
