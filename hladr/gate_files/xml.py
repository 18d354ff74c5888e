"""XML from strangers: a tree of what is needed, or a refusal.

The standard library's expat, not lxml: it refuses at the DOCTYPE itself, before an entity exists,
opens no file and no connection, and has no recursion to exhaust.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from hladr.gate_files.errors import GateFileForbidden, GateFileNotXml, GateFileTooLarge

DEEPEST = 256
MOST_ELEMENTS = 2_000_000
LONGEST_TAG = 8 << 20  # bytes; expat reads a tag with all its attributes before it says so
LONGEST_TEXT = 10_000  # characters; only numbers are read from text
Attributes = dict[str, str]
Dropped = Callable[[str, Attributes], bool]
Opened = Callable[["Element"], Dropped]


@dataclass(slots=True)
class Element:
    """An element, its attributes and children.

    Parameters
    ----------
    name
        ``namespace name``, or ``name`` without a namespace; so are the keys of `attributes`.
    attributes
        Values by name.
    line
        Where it starts, from 1.
    children
        Elements in it, in order.
    text
        What stands between them, joined; of long texts the beginning.
    """

    name: str
    attributes: Attributes
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    @property
    def local(self) -> str:
        """Name without its namespace."""
        return self.name.rpartition(" ")[2]

    def all(self, name: str) -> Iterator["Element"]:
        """Children of a name, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """First child of a name."""
        return next(self.all(name), None)


def parse_xml(content: bytes, opened: Opened) -> Element:
    """Root element of a document.

    Parameters
    ----------
    content
        The document in any encoding that it declares.
    opened
        Is shown the root element when it opens, without its children; may refuse the document, and
        says of the elements in it, by name and attributes, which are left out with all in them.

    Raises
    ------
    GateFileForbidden
        A document type or an entity.
    GateFileTooLarge
        More elements or levels than `MOST_ELEMENTS` and `DEEPEST`, longer tags than `LONGEST_TAG`.
    GateFileNotXml
        Not well-formed.
    """
    _check_tags(content)
    builder = _Builder(opened)
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        reason = f"{expat.ErrorString(error.code)}, line {error.lineno}"
        raise GateFileNotXml(reason=reason) from error
    except (LookupError, ValueError) as error:  # an encoding that is none
        raise GateFileNotXml(reason="its encoding is not known") from error
    if builder.root is None:
        raise GateFileNotXml(reason="no element in it")
    return builder.root


def _check_tags(content: bytes) -> None:
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == ord(">"))
    if np.diff(ends, prepend=-1, append=len(content)).max() > LONGEST_TAG:
        raise GateFileTooLarge(what="bytes in one tag", limit=LONGEST_TAG)


class _Builder:
    """Collects the tree while expat walks the document."""

    def __init__(self, opened: Opened) -> None:
        self.root: Element | None = None
        self._opened = opened
        self._dropped: Dropped = _nothing
        self._open: list[Element] = []
        self._skipping = 0  # levels inside an element that is left out
        self._elements = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._forbidden_doctype
        self.parser.EntityDeclHandler = self._forbidden_entity
        self.parser.ExternalEntityRefHandler = self._forbidden_entity
        self.parser.SkippedEntityHandler = self._forbidden_entity

    def _start(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise GateFileTooLarge(what="elements", limit=MOST_ELEMENTS)
        if len(self._open) + self._skipping >= DEEPEST:
            raise GateFileTooLarge(what="levels of elements", limit=DEEPEST)
        if self._skipping or self._dropped(name, attributes):
            self._skipping += 1
            return
        element = Element(name, attributes, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
            self._dropped = self._opened(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if self._open and not self._skipping and not text.isspace():
            element = self._open[-1]
            if len(element.text) <= LONGEST_TEXT:
                element.text += text

    def _forbidden_doctype(self, *_facts: object) -> NoReturn:
        line = self.parser.CurrentLineNumber
        raise GateFileForbidden(found="a DOCTYPE", line=line)

    def _forbidden_entity(self, *_facts: object) -> NoReturn:
        line = self.parser.CurrentLineNumber
        raise GateFileForbidden(found="an entity", line=line)


def _nothing(_name: str, _attributes: Attributes) -> bool:
    return False
