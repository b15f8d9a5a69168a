"""The film's player: one component that draws and plays any figure with a scene (`gmmviz.figures.scene`)."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from streamlit.components.v1 import declare_component

_HERE = Path(__file__).parent

# Serves the plotly package's own plotly.min.js: no copy of it in the repository, no outside host, the matching version.
# The package itself is not loaded for that.
declare_component("plotlyjs", path=str(Path(find_spec("plotly").origin).parent / "package_data"))
_PLOTLY_URL = "./component/gmmviz.ui.player.plotlyjs/plotly.min.js"

# The modules import each other by their names, which those of an inline script could not.
declare_component("modules", path=str(_HERE / "modules"))
_MODULES_URL = "./component/gmmviz.ui.player.modules/"

_component = st.components.v2.component(
    "gmmviz_player",
    html=(_HERE / "player.html").read_text(encoding="utf-8"),
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js=(_HERE / "player.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)

_pictures = st.components.v2.component(
    "gmmviz_pictures",
    html=(_HERE / "taking.html").read_text(encoding="utf-8"),
    js=(_HERE / "pictures.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def player(
    figure: dict,
    *,
    run: str,
    points: str,
    iteration: int,
    placements: int,
    setting: str,
    home: int = 0,
    presented: int = 0,
    next: str = "",
    back: bool = False,
    on_turn: Callable[[], None] | None = None,
    on_rest: Callable[[], None],
    on_point: Callable[[], None] | None = None,
    on_spot: Callable[[], None] | None = None,
    on_place: Callable[[], None] | None = None,
    start: dict | None = None,
    on_draw: Callable[[], None] | None = None,
    board: dict | None = None,
    locked: str = "",
    plays: int = 0,
    key: str = "film",
) -> None:
    """Play a film in the browser; a new figure replaces the old one in place.

    Parameters
    ----------
    figure : dict
        data, layout and scene, as from `gmmviz.figures.scene.scene_film`.
    run, points : str
        Names of what is shown. Another figure of the same run stays at its iteration, another run opens at `iteration`;
        the zoom is kept as long as the points are the same.
    iteration : int
        Where the film was last put.
    placements : int
        Changes when the film must go to `iteration` although the run is the same.
    setting : str
        The name that the iteration has in the address.
    home : int
        The iteration at which the film opens by itself: the address says nothing of it.
    presented : int
        Changes when an address asks for the presentation mode; 0: none has yet.
    next : str
        What the next key goes on to at the film's end; "" where there is nothing.
    back : bool
        Whether a key at the film's start goes back to what came before.
    on_turn : callable, optional
        Called when it does either: `st.session_state[key].turn` is "next" or "back".
    on_rest : callable
        Called when the film has come to rest at another iteration: the first of `st.session_state[key].rest`.
    on_point : callable, optional
        Called when one of the points is clicked: `st.session_state[key].point` is its number.
    on_spot : callable, optional
        Called when a plane is clicked anywhere: `st.session_state[key].spot` is [x, y].
    on_place : callable, optional
        Called when all means were placed by hand: `st.session_state[key].placed` is where, "x,y;x,y".
    start : dict, optional
        Lets means be placed, in the first plane: K, the places chosen so far, and the covariance, four numbers, with
        which every component then begins.
    on_draw : callable, optional
        Called when points were drawn by hand: `st.session_state[key].drawn` is all of them, as `Dots` writes them.
    board : dict, optional
        Lets points be drawn, in the first plane: the dots there are, how many there may be, and how many the fit needs.
    locked : str
        Why the film cannot be played, scrubbed or stepped yet, by hand or by key; "" where it can.
    plays : int
        A number that grows when the film on the screen must begin to play by itself.
    """
    data = {
        "figure": figure,
        "run": run,
        "points": points,
        "iteration": iteration,
        "placements": placements,
        "setting": setting,
        "home": home,
        "presented": presented,
        "next": next,
        "back": back,
        "plotly": _PLOTLY_URL,
        "modules": _MODULES_URL,
        "clickable": on_point is not None,
        "spots": on_spot is not None,
        "start": start,
        "board": board,
        "locked": locked,
        "plays": plays,
    }
    listeners = {
        "on_rest_change": on_rest,
        "on_turn_change": on_turn,
        "on_point_change": on_point,
        "on_spot_change": on_spot,
        "on_placed_change": on_place,
        "on_drawn_change": on_draw,
    }
    _component(key=key, data=data, **{name: listener for name, listener in listeners.items() if listener})


def pictures(key: str = "pictures") -> None:
    """Draw the buttons by which the page's film becomes pictures, all of it in the browser."""
    _pictures(key=key, data={"modules": _MODULES_URL})
