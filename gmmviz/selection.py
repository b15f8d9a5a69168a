"""Which K, and which covariance type: a grid of fits, each from several starts and judged by several criteria."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from itertools import product
from numbers import Integral
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple

import joblib
import numpy as np
import sklearn.cluster  # noqa: F401  `one_thread` holds what is loaded when it is first used

from gmmviz.criteria import CRITERIA, Fit, Grounds, adjusted_rand, fold_fit, folds_of, n_parameters
from gmmviz.em import COVARIANCE_TYPES, Mixture, as_data, e_step, whole
from gmmviz.em.stopping import StopRule
from gmmviz.em.validation import as_choice, check_spread
from gmmviz.restarts import Restart, fit_starts
from gmmviz.starts import STARTS, reg_covar_for
from gmmviz.threads import one_thread

__all__ = ["Cell", "Study", "best", "sweep"]

WORTH_WORKERS = 8e8
"""Work, as `Study.work` estimates it, from which a sweep is worth the start of further processes: some five seconds of
one core, where the start takes nearly two of each."""
ITERATIONS = 60
"""What a run takes, for that estimate."""


class Cell(NamedTuple):
    """What came of one K and covariance type.

    Attributes
    ----------
    n_components : int
        K.
    covariance_type : str
    n_parameters : int
    restarts : tuple of Restart
        What each start came to.
    winner : Restart or None
        The one with the highest log-likelihood among the sound ones; where none is sound, among all.
    seed : int or None
        The winner's start's.
    scores : mapping of str to array
        By criterion: what it says of each restart (R,); held out, of each fold (folds,), nan where the others leave
        fewer points than K.
    problem : str
        Why it cannot be the best: "spurious" or "collapsed", as `gmmviz.restarts.KINDS`, where no restart is sound; a
        sentence where there was no fit at all. Otherwise "".
    unsound_folds : int
        How many fits to all points but a fold's came to no sound end. Where values are repeated, a component that has
        collapsed onto one is worth any likelihood held out, too: such a cell cannot be the best there.
    """

    n_components: int
    covariance_type: str
    n_parameters: int
    restarts: tuple[Restart, ...] = ()
    winner: Restart | None = None
    seed: int | None = None
    scores: Mapping[str, np.ndarray] = {}
    problem: str = ""
    unsound_folds: int = 0

    def can_win(self, criterion: str) -> bool:
        """Return whether a criterion may take it for the best."""
        return not self.problem and not (self.unsound_folds and CRITERIA[criterion].score is None)

    @property
    def mixture(self) -> Mixture | None:
        """The winner's."""
        return self.winner and self.winner.mixture

    def value(self, criterion: str) -> float:
        """Return what a criterion says: of the winner; held out, the mean over the folds. nan where it says nothing."""
        scores = self.scores.get(criterion, np.empty(0))
        if not len(scores):
            return np.nan
        return float(scores.mean() if CRITERIA[criterion].score is None else scores[self.winner.number])


def best(cells: Iterable[Cell], criterion: str) -> Cell | None:
    """Return the best of some cells by a criterion, in whatever order they come; None where none can be the best.

    Of equal ones, the first by K and then by type.

    >>> cells = [Cell(K, "full", 5 * K, scores={"held_out": np.array([-5.0])}) for K in (2, 1)]
    >>> best([*cells, Cell(9, "full", 44, problem="spurious")], "held_out").n_components
    1
    """
    types = list(COVARIANCE_TYPES)
    judge = CRITERIA[as_choice(criterion, CRITERIA, "criterion")]
    sound = [cell for cell in cells if cell.can_win(criterion)]
    sound.sort(key=lambda cell: (cell.n_components, types.index(cell.covariance_type)))
    place = judge.best([cell.value(criterion) for cell in sound])
    return None if place is None else sound[place]


