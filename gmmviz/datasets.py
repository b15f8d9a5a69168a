"""Named, seeded datasets: small planes of points on which mixtures succeed, struggle or fail.

`DATASETS` maps each name to its `DatasetSpec`; the widgets, the URL and the tests read that table, and
`load` makes the points. Four sets are *fixed* (the tutorials' data, iris, Old Faithful): they are the same
whatever `n`, `noise` and `seed` say. So is the one that is drawn by hand, whose points `drawn` makes of dots on a
grid. scikit-learn is imported where it is used: it takes longer to load than everything else together, and the app's
first picture has no need of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from numbers import Integral, Real

import numpy as np

from gmmviz.em.history import Frozen
from gmmviz.em.validation import as_choice

__all__ = [
    "DATASETS",
    "DEFAULT_N",
    "DEFAULT_SEED",
    "DRAWN",
    "OWN",
    "READY",
    "SPECS",
    "Dataset",
    "DatasetSpec",
    "drawn",
    "load",
]

DEFAULT_N = 500
"""How many points a made set has unless it is asked for another number."""

DEFAULT_SEED = 170
"""The seed of scikit-learn's clustering gallery, whose three centres stand well apart."""

IMBALANCED_SIZES = (500, 100, 10)
"""Group sizes of the imbalanced set, as in scikit-learn's gallery; their ratio is kept for any n."""

STRETCH = np.array([[0.60834549, -0.63667341], [-0.40887718, 0.85253229]])
"""Makes blobs long and slanted: points are multiplied by it from the right (scikit-learn's gallery)."""

DRAWN = "drawn"
"""The dataset whose points the user draws."""

BOARD = 8.0
"""Drawn points stand between -8 and 8 along both axes."""

_AROUND = 8.4  # what is shown, so that no number on an axis stands at its very end
_STEP = 2 * BOARD / 4096  # a power of two: no digit of a drawn point is lost
_MAX_SEED = 2**32 - 1  # the largest seed of numpy's legacy generator, which scikit-learn's makers use


@dataclass(frozen=True, eq=False)
class Dataset(Frozen):
    """Points with their true groups, ready to fit and to draw.

    Attributes
    ----------
    name : str
        The key in `DATASETS`.
    X : (N, 2) float64 array, read-only
        The points, in the units that `columns` names. Of the user's own data (N, D).
    labels : (N,) int array, read-only, or None
        Each point's true group, 0, 1, ...; None where nobody knows the truth (Old Faithful).
    description : str
        One sentence for students.
    columns : tuple of D str
        The columns' names, with their unit where they have one: text, in which nothing is markup.
    equal_axes : bool
        Whether one step along x should be drawn as long as one step along y.
    fixed : bool
        Whether `n`, `noise` and `seed` were ignored.
    box : two (low, high), optional
        The part of the plane that is always shown; None: as much as the points need.
    """

    name: str
    X: np.ndarray
    labels: np.ndarray | None
    description: str
    columns: tuple[str, ...]
    equal_axes: bool
    fixed: bool
    box: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class DatasetSpec:
    """What is known of a dataset without loading it.

    Attributes
    ----------
    title : str
        Its name on the screen.
    description : str
        One sentence for students.
    make : callable
        `make(n, noise, seed)`, or `make()` for a fixed set; returns X (N, 2) and labels (N,) or None.
    default_noise : float or None
        What `noise=None` means; None for a fixed set, to which noise does not apply.
    columns : tuple of two str
        As in `Dataset`.
    equal_axes : bool
        As in `Dataset`.
    labelled : bool
        Whether the points' true groups are known.
    """

    title: str
    description: str
    make: Callable[..., tuple[np.ndarray, np.ndarray | None]]
    default_noise: float | None = 1.0
    columns: tuple[str, str] = ("x1", "x2")
    equal_axes: bool = True
    labelled: bool = True

    @property
    def fixed(self) -> bool:
        """Whether n, noise and seed are ignored, so that a page disables their controls."""
        return self.default_noise is None


