"""Links with their host, which a person can read and write: the app's own address, a page's name, what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

LEGIBLE = ",;:=?/|-"
"""What a query may hold as it is, so that a person can read the link, and write one."""
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", None)


def home_of(address: str | None, name: str) -> str:
    """Return the app's own address, with a slash at its end, from that of one of its pages.

    >>> home_of("https://example.org/course/teachers?x=1", "teachers"), home_of(None, "teachers")
    ('https://example.org/course/', '/')
    """
    if not address:
        return "/"
    scheme, host, path, *_ = urlsplit(address)
    return f"{scheme}://{host}{path.rstrip('/').removesuffix(name).rstrip('/')}/"


def link_of(home: str, name: str, query: Mapping[str, str]) -> str:
    """Return the link of a page, "" for the one that the app opens with, under the app's own address.

    >>> link_of("http://localhost:8501/", "density", {"k": "3", "next": "?k=2 density"})
    'http://localhost:8501/density?k=3&next=?k=2+density'
    """
    text = "&".join(f"{key}={_legible(value)}" for key, value in query.items())
    return f"{home}{name}{'?' if text else ''}{text}"


def _legible(text: str) -> str:
    return quote(text, safe=LEGIBLE + " ").replace(" ", "+")


def is_local(address: str) -> bool:
    """Return whether an address means this computer wherever it is opened, and so leads nowhere on another.

    >>> is_local("http://localhost:8501/?k=3"), is_local("http://192.168.1.7:8500/")
    (True, False)
    """
    return urlsplit(address).hostname in LOCAL
