"""A key, a file whose every segment can hold something, and the program run in this process."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hladr.cli.main import run
from hladr.deidentify import PseudonymKey
from hladr.simulate import PairTruth, simulate_pair

SECRET = "correct horse battery staple, 32 bytes and more"  # noqa: S105 - of the tests


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def key():
    return PseudonymKey(SECRET.encode())


@pytest.fixture
def hladr(capsys, monkeypatch) -> Callable[..., Ran]:
    monkeypatch.setenv("HLADR_PSEUDONYM_KEY", SECRET)

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def pair(tmp_path_factory) -> PairTruth:
    return simulate_pair("sepsis", 5, tmp_path_factory.mktemp("pair"), events=25_000)


@pytest.fixture
def laden(tmp_path):
    """Return a builder of files that can hold something in every segment."""

    def build(
        *,
        text=None,
        supplement=None,
        analysis=None,
        other=b"",
        tail=b"",
        data=None,
        name="laden.fcs",
        encoding="utf-8",
        version="FCS3.1",
    ) -> Path:
        data = struct.pack("<6f", 1, 2, 3, 4, 5, 6) if data is None else data
        pairs = {
            "$PAR": "2", "$TOT": str(len(data) // 8), "$MODE": "L", "$DATATYPE": "F",
            "$BYTEORD": "1,2,3,4", "$NEXTDATA": "0",
            "$P1N": "FSC-A", "$P1B": "32", "$P1R": "262144", "$P1E": "0,0",
            "$P2N": "PE-A", "$P2B": "32", "$P2R": "262144", "$P2E": "0,0",
        }  # fmt: skip
        pairs |= text or {}

        def segment(entries):
            if not entries:
                return b""
            tokens = [token for pair in entries.items() for token in pair]
            return ("\f" + "\f".join(tokens) + "\f").encode(encoding)

        extra, result = segment(supplement), segment(analysis)
        names = ("$BEGINSTEXT", "$ENDSTEXT", "$BEGINDATA", "$ENDDATA")
        places = dict.fromkeys((*names, "$BEGINANALYSIS", "$ENDANALYSIS"), "0" * 10)
        at = 58 + len(other) + len(segment(places | pairs))
        spans = []
        for part in (extra, data, result):
            spans += [f"{at:010d}", f"{at + len(part) - 1:010d}"] if part else ["0" * 10] * 2
            at += len(part)
        places = dict(zip(places, spans, strict=True))
        body = segment(places | pairs)
        begin = 58 + len(other)
        offsets = [begin, begin + len(body) - 1, *map(int, spans[2:])]
        header = f"{version}    " + "".join(f"{offset:8d}" for offset in offsets)
        path = tmp_path / name
        path.write_bytes(header.encode() + other + body + extra + data + result + tail)
        return path

    return build
