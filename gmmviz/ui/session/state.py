"""What one reader's session remembers from run to run of a page's script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gmmviz.corrections import Correction
from gmmviz.frame import Frame, Page
from gmmviz.settings import Setting, Settings

KEY = "_session"  # of st.session_state


class Placement(NamedTuple):
    """Where the server last put a film, and of which run.

    Attributes
    ----------
    run : Settings or None
        What decides the run shown; None before the first.
    last : int
        The run's last iteration.
    frames : str or None
        What counts as a frame, where a page lets the reader choose it.
    iteration : int
        Where the film was put.
    placements : int
        How often it was: a number that changes each time.
    provisional : bool
        Whether the run is shown only until the one asked for is known.
    """

    run: Settings | None = None
    last: int = 0
    frames: str | None = None
    iteration: int = 0
    placements: int = 0
    provisional: bool = False


@dataclass
class Session:
    """What one reader's session remembers from run to run of a page's script.

    Attributes
    ----------
    script : str
        The page shown, by its script.
    defaults : Settings
        The page's own.
    settings : Settings or None
        What was shown last, on whichever page.
    address, address_before : dict of str to str
        What the address last said, as far as the server knows, and before that: its settings alone.
    pages : sequence of Page
        The app's, which app.py names.
    frame : Frame
        What the address says of how pages are shown, which goes along from page to page.
    framed : dict of str to str
        That part of the address, as the browser has it.
    presented : int
        How often an address that spoke asked for the presentation mode.
    beside : bool
        Whether what is drawn just now stands in the sidebar.
    has_main : bool
        Whether the page has a main part that can be drawn alone.
    whole : bool
        Whether the page, with its main part, was drawn to its end.
    undrawn : set of str
        The settings whose controls were left out in this run.
    trail : list of tuple of str and dict
        The pages, and their queries, that the presenter's next key has left behind.
    following : bool
        Whether the page comes because that key was pressed.
    arrived : bool
        Whether this run is the first on its page.
    fresh : bool
        Whether in this run the address speaks, not the widgets.
    unasked : bool
        Whether what brought this run about is the page itself and not the reader: a film that came to rest, or work
        that the rest of the page has to hear of.
    corrections : list of Correction
        What had to be changed in the address that spoke last.
    corrected : dict of str to str
        What it says since: as long as it does, the corrections are told.
    notice : DeltaGenerator or None
        The place at the top of the page where they are told.
    carried : dict
        What this page took over from the pages before, by its own measure.
    chosen : dict of str to str
        What was chosen on any page, as an address holds it.
    seen : dict of str to dict
        What each page's address said last, by its script.
    films : dict of str to Placement
        Where each film was put, by its key.
    plays : int
        How often a button has let the page's film play.
    iterations : set of str
        The settings that hold the films' iterations.
    navigated : bool
        Whether app.py has run in this session, or has been asked for.
    wanted : tuple of str and dict, or None
        The page, and the query, that the presenter's next key asks for.
    """

    script: str = ""
    defaults: Settings = field(default_factory=Settings)
    settings: Settings | None = None
    address: dict[str, str] = field(default_factory=dict)
    address_before: dict[str, str] = field(default_factory=dict)
    pages: Sequence[Page] = ()
    frame: Frame = field(default_factory=Frame)
    framed: dict[str, str] = field(default_factory=dict)
    presented: int = 0
    beside: bool = False
    has_main: bool = False
    whole: bool = False
    undrawn: set[str] = field(default_factory=set)
    trail: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    following: bool = False
    arrived: bool = False
    fresh: bool = False
    unasked: bool = False
    corrections: list[Correction] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    notice: DeltaGenerator | None = None
    carried: dict = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    seen: dict[str, dict[str, str]] = field(default_factory=dict)
    films: dict[str, Placement] = field(default_factory=dict)
    plays: int = 0
    iterations: set[str] = field(default_factory=set)
    navigated: bool = False
    wanted: tuple[str, dict[str, str]] | None = None


def current() -> Session:
    """Return this reader's session."""
    try:
        return st.session_state[KEY]
    except KeyError:  # not `setdefault`, for which one is made at every call
        st.session_state[KEY] = made = Session()
        return made


def table() -> dict[str, Setting]:
    """Return the table of the page's settings."""
    return current().defaults.table()
