"""What belongs to one session alone: the user's own table, and all that is computed of it.

It stands in st.session_state, which goes with the session; no cache that sessions share ever sees it, and no disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser

from gmmviz.columns import Chosen, chosen
from gmmviz.settings import Settings
from gmmviz.tables import MOST_BYTES, Table

KEY = "_own_data"  # of st.session_state

# Files that come in are kept in memory by the server; but on their way, beyond 1 MB, in a temporary file.
MultiPartParser.spool_max_size = max(MultiPartParser.spool_max_size, 2 * MOST_BYTES)


@dataclass
class Own:
    """What a session has of its user's own data.

    Attributes
    ----------
    table : Table or None
        As it was read last; None before.
    source : str
        What it was read from, in the user's words: text, no markup.
    datasets : dict
        Made of it, by the settings that decide them; the last few.
    kept : dict
        Results, by what computes them: each a `gmmviz.ui.cache.Kept`.
    error : str
        Why the last thing given could not be read: plain text; "" where it could.
    uploads : int
        How many files were taken over: the uploader's key holds it, so that the server lets go of each.
    choices : int
        How often a pair of columns was clicked.
    usable : int
        How many rows could be used when that was asked last.
    chosen : dict
        What was chosen of it when another dataset took its place, as an address holds it.
    """

    table: Table | None = None
    source: str = ""
    datasets: dict[tuple, Chosen] = field(default_factory=dict)
    kept: dict[Callable, Any] = field(default_factory=dict)
    error: str = ""
    uploads: int = 0
    choices: int = 0
    usable: int = 0
    chosen: dict[str, str] = field(default_factory=dict)

    def take(self, table: Table, source: str) -> None:
        """Take over a table, and forget all that was made of the one before."""
        self.table, self.source, self.error, self.usable = table, source, "", 0
        self.datasets.clear()
        self.kept.clear()


def own() -> Own:
    """Return this session's."""
    try:
        return st.session_state[KEY]
    except KeyError:
        st.session_state[KEY] = made = Own()
        return made


def table_of(file: str) -> Table | None:
    """Return the table that an address means by `file`, or None where this session has not got it."""
    table = own().table
    return table if table is not None and table.digest == file else None


def kept_by(compute: Callable, make: Callable[[], Any]) -> Any:
    """Return where this session keeps its own results of a function; made where that is not there yet."""
    kept = own().kept
    if compute not in kept:
        kept[compute] = make()
    return kept[compute]


def chosen_of(settings: Settings) -> Chosen:
    """Return what settings make of the session's table.

    Raises
    ------
    LookupError
        If the session has no such table.
    gmmviz.tables.TableError
        If it cannot be used as the settings ask.
    """
    table = table_of(settings.file)
    if table is None:
        raise LookupError("This session has no such table.")
    label, scale = getattr(settings, "label", 0), getattr(settings, "scale", "no")  # not of one dimension
    key = (settings.columns, label, scale, settings.rows)
    found = own().datasets
    if key not in found:
        while len(found) >= 4:
            found.pop(next(iter(found)))
        found[key] = chosen(
            table,
            [int(text) - 1 for text in settings.columns],
            label - 1 if label else None,
            scale == "yes",
            settings.rows,
        )
    return found[key]
