"""The end of a run as a picture that stands still, in SVG: for where no script may run."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from gmmviz.em import Run, e_step
from gmmviz.em.sentences import counted
from gmmviz.figures.codes import belonging, belonging_codes
from gmmviz.figures.film import framed
from gmmviz.geometry import ellipse_rings, subsample
from gmmviz.numerals import numeral
from gmmviz.theme import BACKGROUNDS, GREY, PALETTE, rgb

WIDTH, HEIGHT = 720, 520  # px
LEFT, TOP, RIGHT, BOTTOM = 56, 34, 12, 40  # px around the plane
INK, FRAME = "#1b232d", "#d5dae1"
RADIUS = 3  # px, of a point
TICKS = 6  # on an axis, about


def still(X: np.ndarray, run: Run, plane: tuple[int, int], columns: Sequence[str], equal: bool) -> str:
    """Return the points (N, D) and the mixture in which their run ended, as an SVG document on white.

    Parameters
    ----------
    X : (N, D) array
        At most 2000 are drawn, always the same.
    run : Run
    plane : tuple of two int
        The features to draw, from 0.
    columns : sequence of D str
        The features' names.
    equal : bool
        Whether one unit is as long across as up.

    Examples
    --------
    >>> from gmmviz.em import Mixture, fit
    >>> X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> svg = still(X, fit(X, Mixture([1.0], X[:1], [np.eye(2)])), (0, 1), ("<x>", "y"), equal=True)
    >>> svg.count('r="3"'), svg.count("<x>"), svg.count("&lt;x&gt;")
    (3, 0, 1)
    """
    mixture, last = run.states[-1].mixture, run.states[-1].iteration
    box = framed(X, run, plane)
    place = _places(box, equal)
    title = f"EM after {counted(last, 'iteration')}"
    across, up = (escape(columns[feature]) for feature in plane)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{BACKGROUNDS["light"]}"/>',
        _text(LEFT, 20, f"{title}: log-likelihood {numeral(run.states[-1].log_likelihood, '.3f')}", "start"),
        _text(WIDTH - RIGHT, HEIGHT - 6, across, "end"),
        _text(LEFT, TOP + 14, f" {up}", "start", 'dx="6"'),
        *_axes(place),
        '<svg x="{}" y="{}" width="{}" height="{}">'.format(*_inner()),
        *_points(X, mixture, plane, place),
        *_gaussians(mixture, list(plane), place),
        "</svg>",
    ]
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    font = 'font-family="system-ui, sans-serif" font-size="13"'
    inside = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {font}><title>{title}</title>{inside}</svg>'


def _inner() -> tuple[int, int, int, int]:
    """Return the plane's left, top, width and height in px."""
    return LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM


def _places(box: Sequence[Sequence[float]], equal: bool) -> np.ndarray:
    """Return the plane's [[left, right], [low, high]] in the data's units: the box, wider where units are equal."""
    _, _, *sides = _inner()
    ends = np.array(box, dtype=float)
    lengths = ends[:, 1] - ends[:, 0]
    if equal:
        lengths = (lengths / sides).max() * np.array(sides)
    middle = ends.mean(axis=1)
    return np.column_stack([middle - lengths / 2, middle + lengths / 2])


def _pixels(points: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return where points (..., 2) stand in the plane, in px from its left upper corner."""
    _, _, width, height = _inner()
    shares = (points - place[:, 0]) / (place[:, 1] - place[:, 0])
    return np.stack([width * shares[..., 0], height * (1 - shares[..., 1])], axis=-1)


def _axes(place: np.ndarray) -> list[str]:
    """Return the plane's frame, and its ticks with their numbers."""
    left, top, width, height = _inner()
    frame = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="{FRAME}"/>'
    corner = place[:, 0]
    found = [frame]
    for value in ticks(*place[0]):
        x = left + _pixels(np.array([value, corner[1]]), place)[0]
        found.append(_text(x, top + height + 16, numeral(value, "g"), "middle"))
    for value in ticks(*place[1]):
        y = top + _pixels(np.array([corner[0], value]), place)[1]
        found.append(_text(left - 6, y + 4, numeral(value, "g"), "end"))
    return found


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, about `TICKS` of them.

    >>> ticks(-1.3, 8.2), ticks(0.0, 0.05)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 0.01, 0.02, 0.03, 0.04, 0.05])
    """
    least = (high - low) / TICKS
    power = 10.0 ** np.floor(np.log10(least))
    step = power * next(times for times in (1, 2, 5, 10) if times * power >= least * (1 - 1e-9))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") + 0.0 for n in np.arange(first, last + 1)]


def _points(X: np.ndarray, mixture, plane: tuple[int, int], place: np.ndarray) -> list[str]:
    """Return the points, each in its component's colour, greyer the less sure that is."""
    shown = X[subsample(len(X))]
    K = mixture.n_components
    component, sure = belonging(belonging_codes(e_step(shown, mixture)[0]), K)
    strength = (sure - 1 / K) / (1 - 1 / K) if K > 1 else np.ones(len(sure))
    colours = np.array([rgb(colour) for colour in PALETTE])[component]
    mixed = np.rint(strength[:, None] * colours + (1 - strength[:, None]) * rgb(GREY)).astype(int)
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="rgb({r},{g},{b})" fill-opacity="0.8"/>'
        for (x, y), (r, g, b) in zip(_pixels(shown[:, plane], place), mixed, strict=True)
    ]


def _gaussians(mixture, plane: list[int], place: np.ndarray) -> list[str]:
    """Return each component's ellipses of 1, 2 and 3 standard deviations, and the numbered disc at its mean."""
    means, covariances = mixture.means[:, plane], mixture.covariances[:, plane][:, :, plane]
    found = []
    for k, (mean, covariance) in enumerate(zip(means, covariances, strict=True)):
        for deviations, width in ((1, 1), (2, 2.25), (3, 0.6)):
            ring = _pixels(ellipse_rings(mean, covariance, [deviations], n_points=64), place)
            corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring)
            fill = f'fill="{PALETTE[k]}" fill-opacity="0.14"' if deviations == 1 else 'fill="none"'
            found.append(f'<polygon points="{corners}" stroke="{PALETTE[k]}" stroke-width="{width}" {fill}/>')
    for k, (x, y) in enumerate(_pixels(means, place)):
        found.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{PALETTE[k]}" stroke="#fff" stroke-width="1.5"/>'
        )
        found.append(_text(x, y + 4.5, str(k + 1), "middle", 'font-weight="bold"', "#ffffff"))
    return found


def _text(x: float, y: float, text: str, anchor: str, more: str = "", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" {more}>{text}</text>'