class Study:
    """A grid of K and covariance types on some data, fitted as far as it is asked for; what is done stays.

    Threads may share it. Each cell depends on its own K and type alone, not on what was asked for before it.

    Parameters
    ----------
    X : (N, D) array-like
    n_restarts : int, default=10
        Starts in each cell; one where the method leaves nothing to chance.
    criteria : sequence of str
        Keys of `CRITERIA`.
    seed : int, default=0
        Of each cell's first start; start r has seed + r. Divides the points into folds as well.
    method : str, default="k-means++"
        As in `gmmviz.starts.start`.
    floor : float, default=1e-6
        As in `gmmviz.starts.reg_covar_for`.
    labels : (N,) array-like, optional
        The true groups, for "ari".
    folds : int, default=5
        For "held_out".
    **settings
        tol, max_iter and criterion, as in `gmmviz.em.em`.

    Raises
    ------
    ValueError
        For what is not valid.

    Examples
    --------
    >>> from gmmviz.datasets import load
    >>> study = Study(load("blobs", n=200).X, n_restarts=2)
    >>> cells = [(K, "tied") for K in (2, 3, 4)]
    >>> study.advance(cells)
    True
    >>> best(study.done.values(), "bic").n_components
    3
    """

    def __init__(
        self,
        X,
        n_restarts: int = 10,
        criteria: Sequence[str] = ("bic", "aic", "icl"),
        seed: int = 0,
        *,
        method: str = "k-means++",
        floor: float = 1e-6,
        labels=None,
        folds: int = 5,
        **settings,
    ):
        self.X = as_data(X)
        check_spread(self.X)
        reg_covar_for(self.X, floor)
        StopRule.of(**settings)
        names = _several(criteria, "criteria")
        self.criteria = tuple(as_choice(name, CRITERIA, "criteria") for name in names)
        spec, n_restarts = STARTS[as_choice(method, STARTS, "method")], _whole(n_restarts, "n_restarts", 1)
        self.n_restarts = spec.n_different(n_restarts, len(self.X))
        self.seed, self.method, self.floor = _whole(seed, "seed", 0), method, floor
        self.labels = None if labels is None else np.asarray(labels)
        if "ari" in self.criteria:
            if np.shape(labels) != (len(self.X),):
                raise ValueError(
                    "The criterion ari compares with true groups: give labels, one for each point."
                )
            adjusted_rand(labels, labels)  # which refuses what are no groups
        self.folds = folds_of(len(self.X), folds, self.seed) if "held_out" in self.criteria else []
        self.settings = settings
        self.done: dict[tuple[int, str], Cell] = {}
        self._under_way: dict[tuple[int, str], Generator[None, None, Cell]] = {}
        self._grounds: dict[str, Grounds] = {}
        self._lock = Lock()

    def advance(self, cells: Iterable[tuple[int, str]], seconds: float = np.inf) -> bool:
        """Fit these cells, in order, but not much longer than so many seconds; return whether all are done.

        What is begun goes on where it stopped the last time. `done` is never changed, but replaced.
        """
        end = perf_counter() + seconds
        with self._lock, one_thread():
            for cell in cells:
                if cell in self.done:
                    continue
                work = self._under_way.pop(cell, None) or self.steps(*cell)
                try:
                    while True:
                        next(work)
                        if perf_counter() > end:
                            self._under_way[cell] = work
                            return False
                except StopIteration as found:
                    self.done = self.done | {cell: found.value}
            return True

    def cell(self, n_components: int, covariance_type: str) -> Cell:
        """Return one cell, from its first start to its last criterion, in one thread of linear algebra."""
        with one_thread():
            return whole(self.steps(n_components, covariance_type))

    def steps(self, n_components: int, covariance_type: str) -> Generator[None, None, Cell]:
        """Do the same with pauses: a generator that returns the cell."""
        K, free = n_components, n_parameters(n_components, self.X.shape[1], covariance_type)
        restarts, scores, unsound = [], {}, 0
        try:
            for restart in self._restarts(K, covariance_type):
                if restart:
                    restarts.append(restart)
                yield
            for name in self.criteria:
                if CRITERIA[name].score is None:
                    scores[name], unsound = yield from self._held_out(K, covariance_type)
            fits = []
            for restart in restarts:
                R, _ = e_step(self.X, restart.mixture)
                fits.append(Fit(restart.log_likelihood, free, R, self.labels))
                yield
        except ValueError as error:
            return Cell(K, covariance_type, free, problem=str(error))
        for name in self.criteria:
            if score := CRITERIA[name].score:
                scores[name] = np.array([score(fit) for fit in fits])
        sound = [restart for restart in restarts if restart.kind == "optimum"]
        winner = max(sound or restarts, key=lambda restart: restart.log_likelihood)
        problem = "" if sound else winner.kind
        seed = self.seed + winner.number
        return Cell(K, covariance_type, free, tuple(restarts), winner, seed, scores, problem, unsound)

    def _restarts(self, K: int, covariance_type: str) -> Generator[Restart | None]:
        ground, _ = self._grounds_of(covariance_type)[0]
        numbers = range(self.n_restarts)
        return fit_starts(ground, K, self.method, self.seed, self.floor, numbers, **self.settings)

    def _grounds_of(self, covariance_type: str) -> Grounds:
        """Return what starts begin on: first all points, of which none is held out, and then each fold's."""
        if covariance_type not in self._grounds:
            everyone = np.arange(len(self.X)), np.arange(0)
            self._grounds[covariance_type] = Grounds(
                self.X, [everyone, *self.folds], covariance_type, self.method
            )
        return self._grounds[covariance_type]

    def _held_out(self, K: int, covariance_type: str) -> Generator[None, None, tuple[np.ndarray, int]]:
        scores, unsound = np.full(len(self.folds), np.nan), 0
        grounds = self._grounds_of(covariance_type)
        for fold, (seen, _) in enumerate(self.folds):
            if len(seen) >= K:
                ground, unseen = grounds[fold + 1]
                seed = [self.seed, K, fold]
                scores[fold], sound = yield from fold_fit(
                    ground, unseen, K, self.method, seed, self.floor, **self.settings
                )
                unsound += not sound
        return scores, unsound

    def work(self, cells: Iterable[tuple[int, str]]) -> float:
        """Return about how much work cells are: points times features times components times iterations of all fits."""
        fits = self.n_restarts + len(self.folds)
        return float(sum(K for K, _ in cells)) * self.X.size * fits * ITERATIONS

    def __sizeof__(self) -> int:
        """Count the points, too: Dask sends what is large to each worker once, not with every cell."""
        return object.__sizeof__(self) + self.X.nbytes

    def __getstate__(self) -> dict:
        """Leave out what is under way, and what can be found again, so that a study can go to another process."""
        left_out = ("_under_way", "_grounds", "_lock")
        return {name: value for name, value in vars(self).items() if name not in left_out}

    def __setstate__(self, state: dict) -> None:
        """Come to another process, where nothing is under way."""
        vars(self).update(state, _under_way={}, _grounds={}, _lock=Lock())


