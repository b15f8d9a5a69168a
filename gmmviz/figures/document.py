"""A film as one HTML document that plays without a network and without Python, in the app's own player.

The document holds the player's page, style sheets and modules, plotly.js from the installed package, and the film.
What comes from outside, such as the names of a reader's own columns, is text in it and nothing else; a policy of its
own lets it ask no host for anything.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import NamedTuple
from urllib.parse import urlsplit

from gmmviz.figures.bundle import bundled

UI = Path(__file__).parents[1] / "ui"
PLAYER = UI / "player"
"""Where the player's files are, which its component reads too. They are read as files: its package needs Streamlit."""
WITHOUT = (
    "<noscript><p>This film plays where scripts are allowed: open the file in a browser such as Chrome, Edge, Firefox "
    "or Safari.</p></noscript>"
)


class Table(NamedTuple):
    """A small table beside a film: a title, the columns' names, and rows of texts."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


class Told(NamedTuple):
    """What a document says beside its film.

    Attributes
    ----------
    title, question : str
        What stands over it.
    settings, numbers : sequence of (str, str)
        Names and what they are.
    tables : sequence of Table
        More numbers.
    address : str
        Where the film came from; "" where that is nowhere.
    """

    title: str
    question: str = ""
    settings: Sequence[tuple[str, str]] = ()
    numbers: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    address: str = ""


def film_document(figure: dict, *, iteration: int = 0, told: Told | None = None) -> str:
    """Return a film as an HTML document.

    Parameters
    ----------
    figure : dict
        data, layout and scene, as from `gmmviz.figures.scene.scene_film`.
    iteration : int
        Where it opens: the nearest one before it that is shown.
    told : Told, optional
        What it says beside the film; without it there is the film alone, to be set into another page, which shows
        through where no script may run.

    Returns
    -------
    str
        The whole document, about 2 MB and the film's own size.

    Raises
    ------
    ValueError
        If a number in the figure is not finite.
    """
    payload = {"figure": figure, "run": "film", "points": "film", "iteration": iteration}
    return _template().substitute(
        title=escape(told.title if told else "A film of EM"),
        style=_style(),
        opening=_opening(told) if told else "",
        player=_file("player.html"),
        told=_beside(told) if told else "",
        without=WITHOUT if told else "",
        payload=as_json(payload),
        version=version("plotly"),
        plotly=_plotly(),
        script=_script(),
    )


def as_json(value) -> str:
    """Return a value as JSON that ends no script element, whatever texts it holds.

    >>> as_json({"name": "</script><b>"})
    '{"name":"\\\\u003c/script>\\\\u003cb>"}'
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


# --- What is the same in all ------------------------------------------------------------------------------------------


def _file(name: str) -> str:
    return (PLAYER / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return Template(_file("document.html"))


@cache
def _style() -> str:
    present = (UI / "present.css").read_text(encoding="utf-8")
    return "\n".join([_file("player.css"), present, _file("document.css")])


@cache
def _script() -> str:
    """Return the player as one script; the sign that would end its element is written otherwise in its texts."""
    modules = {path.stem: path.read_text(encoding="utf-8") for path in (PLAYER / "modules").glob("*.js")}
    return bundled(modules, "alone").replace("</script", "<\\/script")


@cache
def _plotly() -> str:
    """Return plotly.js of the installed package, gzip in base64: less than half its size."""
    path = Path(find_spec("plotly").origin).parent / "package_data" / "plotly.min.js"
    return b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode()


# --- What is told beside the film -------------------------------------------------------------------------------------


def _opening(told: Told) -> str:
    question = f"<p>{escape(told.question)}</p>" if told.question else ""
    return f"<header><h1>{escape(told.title)}</h1>{question}</header>"


def _beside(told: Told) -> str:
    """Return the sections under the film."""
    pairs = [("Settings", told.settings), ("Numbers", told.numbers)]
    sections = [
        f'<div class="film-wide">{_file("taking.html")}</div>',
        *(_section(title, _rows(rows)) for title, rows in pairs if rows),
        *(_section(table.title, _columns(table), wide=True) for table in told.tables),
    ]
    if told.address:
        sections.append(_section("Where it came from", f"<p>{_link(told.address)}</p>"))
    return f'<div class="film-told">{"".join(sections)}</div>'


def _section(title: str, inside: str, wide: bool = False) -> str:
    # As wide as the page: what is wider still scrolls, also for who comes by key.
    kind = f' class="film-wide" tabindex="0" aria-label="{escape(title)}"' if wide else ""
    return f"<section{kind}><h2>{escape(title)}</h2>{inside}</section>"


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    rows = (f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in pairs)
    return f"<table>{''.join(rows)}</table>"


def _columns(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.header)
    rows = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in table.rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _link(address: str) -> str:
    """Return an address of the web as a link, and any other as text."""
    text = escape(address)
    return f'<a href="{text}">{text}</a>' if urlsplit(address).scheme in ("http", "https") else text
