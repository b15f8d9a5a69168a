"""Where EM begins: named ways to a first mixture.

`STARTS` maps each name to its `StartSpec`; the widgets, the URL and the tests read that table, `start` makes the
mixture, and a `Ground` makes many on the same points. EM climbs to the nearest hilltop only, so the start decides which
one it finds. What is imported only where it is used takes long to load, and most starts have no need of it.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral

import numpy as np

from gmmviz.em import COVARIANCE_TYPES, Mixture, as_data, m_step
from gmmviz.em.validation import as_choice
from gmmviz.threads import one_thread

__all__ = [
    "RIDGE",
    "STARTS",
    "WARD_LIMIT",
    "Ground",
    "StartSpec",
    "reg_covar_for",
    "start",
    "start_at",
]

#: Above this many points, hierarchical clustering sees a random sample of this size: its memory grows with
#: the square of the number of points (20 000 points take 3 GB).
WARD_LIMIT = 5000

#: The part of each feature's variance that is added to a start's covariances, so that they stay positive
#: definite where a component has a single point. Small enough to be invisible, relative so that a change of
#: unit changes nothing.
RIDGE = 1e-6


@dataclass(frozen=True)
class StartSpec:
    """A way to begin.

    Attributes
    ----------
    title : str
        Its name on the screen.
    help : str
        One sentence for students.
    function : callable
        `function(ground, n_components, rng) -> Mixture`, for valid arguments; call `start`.
    is_random : bool
        Whether the seed matters. Hierarchical says False and uses it only above `WARD_LIMIT` points.
    most : int or None
        Of more points than this, only a random sample of this size is looked at.
    """

    title: str
    help: str
    function: Callable[["Ground", int, np.random.Generator], Mixture]
    is_random: bool = True
    most: int | None = None

    def n_different(self, n_starts: int, n_points: int) -> int:
        """Return how many starts on so many points differ, of as many seeds: one where nothing is left to chance.

        >>> STARTS["k-means++"].n_different(10, 500), STARTS["hierarchical"].n_different(10, 500)
        (10, 1)
        """
        chance = self.is_random or (self.most is not None and n_points > self.most)
        return n_starts if chance else min(n_starts, 1)


def start(
    X, n_components: int, method: str, covariance_type: str = "full", rng=0, floor: float = RIDGE
) -> Mixture:
    """Make the mixture from which EM begins.

    The result always lies in the covariance type's family (tied: one matrix for all; diag: no correlation;
    spherical: round) and is valid, also for repeated points, constant features and single-point clusters:
    covariances computed from data have a share of the features' variances added to their diagonals.

    Parameters
    ----------
    X : (N, D) array
        The points. N must be at least `n_components`.
    n_components : int
        K, at least 1.
    method : str
        A key of `STARTS`: "k-means", "k-means++", "random-points", "random-responsibilities",
        "hierarchical" or "scattered".
    covariance_type : str
        "full", "tied", "diag" or "spherical".
    rng : numpy.random.Generator or int
        Where randomness comes from. A whole number is a seed, and gives the same start every time; a
        generator is advanced. numpy's global state is neither read nor changed.
    floor : float
        That share, at least `RIDGE`. Give the floor with which EM will run: it adds it in every M-step, and from a
        start without it the first would look like a fall.

    Returns
    -------
    Mixture
        With weights (K,), means (K, D) and covariances (K, D, D), in the data's units (squared for
        covariances).

    Raises
    ------
    ValueError
        For an unknown method or covariance type, an `n_components` that is not a whole number from 1 to N,
        a bad `rng`, and data that `gmmviz.em.as_data` refuses.

    References
    ----------
    k-means++: Arthur and Vassilvitskii (2007). Ward: J. H. Ward (1963), "Hierarchical grouping to optimize an
    objective function". A comparison of starts: Biernacki, Celeux and Govaert (2003), "Choosing starting
    values for the EM algorithm".

    Examples
    --------
    >>> X = [[0.0, 0.0], [0.0, 1.0], [9.0, 9.0], [9.0, 8.0]]
    >>> mixture = start(X, 2, "hierarchical")
    >>> sorted(mixture.means[:, 0].tolist()), mixture.weights.tolist()
    ([0.0, 9.0], [0.5, 0.5])
    """
    return Ground(X, covariance_type).start(n_components, method, rng, floor)


def start_at(X, means, covariance_type: str = "full", floor: float = RIDGE) -> Mixture:
    """Make the mixture whose means stand where somebody put them, as those starts do that choose means alone.

    Parameters
    ----------
    X : (N, D) array
        The points.
    means : (K, D) array
        Anywhere, also where no point is.
    covariance_type, floor
        As in `start`.

    Returns
    -------
    Mixture
        With equal weights, and the whole data's covariance for every component.

    Raises
    ------
    ValueError
        For an unknown covariance type, data that `gmmviz.em.as_data` refuses, and means that are not finite or have
        another number of features.

    Examples
    --------
    >>> start_at([[0.0, 0.0], [2.0, 4.0]], [[1.0, 1.0], [5.0, 5.0]], "diag").weights.tolist()
    [0.5, 0.5]
    """
    return Ground(X, covariance_type).start_at(means, floor)


def reg_covar_for(X, floor: float, covariance_type: str = "full"):
    """Turn a floor relative to the data's spread into the engine's absolute `reg_covar`.

    A floor relative to the data means the same in every unit. A constant feature has no spread of its own
    and takes the other features' mean variance (1 where every feature is constant).

    Parameters
    ----------
    X : (N, D) array
        The points that will be fitted.
    floor : float
        A share of each feature's variance, at least 0.
    covariance_type : str
        "full", "tied", "diag" or "spherical".

    Returns
    -------
    (D,) array or float
        In the data's squared units: one number a feature, or for "spherical" their mean, because a round
        covariance must stay round.

    Raises
    ------
    ValueError
        For a floor that is negative or not finite, an unknown covariance type, and data that `gmmviz.em.as_data`
        refuses.

    Examples
    --------
    >>> X = [[0.0, 0.0], [2.0, 20.0]]
    >>> reg_covar_for(X, 0.01).tolist(), float(reg_covar_for(X, 0.01, "spherical"))
    ([0.01, 1.0], 0.505)
    """
    return Ground(X, covariance_type).reg_covar(floor)


def _as_n_components(n_components, n_points: int) -> int:
    if not isinstance(n_components, Integral) or isinstance(n_components, bool) or n_components < 1:
        raise ValueError(f"n_components must be a whole number of at least 1, not {n_components!r}.")
    if n_components > n_points:
        raise ValueError(
            f"n_components is {n_components}, but there are only {n_points} points; "
            "take fewer components or more points."
        )
    return int(n_components)


def _as_generator(rng) -> np.random.Generator:
    if isinstance(rng, np.random.Generator):
        return rng
    if not isinstance(rng, Integral) or isinstance(rng, bool) or rng < 0:
        raise ValueError(f"rng must be a numpy Generator or a seed (a whole number from 0), not {rng!r}.")
    return np.random.default_rng(int(rng))


class Ground:
    """Points to start on with a covariance type, and what many starts on them share: found once, when it is needed.

    Parameters
    ----------
    X : (N, D) array
        The points, which nobody changes from then on.
    covariance_type : str
        "full", "tied", "diag" or "spherical".

    Raises
    ------
    ValueError
        For an unknown covariance type, and data that `gmmviz.em.as_data` refuses.

    Examples
    --------
    >>> ground = Ground([[0.0], [1.0], [9.0]])
    >>> [ground.start(K, "hierarchical").means.tolist() for K in (2, 3)]
    [[[9.0], [0.5]], [[0.0], [1.0], [9.0]]]
    """

    def __init__(self, X, covariance_type: str = "full"):
        self.family = COVARIANCE_TYPES[as_choice(covariance_type, COVARIANCE_TYPES, "covariance_type")]
        self.X, self.covariance_type = as_data(X), covariance_type

    def start(self, n_components: int, method: str, rng=0, floor: float = RIDGE) -> Mixture:
        """Make the mixture from which EM begins: the function `start`, on these points."""
        spec = STARTS[as_choice(method, STARTS, "method")]
        K = _as_n_components(n_components, n_points=len(self.X))
        return self._floored(spec.function(self, K, _as_generator(rng)), floor)

    def start_at(self, means, floor: float = RIDGE) -> Mixture:
        """Make the mixture whose means stand where somebody put them: the function `start_at`, on these points."""
        means, D = as_data(means), self.X.shape[1]
        if means.shape[1] != D:
            raise ValueError(
                f"means have {means.shape[1]} features, but the points have {D}; give one number for each."
            )
        return self._floored(self.at(means), floor)

    def reg_covar(self, floor: float):
        """Turn a floor relative to these points' spread into `reg_covar`: the function `reg_covar_for`."""
        if not (np.isfinite(floor) and floor >= 0):
            raise ValueError(
                f"floor is a share of the data's variance; give a finite number from 0, not {floor!r}."
            )
        return self.family.floor(floor * self.variances)

    @cached_property
    def variances(self) -> np.ndarray:
        """Each feature's variance (D,), positive: a constant feature counts as the others' mean, or as 1."""
        X = self.X
        variances = X.var(axis=0)
        # A constant feature's variance need not come out as 0, because the mean of many 0.1 is rounded; and one
        # that is not constant may have so small a variance that `RIDGE` times it would be 0.
        constant = (X.min(axis=0) == X.max(axis=0)) | (variances < np.finfo(float).tiny / RIDGE)
        stand_in = 1.0 if constant.all() else variances[~constant].mean()
        return np.where(constant, stand_in, variances)

    @cached_property
    def scaled(self) -> np.ndarray:
        """X moved to its mean and divided by one power of two, which is exact: distances keep their ratios.

        scikit-learn squares coordinates on the way to a distance, which loses digits far from the origin and
        everything in units that are extreme enough.
        """
        centred = self.X - self.X.mean(axis=0)
        _, exponent = np.frexp(np.abs(centred).max())
        return np.ldexp(centred, -exponent)

    @cached_property
    def merges(self) -> np.ndarray:
        """Ward's merges of two points or more, (N - 1, 2): of which two; merge i makes number N + i."""
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import pdist

        # Distances rather than points, because scipy warns of square data that might be a table of distances.
        return linkage(pdist(self.scaled), "ward")[:, :2].astype(int)

    @cached_property
    def ridge(self):
        """What is added to the diagonals of a start, as `reg_covar_for`.

        A cluster of one point, or of points on a line, has a singular covariance. `RIDGE` times the data's own
        variances makes it positive definite in the data's units; round covariances take their mean.
        """
        return self.reg_covar(RIDGE)

    @cached_property
    def covariances(self) -> np.ndarray:
        """The whole data's covariance, (1, D, D), in the family."""
        return self.of_responsibilities(np.ones((len(self.X), 1))).covariances

    def of_responsibilities(self, responsibilities: np.ndarray) -> Mixture:
        """Return the mixture of an M-step under responsibilities (N, K)."""
        return m_step(self.X, responsibilities, self.covariance_type, self.ridge)

    def of_labels(self, labels: np.ndarray, K: int) -> Mixture:
        """Return the mixture of hard clusters (N,): responsibilities of 0 and 1."""
        return self.of_responsibilities(np.eye(K)[labels])

    def at(self, means: np.ndarray) -> Mixture:
        """Return means (K, D) with equal weights and the whole data's covariance for every component."""
        K = len(means)
        return Mixture(np.full(K, 1.0 / K), means, np.repeat(self.covariances, K, axis=0))

    def _floored(self, mixture: Mixture, floor: float) -> Mixture:
        """Return a start with a share of the features' variances on its diagonals, where that is more than `RIDGE`."""
        if floor <= RIDGE:
            return mixture
        more = self.reg_covar(floor - RIDGE) * np.eye(self.X.shape[1])
        return Mixture(mixture.weights, mixture.means, mixture.covariances + more)


