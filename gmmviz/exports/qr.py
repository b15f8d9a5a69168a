"""A link as a QR code, for the cameras of a room."""

from __future__ import annotations

LONGEST = 1200
"""Bytes of a link at most: more of them make squares that a camera in the last row cannot tell apart."""
BORDER = 4
"""Squares that stay empty around the code, as the standard (ISO/IEC 18004) wants it."""


def picture(link: str) -> str | None:
    """Return the code of a link as an SVG image, dark on white on any page, as a data URI; None for too long a link.

    >>> picture("http://localhost:8501/")[:19]
    'data:image/svg+xml,'
    """
    if len(link.encode()) > LONGEST:
        return None
    import segno  # here, as hardly anyone needs it

    code = segno.make(link, error="L", micro=False)
    return code.svg_data_uri(border=BORDER, dark="#000", light="#fff", omitsize=True)
