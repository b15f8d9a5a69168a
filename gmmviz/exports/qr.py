"""A link as a QR code, for the cameras of a room."""

from __future__ import annotations

LONGEST = 1200
"""Bytes of a link at most: more of them make squares that a camera in the last row cannot tell apart."""
BORDER = 4
"""Squares that stay empty around the code, as the standard (ISO/IEC 18004) wants it."""


def fits(link: str) -> bool:
    """Return whether a link is short enough for a code that a room can read.

    >>> fits("http://localhost:8501/"), fits("http://localhost:8501/?" + 1200 * "x")
    (True, False)
    """
    return len(link.encode()) <= LONGEST


def picture(link: str) -> str:
    """Return the code of a link that fits, as an SVG image, dark on white on any page, in a data URI.

    >>> picture("http://localhost:8501/")[:18]
    'data:image/svg+xml'
    """
    import segno  # here, as hardly anyone needs it

    code = segno.make(link, error="L", micro=False)
    return code.svg_data_uri(border=BORDER, dark="#000", light="#fff", omitsize=True)