def load(name: str, n: int = DEFAULT_N, noise: float | None = None, seed: int = DEFAULT_SEED) -> Dataset:
    """Make, or read, the dataset of that name.

    The same arguments always give the same points, bit for bit. With the seed held, a change of `noise`
    moves every point along a straight line (the centres and the standardised deviations stay).

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    n : int, default=500
        How many points, at least 1. Fixed sets ignore it.
    noise : float, optional
        A factor on the groups' standard deviations, 1 by default; for moons and circles the standard
        deviation itself, 0.05 by default. Fixed sets ignore it.
    seed : int, default=170
        Draws centres, deviations and order, as scikit-learn's `random_state`: 0 to 2**32 - 1. Fixed sets
        ignore it.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        For an unknown name, and for n, noise or seed outside the ranges above (for fixed sets too).

    References
    ----------
    The made sets are those of scikit-learn's gallery, "Comparing different clustering algorithms on toy
    datasets" and "Demonstration of k-means assumptions".

    Examples
    --------
    >>> blobs = load("blobs", n=300, seed=4)
    >>> blobs.X.shape, blobs.columns
    ((300, 2), ('x1', 'x2'))
    >>> load("faithful").labels is None
    True
    """
    _validate(name, n, noise, seed)
    spec = DATASETS[name]
    if spec.fixed:
        X, labels = spec.make()
    else:
        X, labels = spec.make(int(n), float(spec.default_noise if noise is None else noise), int(seed))
    return Dataset(
        name=name,
        X=_read_only(X, np.float64),
        labels=None if labels is None else _read_only(labels, np.int64),
        description=spec.description,
        columns=spec.columns,
        equal_axes=spec.equal_axes,
        fixed=spec.fixed,
    )


def drawn(dots) -> Dataset:
    """Make the dataset of points that were drawn.

    Parameters
    ----------
    dots : sequence of (column, row)
        On a grid of 4096 x 4096 from -8 to 8, the row counted upwards. There may be none.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> drawn([(0, 2048), (2304, 2047)]).X.tolist()
    [[-8.0, 0.0], [1.0, -0.00390625]]
    """
    empty = load(DRAWN)
    X = np.array(dots, dtype=np.float64).reshape(-1, 2) * _STEP - BOARD
    return replace(empty, X=_read_only(X, np.float64), box=((-_AROUND, _AROUND), (-_AROUND, _AROUND)))


def _validate(name, n, noise, seed) -> None:
    as_choice(name, DATASETS, "name")
    if not _is_integer(n) or n < 1:
        raise ValueError(f"n is the number of points; give a whole number of at least 1, not {n!r}.")
    is_number = isinstance(noise, Real) and not isinstance(noise, (bool, np.bool_))
    if noise is not None and not (is_number and math.isfinite(noise) and noise >= 0):
        raise ValueError(
            f"noise is a spread; give a finite number of at least 0 or None for the default, not {noise!r}."
        )
    if not _is_integer(seed) or not 0 <= seed <= _MAX_SEED:
        raise ValueError(f"seed must be a whole number from 0 to {_MAX_SEED}, not {seed!r}.")


def _is_integer(value) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _read_only(values, dtype) -> np.ndarray:
    array = np.array(values, dtype=dtype, order="C")  # a copy: no one else holds a writeable view of it
    array.flags.writeable = False
    return array


# Made sets: (n, noise, seed) -> X, labels. scikit-learn draws the standard normal deviations first and scales
# them afterwards, so with the seed held a change of noise moves the points and draws no new ones.


def _round_groups(sizes, deviations, seed):
    """Round groups about centres between -10 and 10: number for number those of scikit-learn's `make_blobs`."""
    rng = np.random.RandomState(seed)
    centres = rng.uniform(-10, 10, (len(sizes), 2))
    groups = [
        rng.normal(centre, deviation, (size, 2))
        for centre, size, deviation in zip(centres, sizes, deviations, strict=True)
    ]
    order = np.arange(sum(sizes))
    rng.shuffle(order)
    return np.concatenate(groups)[order], np.repeat(np.arange(len(sizes)), sizes)[order]


