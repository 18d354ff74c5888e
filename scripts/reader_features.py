"""Files that hold one feature of FCS each, and the truth about them, for `reader_matrix.py`."""

import math
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))

from seeds import by_hand, described  # noqa: E402

NUMBERS = ((10, 20, 30), (40, 50, 60), (70, 80, 90), (100, 110, 120))
_FLAT = [number for row in NUMBERS for number in row]
LINEAR = [list(map(float, column)) for column in zip(*NUMBERS, strict=True)]


@dataclass(frozen=True, slots=True)
class Feature:
    """A file and the truth about it; no columns: it contradicts itself and must be refused."""

    name: str
    content: bytes
    columns: list[list[float]] | None
    stored: list[list[float]] = field(default_factory=lambda: LINEAR)
    keywords: dict[str, str] = field(default_factory=dict)
    dataset: int | None = None


def packed(form: str, *, order: str = "<", repeat: int = 4) -> bytes:
    """The twelve numbers as events of one struct form."""
    return struct.pack(order + form * repeat, *_FLAT)


def u24() -> bytes:
    """The twelve numbers in three bytes each."""
    return b"".join(number.to_bytes(3, "little") for number in _FLAT)


def plain(**extra: str) -> dict[str, str]:
    """Keywords of 16-bit integers."""
    return described("I", "16", 4, **extra)


def types_and_widths() -> Iterator[Feature]:
    """How numbers are stored."""
    floats = described("F", "32", 4)
    yield Feature("32-bit floats, little-endian", by_hand(floats, packed("3f")), LINEAR)
    yield Feature(
        "32-bit floats, big-endian",
        by_hand(floats | {"$BYTEORD": "4,3,2,1"}, packed("3f", order=">")),
        LINEAR,
    )
    yield Feature("64-bit doubles", by_hand(described("D", "64", 4), packed("3d")), LINEAR)
    yield Feature(
        "16-bit integers, FCS 2.0",
        by_hand(plain(BYTEORD="2,1"), packed("3H", order=">"), version="FCS2.0", offsets=False),
        LINEAR,
    )
    mixed = plain(P1B="8", P3B="32")
    yield Feature(
        "integers of 8, 16 and 32 bits in one event", by_hand(mixed, packed("BHI")), LINEAR
    )
    yield Feature("24-bit integers", by_hand(described("I", "24", 4), u24()), LINEAR)
    yield Feature("64-bit integers", by_hand(described("I", "64", 4), packed("3Q")), LINEAR)
    yield Feature(
        "10 bits declared, 16 written (Beckman)",
        by_hand(plain(P1B="10", P2B="10", P3B="10"), packed("3H")),
        LINEAR,
    )
    yield Feature(
        "FCS 3.2, $PnDATATYPE mixed",
        by_hand(
            plain(P2B="32", P2DATATYPE="F", P3B="64", P3DATATYPE="D"),
            packed("Hfd"),
            version="FCS3.2",
        ),
        LINEAR,
    )
    text = ",".join(map(str, _FLAT)).encode()
    yield Feature("ASCII, delimited", by_hand(described("A", "*", 4), text), LINEAR)
    fixed = "".join(f"{number:4d}" for number in _FLAT).encode()
    yield Feature("ASCII, fixed width", by_hand(described("A", "4", 4), fixed), LINEAR)


