"""A small FCS writer of its own, so that the reader under test is not checked against itself.

Three kinds of file: FCS 3.1 with little-endian float32, FCS 2.0 with 10-bit numbers in
big-endian 16-bit words, FCS 3.0 with 20-bit numbers in little-endian 32-bit words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

DELIMITER = "\x0c"  # form feed, as BD software writes
HEADER_BYTES = 58
TEXT_START = 256


@dataclass(frozen=True, slots=True)
class Storage:
    version: str
    datatype: str
    byte_order: str
    bits: int
    dtype: str


FLOAT = Storage("FCS3.1", "F", "1,2,3,4", 32, "<f4")
TEN_BIT = Storage("FCS2.0", "I", "4,3,2,1", 16, ">u2")
TWENTY_BIT = Storage("FCS3.0", "I", "1,2,3,4", 32, "<u4")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    range: int = 262144
    marker: str | None = None
    voltage: int | None = None
    gain: float | None = None
    decades: str = "0,0"

    def keywords(self, number: int, bits: int) -> dict[str, str]:
        found = {
            f"$P{number}N": self.name,
            f"$P{number}R": str(self.range),
            f"$P{number}B": str(bits),
            f"$P{number}E": self.decades,
        }
        if self.marker is not None:
            found[f"$P{number}S"] = self.marker
        if self.voltage is not None:
            found[f"$P{number}V"] = str(self.voltage)
        if self.gain is not None:
            found[f"$P{number}G"] = str(self.gain)
        return found


def _stored(events: np.ndarray, parameters: list[Parameter], storage: Storage) -> bytes:
    if storage.datatype in {"F", "D"}:
        return np.ascontiguousarray(events, dtype=storage.dtype).tobytes()
    tops = np.array([parameter.range - 1 for parameter in parameters])
    return np.clip(np.floor(events), 0, tops).astype(storage.dtype).tobytes()


def _text(keywords: dict[str, str]) -> bytes:
    for key, value in keywords.items():
        if not value:
            message = f"{key} would be empty"
            raise ValueError(message)
    parts = [f"{key}{DELIMITER}{value}" for key, value in keywords.items()]
    return (DELIMITER + DELIMITER.join(parts) + DELIMITER).encode("utf-8")


def fcs_bytes(
    events: np.ndarray,
    parameters: list[Parameter],
    keywords: dict[str, str],
    storage: Storage = FLOAT,
) -> bytes:
    """One data set, TEXT then DATA; ``events`` are the numbers to be stored, (n_events, n)."""
    data = _stored(events, parameters, storage)
    text_keywords = {
        "$BYTEORD": storage.byte_order,
        "$DATATYPE": storage.datatype,
        "$MODE": "L",
        "$NEXTDATA": "0",
        "$PAR": str(len(parameters)),
        "$TOT": f"{len(events):<12d}",
    }
    if storage.version != "FCS2.0":
        text_keywords |= dict.fromkeys(("$BEGINSTEXT", "$ENDSTEXT"), "0")
        text_keywords |= dict.fromkeys(("$BEGINANALYSIS", "$ENDANALYSIS"), "0")
        text_keywords |= dict.fromkeys(("$BEGINDATA", "$ENDDATA"), " " * 12)
    for number, parameter in enumerate(parameters, start=1):
        text_keywords |= parameter.keywords(number, storage.bits)
    text_keywords |= keywords

    text = _text(text_keywords)
    text_end = TEXT_START + len(text) - 1
    begin = text_end + 1
    end = begin + len(data) - 1
    if storage.version != "FCS2.0":
        text_keywords["$BEGINDATA"] = f"{begin:<12d}"
        text_keywords["$ENDDATA"] = f"{end:<12d}"
        text = _text(text_keywords)
    offsets = (TEXT_START, text_end, begin, end, 0, 0)
    header = storage.version + "    " + "".join(f"{offset:>8d}" for offset in offsets)
    crc = b"" if storage.version == "FCS2.0" else b"00000000"
    return header.encode().ljust(TEXT_START, b" ") + text + data + crc


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a cytometer is about to write, so that a case may write it otherwise."""

    events: np.ndarray
    parameters: tuple[Parameter, ...]
    keywords: Mapping[str, str]
    storage: Storage

    def to_bytes(self) -> bytes:
        return fcs_bytes(self.events, list(self.parameters), dict(self.keywords), self.storage)

    def index(self, name: str) -> int:
        return [parameter.name for parameter in self.parameters].index(name)

    def column(self, name: str) -> np.ndarray:
        return self.events[:, self.index(name)]

    def with_column(self, name: str, values: np.ndarray) -> "Recording":
        events = self.events.copy()
        events[:, self.index(name)] = values
        return replace(self, events=events)

    def without(self, *names: str) -> "Recording":
        kept = [i for i, each in enumerate(self.parameters) if each.name not in names]
        return replace(
            self,
            events=self.events[:, kept],
            parameters=tuple(self.parameters[i] for i in kept),
        )

    def with_parameters(self, changes: Mapping[str, Mapping[str, object]]) -> "Recording":
        """Attributes of some parameters, by their names, written otherwise."""
        changed = (replace(each, **changes.get(each.name, {})) for each in self.parameters)
        return replace(self, parameters=tuple(changed))

    def with_keywords(self, changes: Mapping[str, str | None]) -> "Recording":
        """Keywords added or replaced; None takes one away."""
        merged = {**self.keywords, **changes}
        return replace(self, keywords={key: text for key, text in merged.items() if text})
