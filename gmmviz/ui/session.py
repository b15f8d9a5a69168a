"""One reader's session: from the address, through the widgets, back to the address.

The address speaks when a page is loaded, linked to, or reached by Back; from then on the widgets do, and the address
follows them. `st.session_state` holds each setting's widget under the setting's own name, and under one further key
what the session itself must remember, a `Session`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from gmmviz.corrections import Correction
from gmmviz.settings import Setting, Settings
from gmmviz.words import corrected

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
        What the address last said, as far as the server knows, and before that.
    arrived : bool
        Whether this run is the first on its page.
    fresh : bool
        Whether in this run the address speaks, not the widgets.
    rested : bool
        Whether what brought this run about is a film that came to rest.
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
    films : dict of str to Placement
        Where each film was put, by its key.
    iterations : set of str
        The settings that hold the films' iterations.
    navigated : bool
        Whether app.py has run in this session.
    wanted : tuple of str and dict, or None
        The page, and the query, of a deep link that came before that.
    """

    script: str = ""
    defaults: Settings = field(default_factory=Settings)
    settings: Settings | None = None
    address: dict[str, str] = field(default_factory=dict)
    address_before: dict[str, str] = field(default_factory=dict)
    arrived: bool = False
    fresh: bool = False
    rested: bool = False
    corrections: list[Correction] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    notice: DeltaGenerator | None = None
    carried: dict = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    films: dict[str, Placement] = field(default_factory=dict)
    iterations: set[str] = field(default_factory=set)
    navigated: bool = False
    wanted: tuple[str, dict[str, str]] | None = None


def current() -> Session:
    """Return this reader's session."""
    return st.session_state.setdefault(KEY, Session())


def table() -> dict[str, Setting]:
    """Return the table of the page's settings."""
    return current().defaults.table()


# --- From the address to the widgets ----------------------------------------------------------------------------------


def begin(script: str, defaults: Settings) -> None:
    """Take over what the address says, if it has changed and no widget has. Call before the first widget of a page.

    Parameters
    ----------
    script : str
        The page's own, seen from app.py.
    defaults : Settings
        Those that the page opens with.
    """
    session, address = current(), st.query_params.to_dict()
    _through_app(session, script)
    session.arrived = session.script != script
    rested, session.rested = session.rested, False
    late = rested and not session.arrived and _is_late(session, address)
    touched = _touched(session)
    moved = address != session.address and not late and not touched
    if touched and not session.arrived:
        _follow_films(session, address)
    session.fresh = session.arrived or moved
    session.script, session.address, session.defaults = script, address, defaults
    if session.fresh:
        _take_over(session)


def _touched(session: Session) -> bool:
    """Return whether a widget has another value than the page showed last."""
    shown = session.settings.shown() if session.settings else {}
    return any(name in st.session_state and st.session_state[name] != value for name, value in shown.items())


def _follow_films(session: Session, address: dict) -> None:
    """Note where a film stands that plays while a widget is changed: the address has followed it, unheard."""
    if not session.settings or not _is_known(address, session.address, session.iterations):
        return
    heard, _ = session.defaults.from_query(address, session.defaults)
    for name in session.iterations & session.defaults.table().keys():
        if st.session_state.get(name) == getattr(session.settings, name):
            st.session_state[name] = getattr(heard, name)


def _take_over(session: Session) -> None:
    """Set the widgets to what the address says, and on arrival by a bare one to what was chosen on other pages."""
    defaults, address = session.defaults, session.address
    carried = _carried(session) if session.arrived and not address else {}
    arriving, _ = defaults.from_query(carried, defaults)
    session.carried = {name: getattr(arriving, name) for name in carried}
    settings, session.corrections = defaults.from_query(address, arriving)
    if session.arrived:
        _forget_widgets(settings.shown())
    st.session_state.update(settings.shown())