# The starts: (ground, K, rng) -> Mixture.


def _k_means(ground, K, rng):
    """One run of k-means, so that the seed matters; each cluster becomes a component.

    Where there are fewer distinct points than K, some clusters stay empty: each is given one row of the
    fullest cluster, so several components may stand at the same place.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    # Its default tol may stop short of k-means' own fixed point.
    k_means = KMeans(K, n_init=1, tol=0, random_state=_legacy_seed(rng))
    # Its sums' last digits depend on the threads, also where scikit-learn has just been loaded, inside another's.
    with warnings.catch_warnings(), one_thread():
        # "Number of distinct clusters found smaller than n_clusters": mended below.
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = k_means.fit(ground.scaled).labels_
    return ground.of_labels(without_empty_clusters(labels, K), K)


def _k_means_plus_plus(ground, K, rng):
    """K data points that lie far apart; equal weights; everyone has the whole data's covariance."""
    from sklearn.cluster import kmeans_plusplus

    _, rows = kmeans_plusplus(ground.scaled, K, random_state=_legacy_seed(rng))
    return ground.at(ground.X[rows])


def _random_points(ground, K, rng):
    """K rows in random order, skipping repeats of a value as long as there are other values."""
    chosen, repeats, seen = [], [], set()
    for row in rng.permutation(len(ground.X)):
        if len(chosen) == K:  # most often after K rows: there is no need to sort them all
            break
        value = tuple(ground.X[row].tolist())
        (repeats if value in seen else chosen).append(row)
        seen.add(value)
    return ground.at(ground.X[[*chosen, *repeats][:K]])