def scaling() -> Iterator[Feature]:
    """What makes stored numbers scale values."""
    flags = struct.pack("<12H", *(number | 0x8000 for number in _FLAT))
    yield Feature("bits above $PnR (flags)", by_hand(plain(), flags), LINEAR)
    log = [LINEAR[0], [10 ** (4 * x / 1024) for x in LINEAR[1]], LINEAR[2]]
    for amplifier in ("4,1", "4,0"):
        yield Feature(
            f"$PnE {amplifier} of integers", by_hand(plain(P2E=amplifier), packed("3H")), log
        )
    floats = described("F", "32", 4, P2E="4,0")
    yield Feature("$PnE 4,0 of floats (must not be applied)", by_hand(floats, packed("3f")), LINEAR)
    half = [LINEAR[0], [x / 2 for x in LINEAR[1]], LINEAR[2]]
    yield Feature("$PnG 2", by_hand(plain(P2G="2"), packed("3H")), half)
    yield Feature("$PnG 0", by_hand(plain(P2G="0"), packed("3H")), LINEAR)
    timed = [*LINEAR[:2], [x * 0.01 for x in LINEAR[2]]]
    yield Feature("$TIMESTEP", by_hand(plain(TIMESTEP="0.01"), packed("3H")), timed)
    yield Feature("$TIMESTEP blank", by_hand(plain(TIMESTEP=" "), packed("3H")), LINEAR)
    odd = described("F", "32", 4, P1R="0", P2R="-1", P3R="23.4")
    yield Feature("$PnR 0, -1, 23.4 of floats", by_hand(odd, packed("3f")), LINEAR)
    values = [*_FLAT[:9], math.nan, math.inf, -math.inf]
    kept = [[*column[:3], value] for column, value in zip(LINEAR, values[9:], strict=True)]
    yield Feature(
        "NaN and infinities kept",
        by_hand(described("F", "32", 4), struct.pack("<12f", *values)),
        kept,
        kept,
    )
    empty = described("F", "32", 0)
    yield Feature("no events", by_hand(empty, b""), [[], [], []], [[], [], []])


def text() -> Iterator[Feature]:
    """How keywords are written."""
    data = packed("3H")
    said = {"cyt": "a b"}
    for mark, name in (("\x0c", "form feed"), ("|", "`\\|`"), ("\\", "backslash"), ("+", "`+`"),
                       ("?", "`?`"), ("\0", "NUL")):  # fmt: skip
        yield Feature(
            f"delimiter {name}",
            by_hand(plain(CYT="a b"), data, delimiter=mark),
            LINEAR,
            keywords=said,
        )
    yield Feature(
        "escaped delimiter in a value",
        by_hand(plain(CYT="a//b"), data),
        LINEAR,
        keywords={"cyt": "a/b"},
    )
    yield Feature("empty value", by_hand(plain(COM="", CYT="a b"), data), LINEAR, keywords=said)
    yield Feature(
        "escaped delimiter and empty value in one file",
        by_hand(plain(COM="", CYT="a//b", SRC=""), data),
        LINEAR,
        keywords={"cyt": "a/b"},
    )
    yield Feature(
        "a dollar sign in a value",
        by_hand(plain(CYT="US$ 5"), data),
        LINEAR,
        keywords={"cyt": "US$ 5"},
    )
    for encoding in ("utf-8", "latin-1", "mac-roman"):
        extra = plain(SYS="Macintosh", CYT="~~~") if encoding == "mac-roman" else plain(CYT="~~~")
        word = "µ" if encoding == "utf-8" else "µéx"
        coded = word.encode(encoding).ljust(3)
        content = by_hand(extra, data).replace(b"~~~", coded)
        yield Feature(f"{encoding} value", content, LINEAR, keywords={"cyt": word})
    yield Feature(
        "line feeds in TEXT",
        by_hand({f"\n{k}": v for k, v in plain(CYT="a b").items()}, data),
        LINEAR,
        keywords=said,
    )
    yield Feature("duplicate $PnN", by_hand(plain(P1N="A", P2N="A"), data), LINEAR)
    nameless = {k: v for k, v in plain().items() if k != "$P2N"}
    yield Feature("missing $PnN", by_hand(nameless, data), LINEAR)
    yield Feature(
        "supplemental TEXT", by_hand(plain(), data, supplement=b"/$CYT/a b/"), LINEAR, keywords=said
    )
    yield Feature(
        "ANALYSIS keywords",
        by_hand(plain(), data, analysis=b"/GATED/7/"),
        LINEAR,
        keywords={"gated": "7"},
    )


