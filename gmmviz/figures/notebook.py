"""The explorer's film in a notebook: in the app's own player, without a server; and as a figure of Plotly's alone.

A notebook gets an HTML page of its own in a frame (`gmmviz.figures.document`), over a picture of the run's end, which
is what stays where scripts, or frames, are not allowed: in a notebook that is not trusted, or shown on a web page.
"""

from base64 import b64encode
from html import escape

import plotly.graph_objects as go

from gmmviz.datasets import Dataset
from gmmviz.em import Run, as_data
from gmmviz.figures.document import film_document
from gmmviz.figures.film import View, film
from gmmviz.figures.scene import scene_film
from gmmviz.figures.still import HEIGHT, WIDTH, still
from gmmviz.theme import PALETTE

ROOM = 640  # px, a film's height in a notebook


class Film(go.Figure):
    """A film that a notebook shows in the player; in every other respect a figure of Plotly's with a Play button.

    `show`, `write_html` and `to_image` take the plain figure, and what is changed in it is seen there.
    """

    _scene = None  # for the player; a copy has none, and is a plain figure
    _picture = ""
    _ipython_display_ = None  # Plotly's own way, by which it would be asked first

    def _repr_mimebundle_(self, include=None, exclude=None, **options) -> dict[str, str]:
        """Return what a notebook shows."""
        if self._scene is None:
            return super()._repr_mimebundle_(include, exclude, **options)
        page = framed(film_document(self._scene), self._picture)
        return {"text/html": page, "text/plain": "A film of EM: its show() opens it in a browser."}


def animate(run: Run, X, plane: tuple[int, int] = (0, 1), columns=None, equal_axes: bool = True) -> Film:
    """Return the film of a run: a notebook shows it in the app's player.

    Parameters
    ----------
    run : Run
        The history of EM on X. Of more than 100 states some are left out of the film.
    X : (N, D) array_like, D >= 2
        The points. The player draws them all; the plain figure, and the picture where scripts are not allowed, at
        most 2000, always the same.
    plane : tuple of two int
        The features to draw, from 0; EM's responsibilities come from all of them. The first two by default.
    columns : sequence of D str, optional
        The features' names; x1, x2, ... by default.
    equal_axes : bool
        Whether one unit is as long across as up, which it should be where the features share a unit. True by default.

    Returns
    -------
    Film
        Also a plain `plotly.graph_objects.Figure` with a Play button and a slider of its own: `show()` opens that.

    Raises
    ------
    ValueError
        If X has one feature only or is not valid data, `plane` names other features than there are, `columns` has not
        D names, or the run has more components (over 30) than there are colours.

    Examples
    --------
    >>> import numpy as np
    >>> from gmmviz.em import Mixture, fit
    >>> X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [8.0, 8.0], [9.0, 8.0], [8.0, 9.0]])
    >>> run = fit(X, Mixture([0.5, 0.5], X[[0, 3]], [np.eye(2), np.eye(2)]), reg_covar=0.1)
    >>> len(animate(run, X).frames) == len(run.states)
    True
    """
    X = as_data(X)
    columns = tuple(columns or (f"x{feature + 1}" for feature in range(X.shape[1])))
    _check(run, X, plane, columns)
    dataset = Dataset("", X, None, "", columns, equal_axes, fixed=True)
    view = View(plane=tuple(plane))
    found = Film(_plain(dataset, run, view))
    found._scene = scene_film(dataset, run, view._replace(steps=True))
    found._picture = still(X, run, view.plane, columns, equal_axes)
    return found


def framed(document: str, picture: str) -> str:
    """Return HTML with a document in a frame over a picture, an SVG: that is seen where the frame stays empty."""
    source = b64encode(picture.encode()).decode()
    below = f'<img src="data:image/svg+xml;base64,{source}" width="{WIDTH}" height="{HEIGHT}" alt="The end of the run">'
    look = "position: absolute; inset: 0; width: 100%; height: 100%; border: 0"
    frame = f'<iframe srcdoc="{escape(document)}" title="A film of EM" style="{look}" allow="fullscreen"></iframe>'
    return f'<div style="position: relative; min-height: {ROOM}px">{below}{frame}</div>'


# --- The plain figure -------------------------------------------------------------------------------------------------


def _plain(dataset: Dataset, run: Run, view: View) -> dict:
    """Return the figure that Plotly alone plays."""
    figure = film(dataset, run, view)
    labels = figure["layout"].pop("meta")["labels"]
    figure["layout"] |= {
        "updatemenus": [_buttons()],
        "sliders": [_slider(figure["frames"], labels)],
        "height": 560,
    }
    return figure


def _check(run: Run, X, plane, columns) -> None:
    """Raise a ValueError that advises, if there is nothing to draw."""
    D = X.shape[1]
    if D < 2:
        raise ValueError(
            "X has one feature; the film's plane needs two. Add a second column, or plot the curve itself."
        )
    if len(plane) != 2 or not all(0 <= feature < D for feature in plane):
        raise ValueError(f"plane is {plane}; choose two of the features 0 to {D - 1}.")
    if len(columns) != D:
        raise ValueError(f"columns has {len(columns)} names; give one for each of the {D} features.")
    K = run.states[0].mixture.n_components
    if len(PALETTE) < K:
        raise ValueError(f"the run has {K} components; there are colours for {len(PALETTE)}.")


def _buttons() -> dict:
    play = {"frame": {"duration": 200, "redraw": False}, "transition": {"duration": 0}, "fromcurrent": True}
    pause = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = [
        {"label": "Play", "method": "animate", "args": [None, play]},
        {"label": "Pause", "method": "animate", "args": [[None], pause]},
    ]
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "buttons": buttons,
        "x": 0,
        "y": -0.12,
    }


def _slider(frames: list[dict], labels: list[str]) -> dict:
    at_once = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    steps = [
        {"label": label, "method": "animate", "args": [[frame["name"]], at_once]}
        for frame, label in zip(frames, labels, strict=True)
    ]
    return {
        "steps": steps,
        "x": 0.18,
        "len": 0.82,
        "y": -0.08,
        "ticklen": 0,
        "font": {"color": "rgba(0,0,0,0)"},
    }
