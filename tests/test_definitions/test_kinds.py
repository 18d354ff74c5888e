"""Definitions of every kind: one law of what is read, by which name, and what is refused."""

import os
import pickle
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.assay import InvalidAssay, UnknownAssay, available_assays, load_assay
from hladr.assay.loading import ASSAYS
from hladr.criterion import (
    InvalidCriterion,
    UnknownCriterion,
    available_criteria,
    load_criterion,
)
from hladr.criterion.loading import CRITERIA
from hladr.errors import HladrError
from hladr.trial import InvalidTrial, UnknownTrial, available_trials, load_trial
from hladr.trial.loading import TRIALS

BOUND = 65_536


@dataclass(frozen=True)
class Case:
    """A kind of definition, one of its built-in files, and a number in it."""

    kind: Any
    load: Any
    available: Any
    unknown: type[HladrError]
    invalid: type[HladrError]
    name: str
    number: str

    @property
    def text(self):
        return files(self.kind.package).joinpath(f"{self.name}.toml").read_text(encoding="utf-8")

    @property
    def own(self):
        """The same rules under another name."""
        named = self.text.replace(f'name = "{self.name}"', 'name = "own"', 1)
        assert named != self.text
        return named

    def with_line(self, line):
        """The definition with one more line at its top."""
        return f"{line}\n{self.own}"

    @property
    def other_rules(self):
        changed = self.text.replace(self.number, f"{self.number}1")
        assert changed != self.text
        return changed


CASES = (
    Case(ASSAYS, load_assay, available_assays, UnknownAssay, InvalidAssay,
         "quantibrite-340827", "bead_age_hours = 12"),
    Case(CRITERIA, load_criterion, available_criteria, UnknownCriterion, InvalidCriterion,
         "immunosep-2025", "below = 5000"),
    Case(TRIALS, load_trial, available_trials, UnknownTrial, InvalidTrial,
         "immunosep-2025", "below_hours = 72"),
)  # fmt: skip


@pytest.fixture(params=CASES, ids=lambda case: case.kind.word)
def case(request):
    return request.param


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mine.toml"


