"""Files to begin with: every kind the writer can make, kinds made by hand, and real ones cut short.

python tests/fuzz/seeds.py FOLDER
"""

import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hladr.fcs import FcsError, OutputChannel, read_fcs, write_fcs

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "fcs"
SAMPLES = ROOT / "sample_fcs"
LARGEST = 65_536
EVENTS = 24


def by_hand(
    pairs: dict[str, str],
    data: bytes,
    *,
    version: str = "FCS3.1",
    delimiter: str = "/",
    analysis: bytes = b"",
    supplement: bytes = b"",
    offsets: bool = True,
) -> bytes:
    """Bytes of one data set: HEADER, TEXT, supplemental TEXT, DATA, ANALYSIS, as they are given."""
    places = {f"${edge}{what}": "0" * 8 for what in ("DATA", "STEXT", "ANALYSIS")
              for edge in ("BEGIN", "END")} if offsets else {}  # fmt: skip
    size = len(_text(places | pairs, delimiter))
    begins = [58]
    for part in (size, len(supplement), len(data), len(analysis)):
        begins.append(begins[-1] + part)
    spans = {"STEXT": (begins[1], begins[2] - 1), "DATA": (begins[2], begins[3] - 1),
             "ANALYSIS": (begins[3], begins[4] - 1)}  # fmt: skip
    for what, (first, last) in spans.items() if offsets else ():
        if last >= first:
            places |= {f"$BEGIN{what}": f"{first:08d}", f"$END{what}": f"{last:08d}"}
    fields = [58, begins[1] - 1, *spans["DATA"]]
    fields += spans["ANALYSIS"] if analysis else (0, 0)
    head = f"{version}    " + "".join(f"{field:8d}" for field in fields)
    return head.encode() + _text(places | pairs, delimiter) + supplement + data + analysis


def _text(pairs: dict[str, str], delimiter: str) -> bytes:
    tokens = [token for pair in pairs.items() for token in pair]
    return (delimiter + delimiter.join(tokens) + delimiter).encode()


def described(types: str, bits: str, events: int, **extra: str) -> dict[str, str]:
    """Keywords of channels of one kind."""
    pairs = {"$PAR": "3", "$TOT": str(events), "$MODE": "L", "$DATATYPE": types,
             "$BYTEORD": "1,2,3,4", "$NEXTDATA": "0"}  # fmt: skip
    for n, name in enumerate(("FSC-A", "PE-A", "Time"), start=1):
        pairs |= {f"$P{n}N": name, f"$P{n}B": bits, f"$P{n}R": "1024", f"$P{n}E": "0,0"}
    return pairs | {f"${name}": value for name, value in extra.items()}


def written() -> Iterator[bytes]:
    """Each version, type, width and order by the writer."""
    rng = np.random.default_rng(1)
    numbers = rng.integers(0, 200, (4, EVENTS))
    orders = ("little", "big")
    for version, order, kind in itertools.product(("FCS2.0", "FCS3.0", "FCS3.2"), orders, "IFD"):
        for bits in (8, 16, 24, 32, 64) if kind == "I" else (32,):
            names = ("FSC-A", "SSC-A", "PE-A", "Time")
            amplified = kind == "I" and bits == 16
            channels = [
                OutputChannel(
                    name, row, bits=bits, range=256, marker=f"m{name}", gain=2.0, voltage=400.0,
                    amplification="4,1" if amplified else "0,0",
                )
                for name, row in zip(names, numbers, strict=True)
            ]  # fmt: skip
            keywords = {"$CYT": "x", "$TIMESTEP": "0.01",
                        "$SPILLOVER": "2,PE-A,SSC-A,1,0.1,0.2,1"}  # fmt: skip
            yield _file(channels, keywords, version=version, data_type=kind, byte_order=order)
    mixed = [OutputChannel(f"M{n}", row, bits=8 * (n + 1), range=256, data_type=kind)
             for n, (row, kind) in enumerate(zip(numbers, "IFDI", strict=True))]  # fmt: skip
    for delimiter in ("/", "|", "\\", "\x0c", "$", " ", "1", "\0"):
        yield _file(mixed, {}, version="FCS3.2", delimiter=delimiter)
    yield _file([OutputChannel("A", [])], {})
    yield _file([OutputChannel(f"C{n}", [n]) for n in range(300)], {})


def _file(channels: list[OutputChannel], keywords: dict[str, str], **options: str) -> bytes:
    target = io.BytesIO()
    try:
        write_fcs(target, channels, keywords=keywords, **options)
    except ValueError:  # a delimiter that stands in a name
        return by_hand(described("I", "8", 2), bytes(6))
    return target.getvalue()


