"""Text that others have written, such as the name of a file's column, as text: never as markup, formula or HTML."""

import re

NOTHING = "\u2060"
"""A word joiner, which takes no room: between two signs it keeps them from meaning anything together."""
BROKEN = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def one_line(text: str, longest: int) -> str:
    """Return a text on one line, without signs that steer, cut to so many characters.

    >>> one_line("  wing\\n length ", 99), one_line("wing length", 8)
    ('wing length', 'wing...')
    """
    text = BROKEN.sub(" ", text).strip()
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."


def in_markdown(text: str) -> str:
    """Return a text as Streamlit's Markdown shows it sign by sign.

    A backslash alone would not do: names of icons and addresses are found in what Markdown has already read.

    >>> in_markdown("a*b").replace(NOTHING, "|")
    'a|\\\\*|b'
    """
    return re.sub(r"[!-/:-@\[-`{-~]", lambda sign: f"{NOTHING}\\{sign[0]}{NOTHING}", text)


def in_figure(text: str) -> str:
    """Return a text as Plotly shows it sign by sign; of HTML it would draw a part.

    >>> in_figure("<b>x & y")
    '&lt;b&gt;x &amp; y'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