def refusal(case, file, content):
    """What is said of a file of this content."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(case.invalid) as caught:
        case.load(file)
    assert file.name in str(caught.value)
    assert str(file.parent) not in str(caught.value)
    assert len(str(caught.value)) < 500
    return str(caught.value)


def test_what_is_built_in_is_found_by_its_name(case):
    assert case.available() == tuple(sorted(case.available()))
    for name in case.available():
        assert case.load(name).name == name
        assert case.load(name) is case.load(name)


@pytest.mark.parametrize("written", [str, Path])
def test_a_file_is_found_by_its_path(case, file, written):
    file.write_text(case.own, encoding="utf-8")
    assert case.load(written(file)).name == "own"


def test_a_built_in_name_comes_before_a_file_called_so(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(case.name).write_text(case.other_rules, encoding="utf-8")
    assert case.load(case.name) == case.kind.built_in(case.name)


def test_a_file_is_read_anew_each_time(case, file):
    file.write_text(case.own, encoding="utf-8")
    first = case.load(file)
    file.write_text(case.other_rules.replace(case.name, "own", 1), encoding="utf-8")
    assert case.kind.rules(case.load(file)) != case.kind.rules(first)


@pytest.mark.parametrize(
    "name", ["no-such", "", ".", "/", "no/such.toml", "a\0b.toml", "x" * 5000 + ".toml"]
)
def test_a_name_that_is_none_is_answered_with_the_known_ones(case, name):
    with pytest.raises(case.unknown) as caught:
        case.load(name)
    assert all(known in str(caught.value) for known in case.available())
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own object
    assert (str(again), vars(again)) == (str(caught.value), vars(caught.value))


def test_a_built_in_name_is_not_taken_for_other_rules(case, file):
    said = refusal(case, file, case.other_rules)
    assert f"built-in {case.kind.word}" in said
    assert repr(case.name) in said


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_same_rules_may_keep_their_name(case, file, mark):
    laid_out = f"{mark}# ours\r\n" + case.text.replace("\n", "\r\n")
    file.write_bytes(laid_out.encode())
    assert case.kind.rules(case.load(file)) == case.kind.rules(case.load(case.name))


def test_a_file_may_have_the_bound_and_not_a_byte_more(case, file):
    content = case.own.encode()
    most = content + b"#" * (BOUND - len(content))
    file.write_bytes(most)
    assert case.load(file).name == "own"
    assert "expected at most 65,536 bytes, found more" in refusal(case, file, most + b"#")


def test_a_link_is_what_it_leads_to(case, file, tmp_path):
    file.write_text(case.own, encoding="utf-8")
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    assert case.load(link).name == "own"


def test_what_is_no_file_is_not_waited_for(case, tmp_path):
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "nowhere.toml").symlink_to(tmp_path / "none")
    (tmp_path / "itself.toml").symlink_to(tmp_path / "itself.toml")
    (tmp_path / "device.toml").symlink_to("/dev/zero")
    for name in ("folder", "pipe", "nowhere", "itself", "device"):
        with pytest.raises(case.unknown):
            case.load(tmp_path / f"{name}.toml")
        with pytest.raises(case.invalid, match="expected a file that can be read, found no file"):
            case.kind.content(tmp_path / f"{name}.toml")


def test_a_file_that_is_called_otherwise_is_no_definition(case, tmp_path):
    other = tmp_path / "blood.fcs"
    other.write_text(case.own, encoding="utf-8")
    with pytest.raises(case.unknown):
        case.load(other)


def test_a_file_that_may_not_be_read_is_refused(case, file, monkeypatch):
    def locked(*_):
        raise PermissionError(13, "Permission denied")

    file.write_text(case.own, encoding="utf-8")
    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(case.invalid, match="a file that can be read, found Permission denied"):
        case.load(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"title = '\xe9'",
        b"FCS3.1\0\0",
        b"name = ",
        b"name = 'own'\nname = 'own'",
        b"a.b = 1\n[a]\nb = 2",
        b"a = " + b"[" * 60_000,
        b"a = " + b"{a=" * 20_000,
        b"a." * 9_000,
        b"a = " + b"1" * 60_000,
    ],
    ids=[
        "empty", "utf-16", "latin-1", "fcs", "cut short", "a key twice", "a table twice",
        "brackets", "braces", "dots", "digits",
    ],
)  # fmt: skip
def test_what_is_no_definition_is_refused(case, file, content):
    refusal(case, file, content)


@pytest.mark.parametrize(
    "value",
    [
        "0x" + "f" * 30_000,
        "-0x" + "f" * 30_000,
        "1e400",
        "nan",
        "[" * 50 + "]" * 50,
        '"' + "x" * 50_000 + '"',
        "1979-05-27T07:32:00Z",
        "[0x" + "f" * 30_000 + "]",
    ],
    ids=["hexadecimal", "below", "inf", "nan", "nest", "long", "time", "in a list"],
)
def test_a_value_that_cannot_be_meant_is_refused_wherever_it_stands(case, file, value):
    lines = case.own.splitlines(keepends=True)
    places = [n for n, line in enumerate(lines) if " = " in line and line.rstrip()[-1] not in "[,{"]
    refused = []
    for place in places:
        word = lines[place].partition(" = ")[0]
        file.write_text("".join((*lines[:place], f"{word} = {value}\n", *lines[place + 1 :])))
        try:
            case.load(file)
        except case.invalid as error:
            refused.append(str(error))
    assert len(refused) >= len(places) / 2
    assert max(map(len, refused)) < 500


@pytest.mark.parametrize("line", ["purpose = 'x'", "titles = 'x'", "'' = 1", "Name = 'x'"])
def test_a_field_that_nothing_reads_is_refused(case, file, line):
    """It would be believed to have an effect."""
    assert case.load(_written(file, case.own)).name == "own"
    refusal(case, file, case.with_line(line))


def test_a_field_of_thousands_of_tables_is_refused(case, file):
    own = "".join(
        line for line in case.own.splitlines(keepends=True) if not line.startswith("title")
    )
    refusal(case, file, "title" + ".a" * 3_000 + " = 1\n" + own)


def _written(file, text):
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.word)
@given(data=st.data())
def test_a_damaged_definition_is_refused_or_whole(case, data):
    content = case.own.encode()
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    damaged = content[:start] + data.draw(st.binary(max_size=12)) + content[start + length :]
    try:
        found = case.kind.parse_own(damaged, "own.toml")
    except case.invalid:
        return
    assert found.name
    assert len(found.sha256) == 64