def _random_responsibilities(ground, K, rng):
    """Every point shared out at random: all means begin close to the centre of the data."""
    shares = 1.0 - rng.random((len(ground.X), K))  # in (0, 1]: a row of zeros could not be normalised
    return ground.of_responsibilities(shares / shares.sum(axis=1, keepdims=True))


def _hierarchical(ground, K, rng):
    """Ward's clusters. The order of the points changes only that of the components, unless there are ties."""
    if len(ground.X) > WARD_LIMIT:
        rows = rng.choice(len(ground.X), max(WARD_LIMIT, K), replace=False)
        ground = Ground(ground.X[np.sort(rows)], ground.covariance_type)
    labels = np.zeros(len(ground.X), dtype=int) if K == 1 else _ward_clusters(ground.merges, K)
    return ground.of_labels(labels, K)


def _scattered(ground, K, rng):
    """Means anywhere in the data's range, also where no point is; one broad round covariance."""
    X, D = ground.X, ground.X.shape[1]
    means = rng.uniform(X.min(axis=0), X.max(axis=0), size=(K, D))
    covariances = np.tile(ground.variances.mean() * np.eye(D), (K, 1, 1))
    return Mixture(np.full(K, 1.0 / K), means, covariances)


# What they are made with.


def _ward_clusters(merges: np.ndarray, K: int) -> np.ndarray:
    """Labels 0 ... K - 1 after the first N - K of Ward's merges (N - 1, 2): exactly K clusters, ties or not."""
    N = len(merges) + 1
    clusters = np.arange(2 * N - K)  # of the points, and of what came of each merge
    for step in reversed(range(N - K)):
        clusters[merges[step]] = clusters[N + step]
    return np.unique(clusters[:N], return_inverse=True)[1]


