"""Sheets of a PDF, and where on them something is drawn."""

import io
from dataclasses import dataclass

import numpy as np
import pypdf

MARGIN, HALF_A_LETTER = 6, 2.5  # points: what stands left of a figure, and above a line


@dataclass(frozen=True)
class Sheet:
    """One page of a PDF.

    Attributes
    ----------
    text
        What is written on it, one blank between words.
    size
        Width and height, in points.
    lines
        Left and lower end of every piece of text, in points.
    pictures, pieces
        Left, lower, right and upper edge of every picture of dots, and of every piece of a figure
        that is a drawing of its own.
    """

    text: str
    size: tuple[float, float]
    lines: list[tuple[float, float]]
    pictures: list[tuple[float, float, float, float]]
    pieces: list[tuple[float, float, float, float]]

    def used(self, above):
        """Share of the height over a margin of `above` points that something is drawn on."""
        drawn = [*self.pictures, *self.pieces]
        ends = [y for _, y in self.lines if y > above] + [low for _, low, _, _ in drawn]
        return 1 - (min(ends) - above) / (self.size[1] - above)

    def clear(self, column):
        """Points from each line of text to the middle of the nearest word of a figure.

        Parameters
        ----------
        column
            Width of a figure, in points.
        """
        for x, y in self.lines:
            words = [low + (high - low) / 2 for left, low, _, high in self.pieces
                     if x - MARGIN < left < x + column]  # fmt: skip
            if words:
                yield min(abs(y + HALF_A_LETTER - each) for each in words)


def sheets_of(content):
    """Read the pages of a PDF."""
    return [_sheet(page) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def _sheet(page):
    lines, pictures, pieces = [], [], []
    drawings = page["/Resources"].get("/XObject", {})
    space, kept, at = np.eye(3), [], np.eye(3)
    for given, operator in page.get_contents().operations:
        if operator == b"q":
            kept.append(space)
        elif operator == b"Q":
            space = kept.pop()
        elif operator == b"cm":
            space = _matrix(given) @ space
        elif operator == b"Tm":
            at = _matrix(given)
        elif operator in {b"Td", b"TD"}:
            at = _matrix([1, 0, 0, 1, *given]) @ at
        elif operator in {b"Tj", b"TJ"}:
            lines.append(tuple((at @ space)[2, :2]))
        elif operator == b"Do" and drawings[given[0]]["/Subtype"] == "/Form":
            pieces.append(_edges(drawings[given[0]], space))
        elif operator == b"Do":
            pictures.append(_corners((0, 0, 1, 1), space))
    size = tuple(float(each) for each in page.mediabox[2:])
    return Sheet(" ".join(page.extract_text().split()), size, lines, pictures, pieces)


def _matrix(six):
    a, b, c, d, e, f = map(float, six)
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])


def _edges(drawing, space):
    space = _matrix(drawing.get("/Matrix", [1, 0, 0, 1, 0, 0])) @ space
    return _corners(map(float, drawing["/BBox"]), space)


def _corners(box, space):
    x0, y0, x1, y1 = box
    corners = (np.array([[x0, y0, 1], [x0, y1, 1], [x1, y0, 1], [x1, y1, 1]]) @ space)[:, :2]
    return (*corners.min(axis=0), *corners.max(axis=0))
