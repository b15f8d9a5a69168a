"""Restarts: all curves and where they end, a small picture of each optimum, and the film of one run beside the others.

No colour but grey: the components' are theirs. The best optimum is strong, the others are pale, what is no optimum is
dotted.
"""

from collections.abc import Sequence
from urllib.parse import quote

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.figures.traces import AXIS, LINE, MARGIN, trace
from gmmviz.geometry import ellipse_rings, extent, subsample
from gmmviz.numerals import numeral
from gmmviz.pages.restarts.numbers import best_of
from gmmviz.restarts import Optimum, Restart, letters
from gmmviz.theme import PALETTE

CURVES = 24
"""Curves drawn of a group at most."""
STOPS = 20
"""Points drawn of a curve at most."""
SINGLED_OUT = 8
"""Groups with a trace, a picture and a choice of their own; the others are drawn as one."""
BINS = 40
DRAWN = 250  # points of a small picture
WIDTH, HEIGHT = 200, 140  # of its coordinates
KIND = {"optimum": "", "spurious": "at the floor", "collapsed": "collapsed"}
"""What a group is marked with."""


# --- All runs ---------------------------------------------------------------------------------------------------------


def fan_figure(groups: Sequence[Optimum], chosen: Optimum | None = None) -> dict:
    """Return the curves of all runs, and beside them the histogram of where they end, as a plain Plotly figure dict.

    Parameters
    ----------
    groups : sequence of Optimum
        At least one, as `gmmviz.restarts.optima` returns them.
    chosen : Optimum, optional
        The group that is drawn over all others.
    """
    bands = _bands(groups)
    low, high = _range(groups)
    edges = np.linspace(low, high, BINS + 1)
    traces = [
        part
        for name, members, look in sorted(bands, key=lambda band: band[0] == _name(groups, chosen))
        for part in (_fan(name, members, look), _bars(name, members, look, edges))
    ]
    return {
        "data": traces,
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": 330,
            "barmode": "stack",
            "bargap": 0.08,
            "hovermode": "closest",
            "xaxis": AXIS
            | {
                "domain": [0, 0.68],
                "type": "log",
                "dtick": 1,
                "tickformat": ",d",
                "title": {"text": "Iteration"},
            },
            "yaxis": AXIS | {"range": [low, high], "title": {"text": "Log-likelihood"}, "automargin": True},
            "xaxis2": AXIS | {"domain": [0.72, 1], "title": {"text": "Starts"}, "rangemode": "tozero"},
            "yaxis2": AXIS | {"anchor": "x2", "range": [low, high], "showticklabels": False, "matches": "y"},
        },
    }


def _name(groups: Sequence[Optimum], group: Optimum | None) -> str | None:
    return next((name for name, one in zip(names(groups), groups, strict=True) if one is group), None)


def names(groups: Sequence[Optimum]) -> list[str]:
    """Return the groups' names, A for the best."""
    return letters(len(groups))


def singled_out(groups: Sequence[Optimum]) -> list[tuple[str, Optimum]]:
    """Return the groups that have a trace, a picture and a choice of their own, with their names.

    The first; and where there are too many, the first two that are no optima among them.
    """
    named = list(zip(names(groups), groups, strict=True))
    sound = [one for one in named if one[1].kind == "optimum"]
    odd = named[len(sound) :]
    return sound[: SINGLED_OUT - min(2, len(odd))] + odd[: max(2, SINGLED_OUT - len(sound))]


def _bands(groups: Sequence[Optimum]) -> list[tuple[str, Sequence[Restart], dict]]:
    """Return what has traces of its own: its name, its runs and its look; the pale ones first."""
    own = singled_out(groups)
    bands = [(name, group.members, _look(group, best_of(groups))) for name, group in own]
    names_of_own = {name for name, _ in own}
    rest = [one for name, one in zip(names(groups), groups, strict=True) if name not in names_of_own]
    for name, dash, odd in (("others, no optima", "dot", True), ("others", "solid", False)):
        members = [member for one in rest if (one.kind != "optimum") == odd for member in one.members]
        if members:
            bands.append((name, members, {"opacity": 0.3, "width": 1, "dash": dash}))
    return bands[::-1]


def _look(group: Optimum, best: Optimum | None) -> dict:
    if group is best:
        return {"opacity": 1.0, "width": 2, "dash": "solid"}
    return {"opacity": 0.45, "width": 1.2, "dash": "solid" if group.kind == "optimum" else "dot"}


def _range(groups: Sequence[Optimum]) -> tuple[float, float]:
    """Return the log-likelihoods to show: all ends, and below them a part of the way there."""
    ends = [member.log_likelihood for group in groups for member in group.members]
    early = np.median([member.log_likelihoods[:4][-1] for group in groups for member in group.members])
    low, high = min(ends), max(ends)
    span = max(high - low, min(high - early, 10.0), 1e-4 * max(1.0, abs(high)))
    return low - 0.35 * span, high + 0.08 * span


