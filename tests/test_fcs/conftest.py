"""A file written byte by byte, without the writer that is under test."""

import struct
from pathlib import Path

import pytest

SHARED_FCS = Path(__file__).resolve().parents[3] / "shared" / "fcs"


@pytest.fixture(scope="session")
def corpus():
    if not SHARED_FCS.is_dir():
        pytest.skip("the shared file corpus is not beside this checkout")
    return SHARED_FCS


def _keywords(n_channels, *, bits, data_range, data_type, byte_order, n_events, extra):
    pairs = {
        "$PAR": n_channels,
        "$TOT": n_events,
        "$MODE": "L",
        "$DATATYPE": data_type,
        "$BYTEORD": byte_order,
        "$NEXTDATA": 0,
    }
    for n in range(1, n_channels + 1):
        pairs |= {f"$P{n}N": f"C{n}", f"$P{n}B": bits, f"$P{n}R": data_range, f"$P{n}E": "0,0"}
    pairs |= extra
    return {name: str(value) for name, value in pairs.items() if value is not None}


@pytest.fixture(scope="session")
def handmade():
    """Return a builder of FCS bytes whose every lie can be chosen."""

    def build(
        data=None,
        *,
        n_channels=2,
        bits=16,
        data_range=1024,
        data_type="I",
        byte_order="1,2,3,4",
        n_events=None,
        version="FCS3.1",
        delimiter="/",
        extra=None,
        text=None,
        header_data=None,
        header_text=None,
        offsets=True,
        gap=b"",
        tail=b"",
    ):
        if data is None:
            data = struct.pack("<6H", 1, 2, 3, 4, 5, 6)
        event = n_channels * bits // 8
        count = len(data) // event if n_events is None else n_events
        pairs = _keywords(
            n_channels,
            bits=bits,
            data_range=data_range,
            data_type=data_type,
            byte_order=byte_order,
            n_events=count,
            extra=extra or {},
        )
        places = {"$BEGINDATA": "0" * 8, "$ENDDATA": "0" * 8} if offsets else {}
        mark = delimiter.encode()

        def written(places):
            if text is not None:
                return text
            tokens = [t for pair in (places | pairs).items() for t in pair]
            return mark + mark.join(t.encode() for t in tokens) + mark

        begin = 58 + len(written(places)) + len(gap)
        last = begin + len(data) - 1
        if offsets:
            places = {"$BEGINDATA": f"{begin:08d}", "$ENDDATA": f"{last:08d}"}
            places |= {k: v for k, v in pairs.items() if k in places}
        segment = written(places)
        first_text, last_text = header_text or (58, 58 + len(segment) - 1)
        first, end = header_data if header_data is not None else (begin, last)
        head = f"{version}    {first_text:>8}{last_text:>8}{first:>8}{end:>8}{0:>8}{0:>8}"
        return head.encode() + segment + gap + data + tail

    return build
