"""A point's colour as one 16-bit code: its most probable component, and how sure that is.

A colour scale alone (`gmmviz.theme.belonging_scale`) turns codes into a picture. The player's own E-step finds the same
codes.
"""

import numpy as np

from gmmviz.figures.arrays import packed
from gmmviz.theme import PALETTE

HOVER = "component %{customdata[0]}, %{customdata[1]:.1%} sure<br>(%{x}, %{y})<extra></extra>"
"""The hover's words for a code, from what `belonging` finds in it."""


def code_steps(n_components: int) -> int:
    """Return how many codes each component has: as many as 16 bits allow."""
    return 65536 // n_components


def code_range(n_components: int) -> dict:
    """Return the marker's ends of the colour scale."""
    return {"cmin": 0, "cmax": n_components * code_steps(n_components)}


def belonging_codes(responsibilities: np.ndarray) -> np.ndarray:
    """Return the codes of points: component * steps + how sure that is.

    Parameters
    ----------
    responsibilities : (n, K) array
        Rows that sum to 1, so that the largest is from 1/K to 1.

    Returns
    -------
    (n,) uint16 array

    Examples
    --------
    >>> belonging_codes(np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]])).tolist()
    [0, 32767, 65535]
    """
    _, K = responsibilities.shape
    component, sure = responsibilities.argmax(axis=1), responsibilities.max(axis=1)
    share = (sure - 1 / K) / (1 - 1 / K) if K > 1 else np.ones_like(sure)
    steps = code_steps(K)
    return (component * steps + np.rint(np.clip(share, 0, 1) * (steps - 1))).astype(np.uint16)


def belonging(codes: np.ndarray, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the component (n,), from 0, and its responsibility (n,) that codes stand for."""
    K, steps = n_components, code_steps(n_components)
    component, share = np.divmod(codes.astype(int), steps)
    return component, 1 / K + (1 - 1 / K) * share / (steps - 1)


def label_colours(labels: np.ndarray, responsibilities: np.ndarray) -> list[int]:
    """Return for each true label 0 ... L-1 the palette's number: that of the component it shares most points with.

    One component serves one label; labels left over take colours that no component has (Kuhn-Munkres assignment).
    """
    from scipy.optimize import linear_sum_assignment  # here, as it takes long to load

    L, K = labels.max() + 1, responsibilities.shape[1]
    shared = np.zeros((L, K))
    np.add.at(shared, labels, responsibilities)
    matched = dict(zip(*linear_sum_assignment(-shared), strict=True))
    spare = iter(range(K, K + L))
    return [int(matched[label]) if label in matched else next(spare) for label in range(L)]


def truth_marker(labels: np.ndarray, responsibilities: np.ndarray) -> dict:
    """Return the marker that gives each point (n,) the colour of its true label, matched to responsibilities (n, K)."""
    colours = [PALETTE[number % len(PALETTE)] for number in label_colours(labels, responsibilities)]
    ends = {"cmin": 0, "cmax": max(len(colours) - 1, 1)}
    return {"color": packed(labels, "u1"), "colorscale": whole_number_scale(colours)} | ends


def whole_number_scale(colours: list[str]) -> list[list]:
    """Return a colorscale that gives the whole numbers from cmin to cmax these colours.

    >>> whole_number_scale(["#000000", "#ffffff"]), whole_number_scale(["#000000"])
    ([[0.0, '#000000'], [1.0, '#ffffff']], [[0.0, '#000000'], [1.0, '#000000']])
    """
    last = len(colours) - 1
    return (
        [[k / last, colour] for k, colour in enumerate(colours)]
        if last
        else [[0.0, colours[0]], [1.0, colours[0]]]
    )
