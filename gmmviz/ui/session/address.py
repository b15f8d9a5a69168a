"""From the address to the widgets, and from what is shown back to the address."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gmmviz import versions
from gmmviz.frame import parted
from gmmviz.settings import Settings
from gmmviz.ui.session import frame
from gmmviz.ui.session.pages import entitle, go_on, through_app
from gmmviz.ui.session.state import Session, current, table
from gmmviz.words import corrected

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
    session = current()
    framed, address = parted(st.query_params.to_dict())
    through_app(session, script)
    if session.following:
        go_on(session)
    session.arrived = session.script != script
    session.has_main = session.whole = False
    moved = is_moved(session, address)
    session.fresh = session.arrived or moved or session.following
    session.script, session.address, session.defaults = script, address, defaults
    corrections = frame.take_over(session, framed)
    if session.fresh:
        _take_over(session)
        session.corrections = [*corrections, *session.corrections]


def is_moved(session: Session, address: dict) -> bool:
    """Return whether an address is news: not one from before a change that the browser had not heard of."""
    unasked, session.unasked = session.unasked, False
    late = unasked and not session.arrived and _is_late(session, address)
    touched = _touched(session)
    if touched and not session.arrived:
        _follow_films(session, address)
    return is_back() or (address != session.address and not late and not touched)


def is_back() -> bool:
    """Return whether the reader went back or forward in the browser's history: all widgets follow that."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def _touched(session: Session) -> bool:
    """Return whether a widget has another value than the page showed last."""
    shown = session.settings.shown() if session.settings else {}
    return any(st.session_state.get(name, value) != value for name, value in shown.items())


def _follow_films(session: Session, address: dict) -> None:
    """Note where a film stands that plays while a widget is changed: the address has followed it, unheard.

    An address from before a rest, of which the browser had not heard, says where the film stood earlier.
    """
    late = is_known(address, session.address_before, set())
    if late or not session.settings or not is_known(address, session.address, session.iterations):
        return
    heard, _ = session.defaults.from_query(versions.opened(address, session.defaults)[0], session.defaults)
    for name in session.iterations & session.defaults.table().keys():
        if st.session_state.get(name) == getattr(session.settings, name):
            st.session_state[name] = getattr(heard, name)


def _take_over(session: Session) -> None:
    """Set the widgets to what the address says, and on arrival by a bare one to what was chosen on other pages."""
    defaults, address = session.defaults, session.address
    carried = _carried(session) if session.arrived and not address else {}
    arriving, _ = defaults.from_query(carried, defaults)
    session.carried = {name: getattr(arriving, name) for name in carried}
    query, then, wrong = versions.opened(address, arriving)
    settings, corrections = defaults.from_query(query, then)
    session.corrections = wrong + corrections
    settings = frame.concealed(session, settings)
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
    """Whether an address that nobody asked for is from before a change which the browser had not heard of."""
    return is_known(address, session.address, session.iterations) or is_known(
        address, session.address_before, session.iterations
    )


def is_known(address: dict, known: dict, iterations: set[str]) -> bool:
    """Whether two addresses differ in no more than where their films stand, which these write by themselves."""
    aside = {versions.NAME, *iterations}
    return _without(aside, address) == _without(aside, known)


def _without(names: set[str], address: dict) -> dict:
    return {name: text for name, text in address.items() if name not in names}


def collect() -> Settings:
    """Return the settings that the widgets stand at. Call after the last widget that decides data or run.

    Here, at the top of the page, is also where corrections of its address will be told.
    """
    session = current()
    if not session.fresh:
        frame.keep_hidden(session)
    session.settings = session.defaults.entered(st.session_state)
    session.notice = st.empty()
    if not session.fresh:
        _tell(session)  # at once, so that the page below does not jump until the address is written
    return session.settings


def play() -> None:
    """Let the page's film go to where it opens, and play, once it is drawn."""
    current().plays += 1
    rewind()


def rewind() -> None:
    """Let the page's film go to where it opens."""
    for name in current().iterations & table().keys():
        st.session_state[name] = table()[name].default


# --- From what is shown to the address --------------------------------------------------------------------------------


def write_address(settings: Settings) -> None:
    """Let the address say what the page shows, and say what had to be changed in it.

    Call it once the settings are known to their last detail; a page with a film leaves that to `gmmviz.ui.film.film`.
    """
    session = current()
    own, framed = settings.to_query(session.defaults), session.frame.to_query()
    query = versions.stamped(own)
    # A link from a page to itself changes what the server knows of the address, but not the browser's own.
    linked = session.fresh and not session.arrived
    if linked or session.address != query or session.framed != framed:
        st.query_params.from_dict(query | framed)
        session.address_before = session.address
    session.address, session.framed = query, framed
    session.seen[session.script] = query
    entitle(session)
    _keep_for_other_pages(session, settings, own)
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
    bound = "noise" in chosen or chosen.get("placed")  # one dataset's noise would drown another
    if bound and "dataset" in values:
        chosen["dataset"] = settings.dataset
