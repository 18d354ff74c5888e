"""The density picture: a PNG any decoder reads, dark where events are dense, also in grey."""

import base64
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hladr.report.density import N_SHADES, colour_map, data_uri, png, shades

counts = arrays(
    np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 10_000)
)


def decode(data):
    """Chunks of a PNG by the specification: length, kind, body, CRC of kind and body."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert crc == zlib.crc32(kind + body)
        chunks.append((kind, body))
        at += 12 + length
    return chunks


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_the_picture_holds_every_index_in_its_place(index):
    chunks = decode(png(index))
    assert [kind for kind, _ in chunks] == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    bodies = dict(chunks)
    height, width = index.shape
    assert bodies[b"IHDR"] == struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.frombuffer(zlib.decompress(bodies[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    assert np.array_equal(rows[:, 1:], index)


def test_the_empty_index_is_clear_and_every_shade_has_a_colour():
    bodies = dict(decode(png(np.zeros((2, 2), np.uint8))))
    assert bodies[b"tRNS"] == b"\x00"
    assert len(bodies[b"PLTE"]) == 3 * (N_SHADES + 1)


def test_the_picture_needs_no_address():
    picture = png(np.zeros((2, 2), np.uint8))
    head, _, body = data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == picture


def luminance(rgb):
    """Relative luminance of WCAG 2.2."""
    c = rgb / 255.0
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


# Viénot, Brettel and Mollon, Color Res Appl 1999;24:243-252: linear RGB as a dichromat sees it.
DICHROMAT = {
    "full colour vision": np.eye(3),
    "protanope": np.array(
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
    ),
    "deuteranope": np.array(
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
    ),
}


@pytest.mark.parametrize("vision", DICHROMAT)
def test_denser_is_darker_for_every_reader_and_on_a_grey_printer(vision):
    rgb = colour_map() / 255.0
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = linear @ DICHROMAT[vision].T @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(seen) < 0.003)  # rounding of a byte may hold it level
    assert np.all(np.diff(seen[::16]) < 0)
    assert seen[0] > 10 * seen[-1]


def test_a_single_event_shows_on_white_paper():
    assert (1.0 + 0.05) / (luminance(colour_map()[0]) + 0.05) > 1.5


@given(counts)
def test_what_is_empty_stays_clear_and_what_is_not_never_is(grid):
    assert np.array_equal(shades(grid) > 0, grid > 0)


@given(counts, st.integers(2, 50))
def test_shades_follow_the_distribution_not_the_number_of_events(grid, factor):
    assert np.array_equal(shades(grid), shades(grid * factor))


def test_the_densest_place_is_the_darkest():
    y, x = np.mgrid[-20:21, -20:21]
    grid = np.rint(1000 * np.exp(-(x**2 + y**2) / 60)).astype(np.int64)
    index = shades(grid)
    assert index[20, 20] == index.max() == N_SHADES
    along = index[20, 20:35].astype(int)
    assert np.all(np.diff(along) <= 0)
    assert along[0] > along[6] > along[12]
