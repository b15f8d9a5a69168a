"""Bytes -> text: a file's encoding, and what is no text that holds a table."""

from __future__ import annotations

import re

from gmmviz.numerals import MINUS, numeral
from gmmviz.tables.table import TableError

MOST_BYTES = 20 * 2**20
ARCHIVES = {
    b"PK\x03\x04": "a zip archive, as Excel's .xlsx files are, too",
    b"\x1f\x8b": "compressed (gzip)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"\x28\xb5\x2f\xfd": "compressed (zstandard)",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""What files begin with that are no text. None is unpacked: a few bytes may unpack to more than any memory holds."""
NOTHING = "There is nothing in it. Give a line for each point, with its numbers side by side."
AS_CSV = 'Open it in the program it comes from, save it as "CSV UTF-8", and choose that file.'


def text_of(given: bytes | str) -> str:
    """Return the text of a file, or of what was pasted, with a line feed after each line."""
    if len(given) > MOST_BYTES:
        size, most = (numeral(n / 2**20, ".0f") for n in (len(given), MOST_BYTES))
        raise TableError(f"This is {size} MB; {most} MB can be read. Keep fewer rows or columns.")
    text = _decoded(given) if isinstance(given, bytes) else given.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TableError(NOTHING)
    if "\0" in text or len(re.findall(r"[\x01-\x08\x0e-\x1b\x7f]", text[:10_000])) > 10:
        raise TableError(f"This is no text: it holds signs that no table has. {AS_CSV}")
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise TableError("This is a web page, or XML, and no table. Download the table itself, as CSV.")
    return text.replace(MINUS, "-")


def _decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, with or without a mark, or else Latin-1 as Windows has it."""
    for signature, kind in ARCHIVES.items():
        if data.startswith(signature):
            raise TableError(f"This file is {kind}. It was not opened. {AS_CSV}")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[1:200:2].count(0) > 40 or data[:200:2].count(0) > 40:
        raise TableError(f'This file is saved as UTF-16 (Excel calls it "Unicode text"). {AS_CSV}')
    if b"\0" in data:
        raise TableError(f"This is no text: it holds bytes that no table has. {AS_CSV}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