def sweep(
    X,
    n_components: Iterable[int],
    covariance_types: Iterable[str] = tuple(COVARIANCE_TYPES),
    n_restarts: int = 10,
    criteria: Sequence[str] = ("bic", "aic", "icl"),
    seed: int = 0,
    *,
    n_jobs: int | None = None,
    **options,
) -> Iterator[Cell]:
    """Fit each K with each covariance type from several starts, and yield each cell when it is done.

    The cells are the same for a seed, to the last digit, whatever their order and the number of workers.

    Parameters
    ----------
    X : (N, D) array-like
    n_components : iterable of int
        The Ks.
    covariance_types : iterable of str
        Keys of `gmmviz.em.COVARIANCE_TYPES`; all by default.
    n_restarts, criteria, seed
        As in `Study`.
    n_jobs : int, optional
        How many processes, as in joblib: -1 for one a core. By default what `joblib.parallel_config` says, so that
        under ``joblib.parallel_config(backend="dask")`` the cells are fitted on a Dask cluster; without that one a
        core, or none besides this one where the work is not worth their start.
    **options
        Further ones of `Study`: method, floor, labels, folds, tol, max_iter, criterion.

    Yields
    ------
    Cell
        In this process in order, by K and then by type; from workers as they finish, the largest K begun first.

    Raises
    ------
    ValueError
        At the call, for what is not valid. A cell whose fit is refused, such as one of more components than points,
        says so as its problem.

    Examples
    --------
    >>> from gmmviz.datasets import load
    >>> cells = list(sweep(load("blobs", n=200).X, range(1, 5), ["full", "tied"], n_restarts=2))
    >>> found = best(cells, "bic")
    >>> found.n_components, found.covariance_type, found.n_parameters
    (3, 'tied', 11)
    """
    study = Study(X, n_restarts, criteria, seed, **options)
    types = _several(covariance_types, "covariance_types")
    types = [as_choice(name, COVARIANCE_TYPES, "covariance_types") for name in types]
    components = [_whole(K, "n_components", 1) for K in _several(n_components, "n_components")]
    return _cells(study, list(dict.fromkeys(product(components, types))), n_jobs)


def _cells(study: Study, cells: list[tuple[int, str]], n_jobs: int | None) -> Iterator[Cell]:
    if n_jobs is None and _is_left_to_us():
        n_jobs = -1 if study.work(cells) >= WORTH_WORKERS else 1
    if joblib.effective_n_jobs(n_jobs) == 1:
        return (study.cell(*cell) for cell in cells)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    longest_first = sorted(cells, key=lambda cell: -cell[0])  # no worker is left with a long one at the end
    return parallel(joblib.delayed(Study.cell)(study, *cell) for cell in longest_first)


def _is_left_to_us() -> bool:
    """Return whether no `joblib.parallel_config` says how many processes there are to be."""
    return joblib.parallel.get_active_backend()[1] is None and joblib.effective_n_jobs(None) == 1


def _several(values: Any, name: str) -> tuple:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} is {values!r}: give a list, [{values!r}] for this one alone.")
    return tuple(values)


def _whole(value: Any, name: str, least: int) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}: give a whole number from {least} up.")
    return int(value)