def places() -> Iterator[Feature]:
    """Where DATA is, and in which data set."""
    data = packed("3H")
    whole = by_hand(plain(), data)
    begin, end = int(whole[26:34]), int(whole[34:42])
    yield Feature("HEADER offsets 0, as in files above 99,999,999 bytes", head(whole, 0, 0), LINEAR)
    yield Feature(
        "DATA ends one byte late in HEADER and TEXT",
        head(whole, begin, end + 1).replace(b"%08d/" % end, b"%08d/" % (end + 1)) + b"\0",
        LINEAR,
    )
    yield Feature(
        "HEADER and TEXT differ by 2 bytes, TEXT is right", head(whole, begin - 2, end - 2), LINEAR
    )
    wrong = whole.replace(b"/%08d/" % begin, b"/%08d/" % (begin - 2))
    wrong = wrong.replace(b"/%08d/" % end, b"/%08d/" % (end - 2))
    yield Feature("HEADER and TEXT differ by 2 bytes, HEADER is right", wrong, LINEAR)
    longer = head(whole, begin, end + 3).replace(b"%08d/" % end, b"%08d/" % (end + 3))
    yield Feature("DATA longer than its events by half an event", longer + bytes(3), LINEAR)
    size = len(by_hand(plain(NEXTDATA="0" * 8), data))
    first = by_hand(plain(NEXTDATA=f"{size:08d}"), data)
    double = [[2 * x for x in column] for column in LINEAR]
    second = by_hand(plain(), struct.pack("<12H", *(2 * number for number in _FLAT)))
    yield Feature("second of two data sets", first + second, double, double, dataset=1)
    names = {"P1N": "FS LOG", "P2N": "FL1 LOG", "P3N": "FL2 LOG"}
    size = len(by_hand(plain(NEXTDATA="0" * 8, **names), data))
    low = by_hand(plain(NEXTDATA=f"{size:08d}", **names), data)
    fine = {f"P{n}R": "1048576" for n in (1, 2, 3)}
    high = by_hand(
        described("I", "32", 4, **names, **fine),
        struct.pack("<12I", *(2 * number for number in _FLAT)),
    )
    yield Feature("Beckman LMD: the full-resolution set by default", low + high, double, double)


def contradictions() -> Iterator[Feature]:
    """Files that contradict themselves."""
    data = packed("3H")
    whole = by_hand(plain(), data)
    yield Feature("$TOT larger than DATA", by_hand(plain(TOT="1000000000"), data), None)
    yield Feature("$TOT smaller than DATA", by_hand(plain(TOT="2"), data), None)
    yield Feature("file cut short", whole[:-5], None)
    yield Feature(
        "DATA inside TEXT",
        by_hand(plain(), data, offsets=False)[:26]
        + f"{100:8d}{123:8d}".encode()
        + by_hand(plain(), data, offsets=False)[42:],
        None,
    )
    yield Feature("$PnR 0 of integers", by_hand(plain(P1R="0"), data), None)
    yield Feature("$PnB 33", by_hand(plain(P1B="33"), data), None)
    yield Feature(
        "byte order 3,4,1,2",
        by_hand(described("I", "32", 4, BYTEORD="3,4,1,2"), packed("3I")),
        None,
    )
    yield Feature("$PAR 10,000,000", by_hand(plain(PAR="10000000"), data), None)
    twice = by_hand(plain(QQQ="512"), data).replace(b"/$QQQ/", b"/$P2R/")
    yield Feature("$P2R twice, 1024 and 512", twice, None)
    yield Feature("histogram ($MODE C)", by_hand(plain(MODE="C"), data), None)


def head(content: bytes, begin: int, end: int) -> bytes:
    """Put other DATA offsets into the HEADER."""
    return content[:26] + f"{begin:8d}{end:8d}".encode() + content[42:]


def features() -> list[Feature]:
    """Every row of the table."""
    parts = (types_and_widths(), scaling(), text(), places(), contradictions())
    return [feature for part in parts for feature in part]