def _of_equal_size(n, groups):
    return [n // groups + (group < n % groups) for group in range(groups)]


def _blobs(n, noise, seed):
    return _round_groups(_of_equal_size(n, 3), [noise] * 3, seed)


def _varied(n, noise, seed):
    deviations = [1.0 * noise, 2.5 * noise, 0.5 * noise]
    return _round_groups(_of_equal_size(n, 3), deviations, seed)


def _stretched(n, noise, seed):
    X, labels = _blobs(n, noise, seed)
    return X @ STRETCH, labels


def _imbalanced(n, noise, seed):
    return _round_groups(_share_out(n, IMBALANCED_SIZES), [noise] * 3, seed)


def _moons(n, noise, seed):
    from sklearn.datasets import make_moons

    return make_moons(n_samples=n, noise=noise, random_state=seed)


def _circles(n, noise, seed):
    from sklearn.datasets import make_circles

    return make_circles(n_samples=n, factor=0.5, noise=noise, random_state=seed)


def _share_out(n: int, parts: tuple[int, ...]) -> list[int]:
    """Divide n points in the ratio of `parts`, which stand in descending order, by largest remainders.

    From n = len(parts) on, every part gets at least one point, at the cost of the largest; fewer points than
    parts go one each to the first parts.
    """
    if n < len(parts):
        return [int(part < n) for part in range(len(parts))]
    total = sum(parts)
    sizes = [n * part // total for part in parts]
    remainders = [n * part % total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: remainders[i], reverse=True)
    for i in by_remainder[: n - sum(sizes)]:
        sizes[i] += 1
    for i, size in enumerate(sizes):
        if size == 0:
            sizes[i] = 1
            sizes[sizes.index(max(sizes))] -= 1
    return sizes


# Fixed sets: () -> X, labels.


def _tutorial():
    return _slanted_blobs(n=500, centers=3, deviation=1.5)


def _tutorial_five():
    return _slanted_blobs(n=1000, centers=5, deviation=0.5)


def _slanted_blobs(n, centers, deviation):
    """The tutorial's recipe: seeded blobs times a random 2 x 2 matrix from numpy's legacy seed 0."""
    X, labels = _round_groups(_of_equal_size(n, centers), [deviation] * centers, seed=20)
    return X @ np.random.RandomState(0).randn(2, 2), labels


def _iris():
    from sklearn.datasets import load_iris

    X, labels = load_iris(return_X_y=True)
    return X[:, :2], labels


def _faithful():
    """Old Faithful: 272 eruptions, their length and the wait for the next one, both in minutes.

    Source: A. Azzalini and A. W. Bowman (1990), "A look at some data on the Old Faithful geyser", Applied
    Statistics 39, 357-365; the table is that of R's `datasets::faithful`.
    """
    table = (resources.files("gmmviz") / "data" / "faithful.csv").read_text(encoding="utf-8")
    return np.loadtxt(table.splitlines(), delimiter=",", skiprows=1), None


def _nothing():
    return np.empty((0, 2)), None


DATASETS: dict[str, DatasetSpec] = {
    "blobs": DatasetSpec(
        "Blobs",
        "Three equal round groups: easy, unless they overlap.",
        _blobs,
    ),
    "varied": DatasetSpec(
        "Varied",
        "Three round groups of equal size, one of them wide, one of them tight.",
        _varied,
    ),
    "stretched": DatasetSpec(
        "Stretched",
        "Three long, slanted groups: a covariance that can tilt describes them, a round one cannot.",
        _stretched,
    ),
    "imbalanced": DatasetSpec(
        "Imbalanced",
        "Three round groups of very unequal size, in the ratio 50 : 10 : 1: the smallest is easily overlooked.",
        _imbalanced,
    ),
    "moons": DatasetSpec(
        "Moons",
        "Two interleaved half circles: no group is shaped like a Gaussian, so each takes several of them.",
        _moons,
        default_noise=0.05,
    ),
    "circles": DatasetSpec(
        "Circles",
        "One ring inside another: a narrow Gaussian within a wide one could part them, but EM does not find that.",
        _circles,
        default_noise=0.05,
    ),
    "tutorial": DatasetSpec(
        "Tutorial",
        "The 500 points of a well-known tutorial on mixtures: three groups, all slanted the same way.",
        _tutorial,
        default_noise=None,
    ),
    "tutorial-five": DatasetSpec(
        "Tutorial, five groups",
        "The same tutorial's second example: 1,000 points in five narrow, slanted groups.",
        _tutorial_five,
        default_noise=None,
    ),
    "iris": DatasetSpec(
        "Iris",
        "Sepals of 150 iris flowers of three species, two of which overlap in these measurements.",
        _iris,
        default_noise=None,
        columns=("Sepal length (cm)", "Sepal width (cm)"),
    ),
    "faithful": DatasetSpec(
        "Old Faithful",
        "A geyser's 272 eruptions: how long each lasted and how long the wait was until the next.",
        _faithful,
        default_noise=None,
        columns=("Eruption (minutes)", "Waiting (minutes)"),
        # Minutes both, but 4 of them against 53: on equal axes the picture would be a thin vertical strip.
        equal_axes=False,
        labelled=False,
    ),
    DRAWN: DatasetSpec(
        "Drawn by hand",
        "Points that you draw in the plane, up to 300 of them, one by one or in sprays.",
        _nothing,
        default_noise=None,
        labelled=False,
    ),
}
"""Every dataset by its name, in the order in which a menu shows them."""

READY = tuple(name for name in DATASETS if name != DRAWN)
"""The datasets that have points without anybody's doing."""

OWN = "own"
"""The name of the data that a user brings along. `load` knows nothing of them: they are their session's."""


def _nowhere():
    raise LookupError("The user's own data are kept by their session alone.")


SPECS = DATASETS | {
    OWN: DatasetSpec(
        "Your own data",
        "A table of your own, from a file or pasted. It stays in this session and goes with it.",
        _nowhere,
        default_noise=None,
        labelled=False,  # unless a column of it is
    )
}
"""Every choice of data by its name, in the order in which a menu shows them: the datasets, and the user's own."""