def without_empty_clusters(labels, K) -> np.ndarray:
    """Move the first row of the fullest cluster to each empty one; there are at least K rows."""
    labels = labels.copy()
    sizes = np.bincount(labels, minlength=K)
    for empty in np.flatnonzero(sizes == 0):
        fullest = sizes.argmax()
        labels[np.flatnonzero(labels == fullest)[0]] = empty
        sizes[fullest] -= 1
        sizes[empty] += 1
    return labels


def _legacy_seed(rng) -> int:
    """A seed drawn from the generator, for scikit-learn functions that take an integer."""
    return int(rng.integers(2**31))


#: Every start by its name, in the order in which a menu shows them.
STARTS: dict[str, StartSpec] = {
    "k-means": StartSpec(
        "k-means",
        "Run k-means once and turn each of its clusters into a component: often close to where EM ends.",
        _k_means,
    ),
    "k-means++": StartSpec(
        "k-means++",
        "Put the means on data points that lie far apart; all components begin as broad as the whole data.",
        _k_means_plus_plus,
    ),
    "random-points": StartSpec(
        "Random points",
        "Put the means on data points picked at random; all components begin as broad as the whole data.",
        _random_points,
    ),
    "random-responsibilities": StartSpec(
        "Random responsibilities",
        "Share every point among the components at random, so that all begin in the middle and must find "
        "their own way apart.",
        _random_responsibilities,
    ),
    "hierarchical": StartSpec(
        "Hierarchical (Ward)",
        "Join the closest groups of points until K are left and turn each into a component, which leaves "
        f"nothing to chance, except that above {WARD_LIMIT:,} points a random {WARD_LIMIT:,} of them are used.",
        _hierarchical,
        is_random=False,
        most=WARD_LIMIT,
    ),
    "scattered": StartSpec(
        "Scattered",
        "Drop the means anywhere in the data's range, even where no point is, with one broad, round spread.",
        _scattered,
    ),
}
