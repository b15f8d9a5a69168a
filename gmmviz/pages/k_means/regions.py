"""To which component does each spot of the plane belong?  Hard: exact polygons.  Soft: a small picture that fades."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from gmmviz.theme import GREY, PALETTE, rgb


def region_polygons(centres: np.ndarray, box) -> list[np.ndarray]:
    """Return for each centre the polygon, closed, of the spots in a box that are nearest to it.

    Parameters
    ----------
    centres : (K, 2) array
        In the data's units.
    box : sequence
        [[x low, x high], [y low, y high]], in the same units.

    Returns
    -------
    list of K (M, 2) arrays
        A centre that coincides with one before it has no spots: (0, 2).

    Examples
    --------
    >>> [polygon.tolist() for polygon in region_polygons(np.array([[0.0, 0.0], [2.0, 0.0]]), [[-1, 3], [0, 1]])][0]
    [[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, 0.0]]
    """
    (left, right), (low, high) = box
    corners = [(left, low), (right, low), (right, high), (left, high)]
    polygons = []
    for k, own in enumerate(centres.tolist()):
        polygon = [(float(x), float(y)) for x, y in corners]
        for j, other in enumerate(centres.tolist()):
            if j != k and polygon:
                polygon = [] if own == other and j < k else _nearer(polygon, own, other)
        polygons.append(np.array(polygon + polygon[:1]).reshape(-1, 2))
    return polygons


def _nearer(polygon: list[tuple], own, other) -> list[tuple]:
    """Return the part of a convex polygon that is nearer to `own` than to `other` (Sutherland and Hodgman, 1974)."""
    across = other[0] - own[0], other[1] - own[1]
    middle = (own[0] + other[0]) / 2, (own[1] + other[1]) / 2
    beyond = [(x - middle[0]) * across[0] + (y - middle[1]) * across[1] for x, y in polygon]
    kept = []
    for i, (end, b) in enumerate(zip(polygon, beyond, strict=True)):
        start, a = polygon[i - 1], beyond[i - 1]
        if (a > 0) != (b > 0):
            t = a / (a - b)
            kept.append((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])))
        if b <= 0:
            kept.append(end)
    return kept


def shares_image(responsibilities: np.ndarray, shape: tuple[int, int]) -> str:
    """Return a picture of the plane as a data URI: each spot in its component's colour, greyer the less sure.

    Parameters
    ----------
    responsibilities : (height * width, K) array
        Of a grid's spots, as `gmmviz.density.grid` orders them.
    shape : tuple of two int
        Width and height, in pixels.
    """
    _, K = responsibilities.shape
    levels = min(24, 256 // K)
    sure = responsibilities.max(axis=1)
    share = (sure - 1 / K) / (1 - 1 / K) if K > 1 else np.ones_like(sure)
    level = np.rint(np.clip(share, 0, 1) * (levels - 1)).astype(int)
    pixels = (responsibilities.argmax(axis=1) * levels + level).astype(np.uint8)
    strength = np.linspace(0, 1, levels)[:, None]
    palette = [(1 - strength) * rgb(GREY) + strength * rgb(colour) for colour in PALETTE[:K]]
    picture = png(pixels.reshape(shape[::-1])[::-1], np.concatenate(palette).round().astype(np.uint8))
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def png(pixels: np.ndarray, palette: np.ndarray) -> bytes:
    """Return a PNG file.

    Parameters
    ----------
    pixels : (height, width) uint8 array
        The numbers of colours in the palette.
    palette : (C, 3) uint8 array, C <= 256
        Red, green and blue.

    References
    ----------
    The PNG specification (ISO/IEC 15948), colour type 3, no filter.

    Examples
    --------
    >>> png(np.zeros((1, 1), np.uint8), np.zeros((1, 3), np.uint8))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    height, width = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels])  # each row begins with its filter's number
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
