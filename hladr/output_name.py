"""Names of the files that are written about a sample."""

import re

_LONGEST_STEM = 80
_SHOWN_DIGITS = 12


def output_name(file: str, sha256: str, ending: str) -> str:
    """Name of the sample, start of its hash, ending: two samples never share a file.

    Plain letters, digits, dot, hyphen and underscore only.
    """
    name = re.split(r"[/\\]", file)[-1]
    stem = re.sub(r"\.(fcs|lmd)$", "", name, flags=re.IGNORECASE)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", stem)[:_LONGEST_STEM].strip("._-")
    digits = re.sub(r"[^0-9a-f]", "", sha256.lower())[:_SHOWN_DIGITS]
    return f"{plain or 'sample'}-{digits}{ending}"
