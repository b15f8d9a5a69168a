"""One reader's session: from the address, through the widgets, back to the address.

The address speaks when a page is loaded, linked to, or reached by Back; from then on the widgets do, and the address
follows them. `st.session_state` holds each setting's widget under the setting's own name, and under one further key
what the session itself must remember, a `Session`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gmmviz import versions
from gmmviz.corrections import Concealed, Correction
from gmmviz.frame import Frame, Page, parted, read_steps
from gmmviz.settings import Choice, Setting, Settings
from gmmviz.titles import title
from gmmviz.ui.turns import is_wanted, turn
from gmmviz.words import corrected

KEY = "_session"  # of st.session_state
MAIN = "main"  # a fragment's key


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
    _through_app(session, script)
    if session.following:
        _go_on(session)
    session.arrived = session.script != script
    session.has_main = session.whole = False
    moved = _is_moved(session, address)
    session.fresh = session.arrived or moved or session.following
    session.script, session.address, session.defaults = script, address, defaults
    corrections = _take_over_frame(session, framed)
    if session.fresh:
        _take_over(session)
        session.corrections = [*corrections, *session.corrections]


def _is_moved(session: Session, address: dict) -> bool:
    """Return whether an address is news: not one from before a change that the browser had not heard of."""
    unasked, session.unasked = session.unasked, False
    late = unasked and not session.arrived and _is_late(session, address)
    touched = _touched(session)
    if touched and not session.arrived:
        _follow_films(session, address)
    return _is_back() or (address != session.address and not late and not touched)


def _is_back() -> bool:
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
    late = _is_known(address, session.address_before, set())
    if late or not session.settings or not _is_known(address, session.address, session.iterations):
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
    settings = _concealed(session, settings)
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
    return _is_known(address, session.address, session.iterations) or _is_known(
        address, session.address_before, session.iterations
    )


def _is_known(address: dict, known: dict, iterations: set[str]) -> bool:
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
        _keep_hidden(session)
    session.settings = session.defaults.entered(st.session_state)
    session.notice = st.empty()
    if not session.fresh:
        _tell(session)  # at once, so that the page below does not jump until the address is written
    return session.settings


def main(draw: Callable[[], None]) -> None:
    """Draw a page's main part, after the sidebar: what is drawn anew alone where the sidebar stays as it is.

    That is so after a change of one of its own widgets, which waits for a run that is under way, and after `draw_main`.

    Parameters
    ----------
    draw : callable
        Draws it; begins with `collect`.
    """
    session = current()
    session.has_main = True
    _main(draw)
    session.whole = True


@st.fragment(key=MAIN)
def _main(draw: Callable[[], None]) -> None:
    with turn():
        if get_script_run_ctx().fragment_ids_this_run:
            _begin_alone()
        draw()


def _begin_alone() -> None:
    """Do what `begin` does, where the main part alone is drawn; where more has changed, draw the whole page.

    No link and no Back asks for the part alone, so an address is news only where its film has moved on. Another is from
    before a run that the request has waited for.
    """
    session = current()
    framed, address = parted(st.query_params.to_dict())
    session.arrived = False
    if framed != session.framed or session.wanted:
        session.unasked = True
        st.rerun()
    if _is_moved(session, address) and _is_known(address, session.address, session.iterations):
        st.rerun()
    session.address, session.fresh = address, False


def draw_main(changed: Collection[str]) -> None:
    """Draw the main part alone, as the last thing in the callback of a widget on which the sidebar does not depend.

    Not where the sidebar does not stand as the settings do: there is no main part, the whole page was not drawn to its
    end, or more has changed than these settings, or one of them to what it cannot be.
    """
    session, state = current(), st.session_state
    if not session.whole or _is_back():
        return
    before, now = session.settings.shown(), session.defaults.entered(state).shown()
    if all(state[name] == (now if name in changed else before)[name] for name in before):
        st.rerun(MAIN)


def draw_whole() -> None:
    """Draw the whole page, as the last thing in the callback of a widget of its main part that changes the sidebar."""
    if current().has_main:
        st.rerun()


def rerun() -> NoReturn:
    """Run the page's script again by itself, unless the reader has asked for another run meanwhile: that comes first.

    Streamlit takes the address along that this run began with, which may be older than the page's.
    """
    is_wanted()
    current().unasked = True
    st.rerun()


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


# --- The frame --------------------------------------------------------------------------------------------------------


def _take_over_frame(session: Session, framed: dict[str, str]) -> list[Correction]:
    """Set the frame to what the address says of it, and return what had to be changed in that.

    A bare address of another page, as the navigation has it, says nothing: the frame goes along.
    """
    session.framed, session.beside, session.undrawn = framed, False, set()
    if session.arrived and not session.following:
        session.trail = []
    session.following = False
    if session.arrived and not framed and not session.address:
        session.frame = replace(session.frame, present=0)  # the browser takes that along by itself
        return []
    session.frame, corrections = Frame.read(framed, session.pages)
    session.presented += session.fresh and session.frame.present
    return corrections


def hides(*words: str) -> bool:
    """Return whether one of these groups is hidden, or the control of one of these settings."""
    return _is_hidden(current(), *words)


def _is_hidden(session: Session, *words: str) -> bool:
    frame = session.frame
    hidden = {*frame.hide, *frame.hidden(session.defaults.table()), *session.undrawn}
    return not hidden.isdisjoint(words)


def leave_out(name: str) -> bool:
    """Return whether a setting's control is left out here, and note that."""
    session = current()
    left_out = _is_hidden(session, name) or (session.beside and _is_hidden(session, "sidebar"))
    if left_out:
        session.undrawn.add(name)
    return left_out