def _fan(name: str, members: Sequence[Restart], look: dict) -> dict:
    """Return the curves of a group, or of some of it, as one line with gaps."""
    pieces = []
    for member in members[:CURVES]:
        steps = np.unique(np.geomspace(1, max(member.iterations, 1), STOPS).round().astype(int))
        steps = steps[steps <= member.iterations]
        pieces += [np.array([steps, member.log_likelihoods[steps]]), [[np.nan], [np.nan]]]
    x, y = np.concatenate(pieces, axis=1)
    return trace(
        "lines",
        name,
        x=packed(x, "f4"),
        y=packed(y, "f8"),
        line={"color": LINE, "width": look["width"], "dash": look["dash"]},
        opacity=look["opacity"],
        hovertemplate=f"{name}: iteration %{{x}}, %{{y}}<extra></extra>",
    )


def _bars(name: str, members: Sequence[Restart], look: dict, edges: np.ndarray) -> dict:
    """Return how many of a group's runs end in each bin."""
    counts, _ = np.histogram([member.log_likelihood for member in members], edges)
    pattern = (
        {}
        if look["dash"] == "solid"
        else {"pattern": {"shape": "/", "fgcolor": LINE, "bgcolor": "rgba(0,0,0,0)"}}
    )
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": packed(counts, "u2"),
        "y": packed((edges[1:] + edges[:-1]) / 2, "f8"),
        "xaxis": "x2",
        "yaxis": "y2",
        "marker": {"color": LINE, "opacity": look["opacity"], "line": {"width": 0}} | pattern,
        "hovertemplate": f"{name}: %{{x}} near %{{y}}<extra></extra>",
    }


# --- A small picture of each group ------------------------------------------------------------------------------------


def pictures(dataset: Dataset, groups: Sequence[Optimum], starts: int) -> str:
    """Return a picture of each of the first groups, as HTML: the points faint, ellipses at 2 standard deviations.

    Parameters
    ----------
    dataset : Dataset
        The points (N, D), D >= 2.
    groups : sequence of Optimum
    starts : int
        How many starts are done.
    """
    X = dataset.X[subsample(len(dataset.X), DRAWN), :2]
    (left, right), (low, high) = extent(dataset.X[:, :2], margin=0.12)
    scale = np.array([WIDTH / (right - left), -HEIGHT / (high - low)])
    origin = np.array([left, high])
    points = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in (X - origin) * scale)
    cards = [
        _card(name, group, group is best_of(groups), starts, points, origin, scale)
        for name, group in singled_out(groups)
    ]
    return f'<div class="optima">{"".join(cards)}</div>'


def _card(name: str, group: Optimum, best: bool, starts: int, points: str, origin, scale) -> str:
    mark = "best" if best else KIND[group.kind]
    share = numeral(100 * len(group.members) / starts, ".0f")
    said = f"{share} % of starts, {numeral(group.log_likelihood, '.2f')}, {numeral(group.iterations, '.0f')} iterations"
    drawn = "" if group.kind == "collapsed" else _ellipses(group.mixture, origin, scale)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-width="2">'
        f'<path d="{points}" stroke="{LINE}" stroke-linecap="round" opacity="0.6"/>{drawn}</svg>'
    )
    # As an image's address, since Streamlit takes drawings out of a page's HTML.
    return (
        f'<figure class="optimum"><img src="data:image/svg+xml,{quote(svg)}" '
        f'alt="{name}: the ellipses of its components over the data">'
        f"<figcaption><b>{name}</b>{f' <em>{mark}</em>' if mark else ''}<br>{said}</figcaption></figure>"
    )


def _ellipses(mixture: Mixture, origin: np.ndarray, scale: np.ndarray) -> str:
    rings = ellipse_rings(mixture.means[:, :2], mixture.covariances[:, :2, :2], deviations=[2])
    paths = []
    for k, ring in enumerate((rings - origin) * scale):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in ring)
        paths.append(f'<path d="M{path}Z" stroke="{PALETTE[k % len(PALETTE)]}"/>')
    return "".join(paths)


# --- The film of one run ----------------------------------------------------------------------------------------------


def restart_film(
    dataset: Dataset, run: Run, others: Sequence[Optimum], steps: bool = True, keep: int = 0
) -> dict:
    """Return the film of a run, its curve over those of the other starts.

    Parameters
    ----------
    dataset, run, keep
        As in `gmmviz.figures.scene.scene_film`.
    others : sequence of Optimum
        What all starts came to.
    steps : bool
        Whether E- and M-step are halves of their own.
    """
    film = scene_film(dataset, run, View(steps=steps), keep)
    on = {"xaxis": "x2", "yaxis": "y2", "hoverinfo": "skip"}
    beside = [
        _fan(name, members, look | {"opacity": 0.35 * look["opacity"] + 0.1, "width": 1}) | on
        for name, members, look in _bands(others)
    ]
    for one in beside:
        one.pop("hovertemplate")
    points, curve = film["data"]
    axis = film["layout"]["yaxis2"]
    low, high = axis["range"]
    best = max(group.log_likelihood for group in others)
    higher = {"range": [low, max(high, best + 0.06 * (best - low))]}
    return film | {
        "data": [points, *beside, curve],
        "layout": film["layout"] | {"yaxis2": axis | higher},
    }
