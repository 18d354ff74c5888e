"""Event density as a small picture: counts in, PNG out.

The map runs from light to dark with falling luminance, so that it reads the same on a grey printer
and with any colour vision; an empty bin is transparent and one event is visible.
"""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray

N_SHADES = 255
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE_COLOUR = 3

_ANCHORS = np.array(
    [
        (0xB4, 0xC8, 0xD8),  # pale blue-grey: a single event on white paper
        (0x6F, 0xB0, 0xBC),
        (0x2F, 0x93, 0xA3),
        (0x27, 0x6F, 0x97),
        (0x32, 0x48, 0x86),
        (0x3B, 0x20, 0x63),
        (0x1C, 0x08, 0x30),  # near black: the densest bin
    ],
    dtype=np.float64,
)


def colour_map() -> NDArray[np.uint8]:
    """RGB of the shades from sparse to dense, shape (N_SHADES, 3)."""
    position = np.linspace(0.0, len(_ANCHORS) - 1.0, N_SHADES)
    steps = np.arange(len(_ANCHORS), dtype=np.float64)
    rgb = np.stack([np.interp(position, steps, _ANCHORS[:, c]) for c in range(3)], axis=1)
    return np.rint(rgb).astype(np.uint8)


def shades(counts: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Palette index of every bin: 0 where no event is, 1 to `N_SHADES` by local density.

    Parameters
    ----------
    counts
        Events of each bin, shape (ny, nx).

    Notes
    -----
    The colour follows the cube root of the density smoothed over neighbouring bins, so that both
    single events and the cores of dense clusters tell; bins without an event stay empty.
    """
    occupied = counts > 0
    if not occupied.any():
        return np.zeros(counts.shape, dtype=np.uint8)
    smooth = _smoothed(counts.astype(np.float64))
    relative = np.cbrt(smooth[occupied] / smooth[occupied].max())
    index = np.zeros(counts.shape, dtype=np.uint8)
    index[occupied] = 1 + np.rint(relative * (N_SHADES - 1)).astype(np.uint8)
    return index


def png(index: NDArray[np.uint8]) -> bytes:
    """PNG file of palette indices, shape (height, width), first row on top; index 0 is clear."""
    height, width = index.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # a filter byte, none, before each row
    rows[:, 1:] = index
    palette = b"\xff\xff\xff" + colour_map().tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, _PALETTE_COLOUR, 0, 0, 0)
    return _SIGNATURE + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", header),
            (b"PLTE", palette),
            (b"tRNS", b"\x00"),
            (b"IDAT", zlib.compress(rows.tobytes(), 6)),
            (b"IEND", b""),
        )
    )


def data_uri(picture: bytes) -> str:
    """PNG as an address that nothing has to be fetched for."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _smoothed(counts: FloatArray) -> FloatArray:
    """Binomial smoothing over five bins each way, edges mirrored."""
    padded = np.pad(counts, 2, mode="reflect") if min(counts.shape) > 2 else counts
    if padded is counts:
        return counts
    weights = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    ny, nx = counts.shape
    along_y = sum((w * padded[k : k + ny, :] for k, w in enumerate(weights)), np.zeros(()))
    return np.asarray(
        sum((w * along_y[:, k : k + nx] for k, w in enumerate(weights)), np.zeros(()))
    )
