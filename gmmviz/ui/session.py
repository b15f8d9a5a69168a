"""One experiment a session: from the address, through the widgets, back to the address.

The address speaks when a page is loaded, linked to, or reached by Back; from then on the widgets do, and the address
follows them. `st.session_state` holds each setting under its own name.
"""

import contextlib
from dataclasses import replace

import streamlit as st
from streamlit.errors import StreamlitAPIException

from gmmviz.experiment import Settings


def begin(page: str, defaults: Settings) -> None:
    """Take over what the address says, if it has changed and no widget has. Call before the first widget of a page."""
    _through_app(page)
    state, address = st.session_state, st.query_params.to_dict()
    kept = state.get("_kept", {})
    touched = any(name in state and state[name] != value for name, value in kept.items())
    arrived = state.get("_page") != page
    late = state.pop("_rested", False) and not arrived and _is_late(address)
    state._fresh = arrived or (address != state._address and not touched and not late)
    state._page, state._arrived, state._address, state._defaults = page, arrived, address, defaults
    if state._fresh:
        carried = _carried(defaults) if arrived and not address else {}
        arriving, _ = type(defaults).from_query(carried, defaults)
        state._carried = {name: getattr(arriving, name) for name in carried}
        experiment, state._notices = type(defaults).from_query(address, arriving)
        state.update(experiment.shown())
    else:
        state.update({name: value for name, value in kept.items() if name not in state})


def _is_late(address: dict) -> bool:
    """Whether an address that a rest of the film brings is from before a change which the browser had not heard of."""
    state = st.session_state
    return _without_it(address) in (
        _without_it(state._address),
        _without_it(state.get("_address_before", {})),
    )


def _without_it(address: dict) -> dict:
    return {name: text for name, text in address.items() if name != "it"}


def _through_app(page: str) -> None:
    """Make sure that app.py has run in this session, and with it the page config and the navigation.

    As long as no session of a new server has, Streamlit serves a deep link from the pages folder itself.
    """
    if "_navigated" in st.session_state:
        return
    st.session_state._wanted = f"pages/{page}.py", st.query_params.to_dict()
    with contextlib.suppress(StreamlitAPIException):  # a page run by itself, as its own app, has no app.py
        st.switch_page("app.py")


def go_where_wanted() -> None:
    """Go on to the page that a deep link asked for before app.py had run. Call it in app.py, after `st.navigation`."""
    st.session_state._navigated = True
    if wanted := st.session_state.pop("_wanted", None):
        page, query = wanted
        st.switch_page(page, query_params=query)


def table() -> dict:
    """Return the table of the page's settings."""
    return st.session_state._defaults.table()


def _carried(defaults: Settings) -> dict:
    """Return what was chosen on the pages before and means the same here: the data and the run on them."""
    shared = {name for name, row in defaults.table().items() if row.part != "view"}
    return {name: text for name, text in st.session_state.get("_chosen", {}).items() if name in shared}


def _keep_for_other_pages(experiment: Settings, query: dict) -> None:
    """Note what is chosen here. What a page cannot show as it came, such as more points than it allows, stays noted."""
    state, shown = st.session_state, experiment.shown()
    chosen = state.setdefault("_chosen", {})
    for name in query.keys() | chosen.keys() & table().keys():
        if shown[name] is None:  # an optional value that was taken back
            chosen.pop(name, None)
        elif name not in state._carried or getattr(experiment, name) != state._carried[name]:
            chosen[name] = table()[name].write(shown[name])
    if "noise" in chosen and "dataset" in shown:  # one dataset's noise would drown another
        chosen["dataset"] = experiment.dataset


def collect() -> Settings:
    """Return the settings that the widgets stand at. Call after the last widget that decides data or run."""
    state = st.session_state
    if "member" in table():
        state.member = min(state.member, state.k)
    experiment = type(state._defaults)(**{name: state[name] for name in table()})
    state._kept = experiment.shown()  # Streamlit forgets a widget's value while the widget is not drawn
    return experiment


def place_film(experiment: Settings, last: int) -> tuple[Settings, int, int]:
    """Decide where the film of a run with `last` iterations stands.

    Where a fresh address says; after a change of the run at its end if it stood at the end, else at the start;
    otherwise where the reader left it. Returns the experiment with that iteration, the iteration at which the server
    last put the film, and a number that changes each time it does.
    """
    state = st.session_state
    run, frames, it = experiment.only("data", "run"), getattr(experiment, "frames", None), experiment.it
    old_run, old_last, old_frames, at, move = state.get("_film", (None, 0, None, 0, 0))
    if state._fresh:
        if it > last:
            others = [notice for notice in state._notices if not notice.startswith("it was")]
            state._notices = [
                *others,
                f"The run ends at iteration {last}, so the iteration shown, it, is now {last}.",
            ]
        it = at = min(it, last)
        move += 1
    elif run != old_run:
        it = at = last if it == old_last > 0 else 0
    elif frames != old_frames:
        at = it  # so that it is among the frames, which are thinned anew
    state._film, state.it, state._kept["it"] = (run, last, frames, at, move), it, it
    return replace(experiment, it=it), at, move


def film_rested() -> None:
    """Note the iteration at which the player came to rest."""
    if rest := st.session_state.film.rest:
        st.session_state.it = int(rest[0])
        st.session_state._rested = True


def write_address(experiment: Settings) -> None:
    """Let the address say what the page shows, and say what had to be changed in it. Call before drawing the page."""
    state = st.session_state
    query = experiment.to_query(state._defaults)
    # A link from a page to itself changes what the server knows of the address, but not the browser's own.
    linked = state._fresh and not state._arrived
    if linked or state._address != query:
        st.query_params.from_dict(query)
        state._address_before = state._address
    state._address = query
    _keep_for_other_pages(experiment, query)
    if state._fresh:
        state._corrected = query
    if state._notices and state._corrected == query:
        st.warning("The address was corrected. " + " ".join(state._notices), icon=":material/link:")