def _forget_widgets(shown: dict) -> None:
    """Let Streamlit forget which widgets had these keys on the pages before.

    It would take a setting away with that widget where this page has none for it; what is deleted it lets go.
    """
    for name, value in shown.items():
        st.session_state[name] = value
        del st.session_state[name]


def _carried(session: Session) -> dict[str, str]:
    """Return what was chosen on the pages before and means the same here: the data and the run on them."""
    shared = {name for name, row in session.defaults.table().items() if row.part != "view"}
    return {name: text for name, text in session.chosen.items() if name in shared}


def _is_late(session: Session, address: dict) -> bool:
    """Whether an address that a rest of a film brings is from before a change which the browser had not heard of."""
    return _is_known(address, session.address, session.iterations) or _is_known(
        address, session.address_before, session.iterations
    )


def _is_known(address: dict, known: dict, iterations: set[str]) -> bool:
    """Whether two addresses differ in no more than where their films stand."""
    return _without(iterations, address) == _without(iterations, known)


def _without(names: set[str], address: dict) -> dict:
    return {name: text for name, text in address.items() if name not in names}


def collect() -> Settings:
    """Return the settings that the widgets stand at. Call after the last widget that decides data or run.

    Here, at the top of the page, is also where corrections of its address will be told.
    """
    session = current()
    session.settings = session.defaults.entered(st.session_state)
    session.notice = st.empty()
    if not session.fresh:
        _tell(session)  # at once, so that the page below does not jump until the address is written
    return session.settings


# --- From what is shown to the address --------------------------------------------------------------------------------


def write_address(settings: Settings) -> None:
    """Let the address say what the page shows, and say what had to be changed in it.

    Call it once the settings are known to their last detail; a page with a film leaves that to `gmmviz.ui.film.film`.
    """
    session = current()
    query = settings.to_query(session.defaults)
    # A link from a page to itself changes what the server knows of the address, but not the browser's own.
    linked = session.fresh and not session.arrived
    if linked or session.address != query:
        st.query_params.from_dict(query)
        session.address_before = session.address
    session.address = query
    _keep_for_other_pages(session, settings, query)
    if session.fresh:
        session.corrected = query
    _tell(session)


def _tell(session: Session) -> None:
    """Say what had to be changed in the address, as long as it says what became of that."""
    if session.corrections and session.corrected == session.address:
        told = " ".join(map(corrected, session.corrections))
        session.notice.warning(f"The address was corrected. {told}", icon=":material/link:")
    else:
        session.notice.empty()


def _keep_for_other_pages(session: Session, settings: Settings, query: dict) -> None:
    """Note what is chosen here. What a page cannot show as it came, such as more points than it allows, stays noted."""
    table, values, chosen = settings.table(), settings.told(), session.chosen
    for name in query.keys() | chosen.keys() & table.keys():
        if values[name] is None:  # an optional value that was taken back
            chosen.pop(name, None)
        elif name not in session.carried or getattr(settings, name) != session.carried[name]:
            chosen[name] = table[name].write(values[name])
    if "noise" in chosen and "dataset" in values:  # one dataset's noise would drown another
        chosen["dataset"] = settings.dataset


# --- Through app.py ---------------------------------------------------------------------------------------------------


def _through_app(session: Session, script: str) -> None:
    """Make sure that app.py has run in this session, and with it the page config and the navigation.

    As long as no session of a new server has, Streamlit serves a deep link from the pages folder itself.
    """
    if session.navigated:
        return
    session.wanted = script, st.query_params.to_dict()
    with contextlib.suppress(StreamlitAPIException):  # a page run by itself, as its own app, has no app.py
        st.switch_page("app.py")


def go_where_wanted() -> None:
    """Go on to the page that a deep link asked for before app.py had run. Call it in app.py, after `st.navigation`."""
    session = current()
    session.navigated = True
    wanted, session.wanted = session.wanted, None
    if wanted:
        script, query = wanted
        st.switch_page(script, query_params=query)
