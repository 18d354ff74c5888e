"""The code blocks of the pages: run them, compare what they print, or print it anew.

    python docs/blocks.py            names the blocks that print something else than the page says
    python docs/blocks.py --write    puts what they print into the pages

A page's blocks run in order, in a folder that holds a copy of sample_fcs:

- ``console``: each line that begins with ``$`` is run, what follows it is expected. Commands are
  ``hladr …`` (with ``| python -m json.tool`` behind it if need be), ``cat FILE`` and ``echo $?``.
- ``python``: executed; a ``text`` block right below it is what it prints.
- ``toml NAME``: written to the folder as NAME; every ``toml`` block must be TOML.

``...`` stands for any text, and numbers of many digits need not agree in the last. Blocks of
another kind, ``sh`` among them, are not run.
"""

import contextlib
import doctest
import io
import json
import math
import os
import re
import shlex
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

_BLOCK = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LONG = re.compile(r"-?\d+\.\d{7,}(?:e[-+]\d+)?")
_JSON_TOOL = " | python -m json.tool"


@dataclass(frozen=True, slots=True)
class Printed:
    """What one block or command was to print, where that stands in the page, what it printed."""

    line: int
    start: int
    end: int
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether the page tells the truth."""
        said, found = _even(self.expected), _even(self.found)
        numbers = [[float(each) for each in _LONG.findall(text)] for text in (said, found)]
        if len(numbers[0]) == len(numbers[1]):
            pairs = zip(*numbers, strict=True)
            if not all(math.isclose(*pair, rel_tol=1e-6, abs_tol=1e-9) for pair in pairs):
                return False
            said, found = _LONG.sub("#", said), _LONG.sub("#", found)
        return doctest.OutputChecker().check_output(said, found, doctest.ELLIPSIS)


@dataclass(slots=True)
class Session:
    """What the blocks of one page leave behind for those below."""

    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})
    status: int = 0

    def command(self, line: str) -> str:
        """Run a console line; what it prints, standard error included."""
        words = shlex.split(line)
        if line == "echo $?":
            return f"{self.status}\n"
        if words[0] == "cat":
            return Path(words[1]).read_text(encoding="utf-8")
        if words[0] != "hladr":
            raise ValueError(f"a console block runs hladr, cat FILE and echo $?, not {line!r}")
        as_json = line.endswith(_JSON_TOOL)
        printed = self._hladr(shlex.split(line.removesuffix(_JSON_TOOL))[1:], errors=not as_json)
        return json.dumps(json.loads(printed), indent=4) + "\n" if as_json else printed

    def _hladr(self, arguments: list[str], *, errors: bool) -> str:
        from hladr.cli.main import run

        screen = io.StringIO()
        aside = screen if errors else io.StringIO()
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(aside):
            try:
                run(arguments)
            except SystemExit as left:
                self.status = int(left.code or 0)
        return screen.getvalue()

    def python(self, code: str) -> str:
        """Execute a block; what it prints."""
        screen = io.StringIO()
        with contextlib.redirect_stdout(screen):
            exec(compile(code, "<page>", "exec"), self.names)  # noqa: S102 - our own pages
        return screen.getvalue()


def run_page(page: Path) -> list[Printed]:
    """Run the blocks of a page; what each printed beside what the page says."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "sample_fcs", folder, dirs_exist_ok=True)
        back = Path.cwd()
        os.chdir(folder)
        try:
            return list(_run(text))
        finally:
            os.chdir(back)


def _run(text: str) -> Iterator[Printed]:
    session = Session()
    for block in _BLOCK.finditer(text):
        kind, name, body = block.groups()
        line, start = text.count("\n", 0, block.start()) + 1, block.start(3)
        if kind == "toml":
            tomllib.loads(body)
            if name:
                Path(name).write_text(body, encoding="utf-8")
        elif kind == "python":
            below = re.compile(r"\s*```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
            said = below.match(text, block.end())
            place = (said.start(1), said.end(1)) if said else (block.end(), block.end())
            yield Printed(line, *place, text[slice(*place)], session.python(body))
        elif kind == "console":
            yield from _console(session, body, line, start)


def _console(session: Session, body: str, line: int, start: int) -> Iterator[Printed]:
    for said in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        place = (start + said.start(2), start + said.end(2))
        at = line + 1 + body.count("\n", 0, said.start())
        yield Printed(at, *place, said[2], session.command(said[1]))


def rewrite(page: Path) -> int:
    """Put what the blocks print into the page; how many were not as the page said."""
    text = page.read_text(encoding="utf-8")
    wrong = [each for each in run_page(page) if not each.agrees]
    for each in reversed(wrong):
        printed = _merged(each.expected, _even(each.found))
        if text[: each.start].endswith("```"):  # a python block that has nothing below it yet
            printed = f"\n\n```text\n{printed}```"
        text = text[: each.start] + printed + text[each.end :]
    page.write_text(text, encoding="utf-8")
    return len(wrong)


def _merged(said: str, found: str) -> str:
    """`found`, with the lines of `said` that leave something open where they still hold."""
    open_lines = [line for line in said.splitlines(keepends=True) if "..." in line.strip("\n.")]
    checker = doctest.OutputChecker()
    return "".join(
        next((it for it in open_lines if checker.check_output(it, line, doctest.ELLIPSIS)), line)
        for line in found.splitlines(keepends=True)
    )


def _even(text: str) -> str:
    """Without blanks at the ends of lines, and with one line end at the end."""
    return "".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines())


def main() -> int:
    """Check or rewrite every page; 1 when a page does not tell the truth."""
    if "--write" in sys.argv[1:]:
        for page in PAGES:
            sys.stdout.write(f"{page.name}: {rewrite(page)} rewritten\n")
        return 0
    wrong = [(page, each) for page in PAGES for each in run_page(page) if not each.agrees]
    for page, each in wrong:
        sys.stdout.write(
            f"{page.name}:{each.line}\n--- said\n{each.expected}--- prints\n{each.found}"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