@contextlib.contextmanager
def sidebar() -> Iterator[None]:
    """Draw what follows in the sidebar; its controls are left out where that is hidden."""
    session = current()
    session.beside = True
    try:
        with st.sidebar:
            yield
    finally:
        session.beside = False


def _keep_hidden(session: Session) -> None:
    """Keep the values of hidden settings as they were, whatever a callback has made of them.

    One that is not chosen, and so is another setting's to decide, follows that.
    """
    table, before = session.defaults.table(), session.settings
    if type(before) is not type(session.defaults):
        return  # nothing was shown yet
    for name in session.frame.hidden(table) | session.undrawn:
        if getattr(before, name) not in (None, ()) and not table[name].quiet:
            st.session_state[name] = table[name].shown(getattr(before, name))


def _concealed(session: Session, settings: Settings) -> Settings:
    """Return the settings without what reveals the true groups, where these are hidden, and note what was changed."""
    if "truth" not in session.frame.hide:
        return settings
    for name, row in settings.table().items():
        if getattr(settings, name) == "truth" and isinstance(row, Choice):
            session.corrections.append(Correction(name, "truth", row.default, Concealed()))
            settings = replace(settings, **{name: row.default})
    return settings


def follow() -> None:
    """Go on to the next link of the address, once the page's script runs again."""
    session = current()
    steps = read_steps(session.frame.next, session.pages).steps
    if steps:
        (page, query), left = steps[0], replace(session.frame, next=session.frame.next[1:])
        here = parted(st.query_params.to_dict())[1]  # with the iteration at which the browser stands
        session.trail.append((session.script, session.frame.link(here)))
        session.wanted, session.frame = (page.script, left.link(query)), left
        session.following = True


def go_back() -> None:
    """Go back to where the next key was pressed, once the page's script runs again."""
    session = current()
    if session.trail:
        session.wanted = session.trail.pop()
        session.following = True


def coming() -> str:
    """Return in a few words what the next link leads to; "" where there is none."""
    session = current()
    steps = read_steps(session.frame.next[:1], session.pages).steps
    if not steps:
        return ""
    (page, query), opening = steps[0], steps[0].page.opening
    settings, _ = opening.from_query(parted(query)[1], opening)
    return title(page.title, settings, opening, page.default).rpartition(" · ")[0]


def entitle(session: Session) -> None:
    """Give the browser's tab a title of what is shown, as soon as that is known."""
    page = next((page for page in session.pages if page.script == session.script), None)
    if page is not None:
        st.set_page_config(title(page.title, session.settings, session.defaults, page.default))


# --- Through app.py ---------------------------------------------------------------------------------------------------


def _through_app(session: Session, script: str) -> None:
    """Make sure that app.py has run in this session, and with it the page config and the navigation.

    As long as no session of a new server has, Streamlit serves a page from the pages folder itself. Any navigation ends
    that. The run after it is app.py's, at the same address, and what stands in the browser stays until then.
    """
    if session.navigated:
        return
    session.navigated = True
    with contextlib.suppress(StreamlitAPIException):  # a page run by itself, as its own app, has no app.py
        st.navigation([st.Page("app.py", default=True), st.Page(script)], position="hidden")
        st.rerun()


@st.fragment(run_every=24 * 60 * 60)  # seconds, in a number: for a text Streamlit loads pandas
def come_back() -> None:
    """Let a page whose websocket was cut come back by itself. Call it at the end of app.py.

    A browser that is connected anew asks for a run at once only where something on the page runs now and then, as this
    does, and draws nothing. Else the run comes with the reader's next change, which a server that does not know the
    session, a new one or the same after two minutes, takes for the loading of a page and loses.
    """


def go_where_wanted(pages: Sequence[Page] = ()) -> None:
    """Go on to the page that a presenter's next key asks for.

    Call it in app.py, after `st.navigation`, with the app's pages.
    """
    session = current()
    session.navigated, session.pages = True, pages
    _go_on(session)


def _go_on(session: Session) -> None:
    """Go to the page that is wanted, if there is one."""
    wanted, session.wanted = session.wanted, None
    if wanted:
        script, query = wanted
        st.switch_page(script, query_params=query)