def made() -> Iterator[bytes]:
    """Kinds the writer does not make."""
    yield by_hand(described("A", "*", 2), b"1,2 3\r\n 40 50,60")
    yield by_hand(described("A", "4", 2), b"   1   2   3  40  50  60")
    yield by_hand(described("A", "4", 2, P1B="2", P3B="6"), b" 1   2     340  50    60")
    yield by_hand(described("I", "10", 2), bytes(12), version="FCS2.0")
    yield by_hand(described("I", "12", 2, BYTEORD="2,1"), bytes(range(12)))
    yield by_hand(described("I", "16", 2, P1E="4,0", P2E="3,0.5", P2G="4"), bytes(range(12)))
    yield by_hand(described("I", "32", 2, P1R="262144", P2R="16777216.5"), bytes(range(24)))
    yield by_hand(described("F", "32", 2, P1R="-1", P2R="0", P3R="23.4"), b"\0\0\xc0\x7f" * 6)
    yield by_hand(described("F", "16", 2, P2DATATYPE="D"), bytes(32), version="FCS3.2")
    yield by_hand(described("I", "16", 2), bytes(12), supplement=b"/$CYT/b/$P2S/CD14/")
    yield by_hand(described("I", "16", 2), bytes(12), analysis=b"/GATE/1//2/x/y/")
    yield by_hand(described("I", "16", 2, COM="", P2S="a//b", P1S=""), bytes(12))
    yield by_hand(described("I", "16", 2, P2S="µ"), bytes(12)).replace("µ".encode(), b"\xb5 ")
    yield by_hand(described("I", "16", 2, COMP="3,1,0,0,0.1,1,0,0,0,1"), bytes(12))
    yield by_hand(described("I", "16", 2, P1N="FL1", P2N="FL2", DFC1TO2="3"), bytes(12))
    yield by_hand(described("I", "16", 2), bytes(13), offsets=False)
    yield by_hand(described("I", "16", 2), bytes(range(12)), offsets=False)
    first = by_hand(described("I", "16", 2, NEXTDATA="00000000"), bytes(12))
    first = first.replace(b"00000000/$MODE", b"%08d/$MODE" % len(first))
    size = f"{len(first):08d}"
    for names in (("FL1 LOG", "FL2 LOG"), ("a", "b")):
        low = described("I", "16", 2, NEXTDATA=size, P1N=names[0], P2N=names[1], P1S="CD14")
        low = by_hand(low, bytes(12))
        low = by_hand(described("I", "16", 2, NEXTDATA=f"{len(low):08d}", P1N=names[0],
                                P2N=names[1], P1S="CD14"), bytes(12))  # fmt: skip
        high = described("I", "32", 2, P1N=names[0], P2N=names[1])
        high |= {f"$P{n}R": "1048576" for n in (1, 2, 3)}
        yield low + by_hand(high, bytes(range(24)))
        yield low + low[:-12].replace(b"$PAR", b"$XAR") + low


def real(folder: Path) -> Iterator[bytes]:
    """Files of a folder: whole where they are small, else with their first few events only."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.read_bytes()[:3] == b"FCS":
            content = path.read_bytes()
            yield content if len(content) <= LARGEST else shortened(content)


def shortened(content: bytes) -> bytes:
    """The same file with at most 24 events, its offsets and $TOT mended in place."""
    try:
        table = read_fcs(content, dataset=0)
    except FcsError:
        return content[:LARGEST]
    per_event = max(1, sum(max(c.bits, 8) for c in table.channels) // 8)
    text_end = int(content[18:26]) + 1
    begin = int(content[26:34].strip() or 0) or int(table.keyword("$BEGINDATA") or 0)
    end = begin + min(EVENTS, table.n_events) * per_event
    text = content[:text_end]
    for name, value in (("$TOT", min(EVENTS, table.n_events)), ("$ENDDATA", end - 1)):
        pattern = re.compile(re.escape(name.encode()) + rb"(.)([ 0-9]+)", re.DOTALL)
        text = pattern.sub(lambda m, n=name, v=value: n.encode() + m[1] + b"%0*d" % (len(m[2]), v),
                           text)  # fmt: skip
    return text[:34] + f"{end - 1:8d}".encode() + text[42:] + content[text_end:end]


def write_seeds(folder: Path) -> int:
    """Write all seeds; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = itertools.chain(written(), made(), real(SAMPLES), real(CORPUS))
    contents = list(dict.fromkeys(each for each in sources if len(each) <= LARGEST))
    for number, content in enumerate(contents):
        (folder / f"seed{number:03d}.fcs").write_bytes(content)
    return len(contents)


if __name__ == "__main__":
    print(write_seeds(Path(sys.argv[1])), "seeds")
