"""GaussianMixture: gmmviz's EM behind scikit-learn's interface.

The fit is `gmmviz.em.fit_many`, for one run or several. What comes after it (predict, score, sample) is computed from
the fitted attributes in scikit-learn's shapes, so an estimator whose attributes were set by hand serves as well.
"""

import warnings
from collections.abc import Iterator, Sequence
from numbers import Integral, Real
from time import perf_counter

import numpy as np
from scipy.special import logsumexp
from sklearn.base import BaseEstimator, DensityMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, InvalidParameterError, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from gmmviz import criteria
from gmmviz.em import COVARIANCE_TYPES, Mixture, Run, as_data, em, fit_many
from gmmviz.estimator.parity import DID_NOT_CONVERGE, ILL_DEFINED, INITS, given_parameters
from gmmviz.starts import STARTS, start

__all__ = ["GaussianMixture"]


class GaussianMixture(DensityMixin, BaseEstimator):
    """A Gaussian mixture fitted by EM, with the interface of `sklearn.mixture.GaussianMixture`.

    Parameters
    ----------
    n_components : int, default=1
        K, the number of components.
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
        Each component its own matrix, one for all, no correlations, or round.
    tol : float, default=1e-3
        EM stops when the mean log-likelihood per point gains less. The default is scikit-learn's; it often stops
        far too early, 1e-6 is safer.
    reg_covar : float, default=1e-6
        Added to the covariances' diagonals, in the data's squared units: as in scikit-learn an absolute number, so
        the result depends on the unit of the data. `gmmviz.starts.reg_covar_for` makes one that does not.
    max_iter : int, default=100
        The most M-steps in a run.
    n_init : int, default=1
        How many starts to run; the run that ends at the highest log-likelihood is kept, as in scikit-learn. Beware:
        a component that has shrunk onto a few points (down to `reg_covar`) wins that contest easily. Such a
        component is named in `run_.events`. Only a run that broke off at a singular covariance is passed over.
    init_params : str, default="kmeans"
        Where EM begins. scikit-learn's names, with its meaning and its random numbers: "kmeans" (responsibilities
        of 0 and 1 from k-means), "k-means++" and "random_from_data" (means on data points, covariances of
        `reg_covar`), "random" (random responsibilities). Or one of gmmviz's own, see `gmmviz.starts.STARTS`:
        "k-means", "random-points", "random-responsibilities", "hierarchical", "scattered".
    weights_init, means_init, precisions_init : array-like, default=None
        (K,), (K, D), and the inverse covariances in the shape of `precisions_`: they replace what `init_params`
        gives. With all three, `init_params` is not used.
    random_state : int, RandomState or None, default=None
        For the starts, and for `sample`. An int gives the same result at every call.
    warm_start : bool, default=False
        Whether `fit` goes on from where the last fit ended; `n_init` is then ignored.
    verbose : int, default=0
        1 prints the starts and every `verbose_interval`-th iteration, 2 also times and gains.
    verbose_interval : int, default=10

    Attributes
    ----------
    weights_ : (K,) array
    means_ : (K, D) array
    covariances_, precisions_, precisions_cholesky_ : array
        "full": (K, D, D); "tied": (D, D); "diag": (K, D); "spherical": (K,). In the data's squared units, inverse
        squared units, and inverse units: precisions_ = U U' with the upper triangular U of precisions_cholesky_.
    converged_ : bool
        Whether the run met `tol`.
    n_iter_ : int
        How many M-steps led to the result.
    lower_bound_ : float
        Mean log-likelihood per point at the result: `score(X)`, to rounding.
    lower_bounds_ : list of float
        The same after each M-step, `n_iter_` numbers; that of the start is in `run_.states[0]`.
    run_ : gmmviz.em.Run
        The whole history: every iteration's mixture and total log-likelihood, why the run stopped, and what
        happened on the way.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Raises
    ------
    ValueError
        From the methods, for what scikit-learn refuses, in its words; also for masked values, and values so large
        that their squares overflow. Where every start ends at a singular covariance, the message adds which.

    Notes
    -----
    Where results differ from scikit-learn's:

    scikit-learn takes the log-likelihood before each M-step, so its `lower_bounds_[t]` belongs to the parameters
    before iteration t, its `lower_bound_` is not `score(X)`, and it makes one more M-step after the gain fell below
    `tol`. Here every log-likelihood belongs to the parameters it is given with, and the run ends as soon as `tol`
    is met: `n_iter_` is one less, and the parameters differ by that last step, of the order of `tol`. Runs that end
    at `max_iter` have the same parameters.

    A fall of the mean log-likelihood by `tol` or more, which only `reg_covar` can cause, ends the run before it, as
    not converged; scikit-learn goes on. Everything is computed in float64, also for float32 input. An empty
    component keeps its place at weight 0 instead of jumping to the origin.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), section 9.2.

    Examples
    --------
    >>> X = [[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]]
    >>> mixture = GaussianMixture(n_components=2, random_state=0).fit(X)
    >>> mixture.means_.round(6).tolist(), mixture.predict([[0, 0], [12, 3]]).tolist()
    ([[10.0, 2.0], [1.0, 2.0]], [1, 0])
    >>> mixture.run_.stop_reason
    'converged'
    """

    _parameter_constraints = {  # noqa: RUF012 (scikit-learn reads it as a plain dict)
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "covariance_type": [StrOptions(set(COVARIANCE_TYPES))],
        "tol": [Interval(Real, 0.0, None, closed="left")],
        "reg_covar": [Interval(Real, 0.0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init_params": [StrOptions({*INITS, *STARTS})],
        "weights_init": ["array-like", None],
        "means_init": ["array-like", None],
        "precisions_init": ["array-like", None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
        "verbose_interval": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        n_components=1,
        *,
        covariance_type="full",
        tol=1e-3,
        reg_covar=1e-6,
        max_iter=100,
        n_init=1,
        init_params="kmeans",
        weights_init=None,
        means_init=None,
        precisions_init=None,
        random_state=None,
        warm_start=False,
        verbose=0,
        verbose_interval=10,
    ):
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval

    # --- Fitting ------------------------------------------------------------------------------------------------

    def _validate_params(self):
        """Refuse True and False where a whole number is asked for, too: Python counts them as 1 and 0."""
        super()._validate_params()
        for name in ("n_components", "max_iter", "n_init", "verbose_interval"):
            if isinstance(value := getattr(self, name), bool):
                raise InvalidParameterError(
                    f"The {name!r} parameter of GaussianMixture must be a whole number. Got {value} instead: write "
                    f"{name}={int(value)} if that is meant."
                )

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Fit the mixture to X (N, D) and return the estimator. `y` is ignored."""
        X = self._points(X, reset=True)
        if len(X) < self.n_components:
            raise ValueError(
                f"Expected n_samples >= n_components but got n_components = {self.n_components}, n_samples = {len(X)}"
            )
        runs = self._runs(X, list(self._starts(X)))
        sound = [run for run in runs if run.stop_reason != "collapsed"]
        if not sound:
            raise ValueError(f"{ILL_DEFINED} {runs[0].events[-1].message}")
        best = max(sound, key=lambda run: run.states[-1].log_likelihood)
        if not best.converged and self.max_iter > 0:
            reason = f" {best.events[-1].message}" if best.stop_reason == "decreased" else ""
            warnings.warn(DID_NOT_CONVERGE + reason, ConvergenceWarning, stacklevel=2)
        self._keep(best, N=len(X))
        return self

    def fit_predict(self, X, y=None):
        """Fit the mixture to X (N, D) and return each point's most probable component, (N,) ints."""
        return self.fit(X).predict(X)

    def _points(self, X, reset=False) -> np.ndarray:
        """Check X as scikit-learn does, and refuse masked values (it reads what is under the mask) and overflow."""
        if np.ma.is_masked(X):
            as_data(X)
        rows = 2 if reset else 1
        return as_data(validate_data(self, X, reset=reset, dtype=np.float64, ensure_min_samples=rows))

    def _starts(self, X) -> Iterator[Mixture]:
        if self.warm_start and hasattr(self, "run_"):
            yield self._last(X)
            return
        given = given_parameters(self, n_features=X.shape[1])
        random_state = check_random_state(self.random_state)
        for _ in range(self.n_init):
            drawn = {} if len(given) == 3 else self._drawn(X, random_state)
            try:
                begin = Mixture(**drawn | given)
            except ValueError as error:
                raise ValueError(f"{ILL_DEFINED} At the start, {error}") from error
            yield begin

    def _last(self, X) -> Mixture:
        last = self.run_.states[-1].mixture
        if last.means.shape != (self.n_components, X.shape[1]):
            raise ValueError(
                f"warm_start: the last fit had {last.n_components} component(s) and {last.n_features} feature(s), this "
                f"one has {self.n_components} and {X.shape[1]}; set warm_start=False to begin anew."
            )
        return last

    def _drawn(self, X, random_state) -> dict[str, np.ndarray]:
        """A start by `init_params`, as Mixture's arguments; its covariances may be singular."""
        if self.init_params in INITS:
            make = INITS[self.init_params]
            return make(X, self.n_components, self.covariance_type, self.reg_covar, random_state)
        rng = np.random.default_rng(random_state.randint(2**31))
        return vars(start(X, self.n_components, self.init_params, self.covariance_type, rng))

    def _runs(self, X, starts: list[Mixture]) -> Sequence[Run]:
        settings = {name: getattr(self, name) for name in ("covariance_type", "reg_covar", "tol", "max_iter")}
        if not self.verbose:
            return fit_many(X, starts, **settings)
        aloud = {"verbose": self.verbose, "interval": self.verbose_interval} | settings
        return [_fit_aloud(X, begin, number, **aloud) for number, begin in enumerate(starts)]

    def _keep(self, run: Run, N: int) -> None:
        final, family = run.states[-1], COVARIANCE_TYPES[self.covariance_type]
        self.weights_, self.means_ = final.mixture.weights.copy(), final.mixture.means.copy()
        roots = np.linalg.inv(np.linalg.cholesky(final.mixture.covariances)).transpose(0, 2, 1)
        self.covariances_ = family.compact(final.mixture.covariances).copy()
        self.precisions_cholesky_ = family.compact(roots).copy()
        self.precisions_ = family.compact(roots @ roots.transpose(0, 2, 1)).copy()
        self.converged_, self.n_iter_ = run.converged, final.iteration
        self.lower_bounds_ = [state.log_likelihood / N for state in run.states[1:]]
        self.lower_bound_ = final.log_likelihood / N
        self.run_ = run

    # --- Using the fit ------------------------------------------------------------------------------------------

    def predict(self, X):
        """Return the most probable component of each point of X (N, D), (N,) ints from 0."""
        return self._log_joint(X).argmax(axis=1)

    def predict_proba(self, X):
        """Return the responsibilities (N, K) for X (N, D): how probable each component is at each point."""
        log_joint = self._log_joint(X)
        return np.exp(log_joint - logsumexp(log_joint, axis=1, keepdims=True))

    def score_samples(self, X):
        """Return the log-density (N,) at each point of X (N, D)."""
        return logsumexp(self._log_joint(X), axis=1)

    def score(self, X, y=None):
        """Return the mean log-likelihood per point of X (N, D). `y` is ignored."""
        return float(self.score_samples(X).mean())

    def aic(self, X):
        """Return Akaike's information criterion on X (N, D); lower is better."""
        return criteria.aic(self.score_samples(X).sum(), self._n_parameters())

    def bic(self, X):
        """Return the Bayesian information criterion on X (N, D); lower is better."""
        scores = self.score_samples(X)
        return criteria.bic(scores.sum(), self._n_parameters(), len(scores))

    def sample(self, n_samples=1):
        """Draw new points, component after component: X (n_samples, D) and each point's component (n_samples,).

        The same random numbers as scikit-learn's: with an int as `random_state` the same points at every call.
        """
        check_is_fitted(self)
        if n_samples < 1:
            raise ValueError(
                f"Invalid value for 'n_samples': {n_samples} . The sampling requires at least one sample."
            )
        rng = check_random_state(self.random_state)
        counts = rng.multinomial(n_samples, self.weights_)
        draw = _independent if COVARIANCE_TYPES[self.covariance_type].diagonal else _correlated
        covariances = self._expand(self.covariances_)
        X = [draw(rng, *parameters) for parameters in zip(self.means_, covariances, counts, strict=True)]
        return np.vstack(X), np.repeat(np.arange(len(counts)), counts)

    def _log_joint(self, X) -> np.ndarray:
        """ln(weights[k] N(x_n | k)), (N, K), by Bishop's equation 2.43 in whitened coordinates."""
        check_is_fitted(self)
        X = self._points(X)
        with np.errstate(divide="ignore"):  # an empty component has weight 0
            log_joint = np.tile(np.log(self.weights_), (len(X), 1))
        for k, root in enumerate(self._expand(self.precisions_cholesky_)):
            white = (X - self.means_[k]) @ root
            log_joint[:, k] += np.log(root.diagonal()).sum() - 0.5 * X.shape[1] * np.log(2 * np.pi)
            log_joint[:, k] -= 0.5 * np.einsum("nd,nd->n", white, white)
        return log_joint

    def _expand(self, values) -> np.ndarray:
        """Covariances, precisions or their roots as (K, D, D), whatever the covariance type."""
        return COVARIANCE_TYPES[self.covariance_type].expand(values, *self.means_.shape)

    def _n_parameters(self) -> int:
        return criteria.n_parameters(*self.means_.shape, self.covariance_type)


def _correlated(rng, mean, covariance, count) -> np.ndarray:
    return rng.multivariate_normal(mean, covariance, int(count))


def _independent(rng, mean, covariance, count) -> np.ndarray:
    return mean + rng.standard_normal(size=(count, len(mean))) * np.sqrt(covariance.diagonal())


def _fit_aloud(X, begin: Mixture, number: int, verbose: int, interval: int, **settings) -> Run:
    """`fit`, printing as scikit-learn does: the `number`-th start, iterations, and how it ended."""
    print(f"Initialization {number}")
    states, iteration = [], em(X, begin, **settings)
    began = last = perf_counter()
    while True:
        try:
            states.append(next(iteration))
        except StopIteration as stop:
            run = Run(tuple(states), *stop.value)
            break
        t = states[-1].iteration
        if t == 0 or t % interval:
            continue
        now, gain = perf_counter(), (states[-1].log_likelihood - states[-2].log_likelihood) / len(X)
        print(
            f"  Iteration {t}"
            + (f"\t time lapse {now - last:.5f}s\t ll change {gain:.5f}" if verbose > 1 else "")
        )
        last = now
    details = (
        f" time lapse {perf_counter() - began:.5f}s\t lower bound {states[-1].log_likelihood / len(X):.5f}."
    )
    verdict = "converged" if run.converged else "did not converge"
    print(f"Initialization {verdict}." + (details if verbose > 1 else ""))
    return run
