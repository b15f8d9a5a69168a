"""How fast hundreds of starts are, beside the same loop in scikit-learn.   python -m benchmarks.restarts [--quick]

Both fit the same points from the same starts at the same tolerance and floor, one after the other in one process, round
after round; the best round of each counts. gmmviz is `fit_stream`, as the page Restarts calls it, from the starts to
the last outcome; scikit-learn is one `GaussianMixture.fit` a start, for every tenth of them, and as much longer for all
as gmmviz takes more iterations for all. The floor is what no program of this kind avoids, as in `benchmarks.em`: one
exp() for each point and component and the two matrix products, for as many iterations as gmmviz took, in the same
round. Where exp() is slow, the floor is a larger part of both, and the ratios shrink towards its own, which the column
"most" shows.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import argparse  # noqa: E402
import warnings  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.mixture import GaussianMixture  # noqa: E402

from benchmarks.em import make  # noqa: E402
from gmmviz.em import COVARIANCE_TYPES, Mixture, Outcome, fit_stream  # noqa: E402
from gmmviz.em.families import Coordinates  # noqa: E402
from gmmviz.starts import start  # noqa: E402

SIZES = ((1500, 5), (300, 3))
WANTED = {(1500, 5): {"full": 8, "others": 4, "floor": 1.8}, (300, 3): {"full": 15, "others": 10}}
"""What is asked for: times scikit-learn's speed at least, and times the floor at most."""
STARTS, EVERY, ROUNDS = 200, 10, 5
TOL, REG_COVAR, MAX_ITER = 1e-6, 1e-6, 1000
LEGEND = """\
seconds for 200 starts of gmmviz, scikit-learn and the floor; times: scikit-learn over gmmviz; floor: gmmviz over the
floor; most: scikit-learn over the floor; mean iterations of both; diff: the median relative difference in the final
log-likelihood; in brackets what is asked for.

     N  K  type          gmmviz  sklearn    floor   times         floor         most  iterations     diff"""


def ours(X: np.ndarray, starts: list[Mixture], covariance_type: str) -> tuple[float, list[Outcome]]:
    """Return the seconds of all starts in gmmviz, and what they came to."""
    clock = perf_counter()
    stream = fit_stream(X, starts, covariance_type, reg_covar=REG_COVAR, tol=TOL, max_iter=MAX_ITER)
    outcomes = [outcome for outcome in stream if outcome is not None]
    return perf_counter() - clock, outcomes


def theirs(X: np.ndarray, starts: list[Mixture], covariance_type: str) -> tuple[float, list[GaussianMixture]]:
    """Return the seconds of these starts in scikit-learn, and the fitted models."""
    models = [
        GaussianMixture(
            one.n_components,
            covariance_type=covariance_type,
            tol=TOL,
            reg_covar=REG_COVAR,
            max_iter=MAX_ITER,
            init_params="random_from_data",
            weights_init=one.weights,
            means_init=one.means,
            precisions_init=COVARIANCE_TYPES[covariance_type].compact(np.linalg.inv(one.covariances)),
            random_state=0,
        )
        for one in starts
    ]
    clock = perf_counter()
    for model in models:
        model.fit(X)
    return perf_counter() - clock, models


def floor(N: int, K: int, covariance_type: str, iterations: int) -> float:
    """Return the seconds of the exps and products of so many iterations on N points in the plane."""
    P = COVARIANCE_TYPES[covariance_type](Coordinates(np.zeros(2), np.ones(2), 1.0)).size
    rng = np.random.default_rng(0)
    theta, phi, r = rng.normal(size=(K, P)) - 2.0, rng.random((P, N)), np.empty((K, N))
    clock = perf_counter()
    for _ in range(iterations):
        np.dot(theta, phi, out=r)
        np.exp(r, out=r)
        np.dot(r, phi.T)
    return perf_counter() - clock


def compare(N: int, K: int, covariance_type: str, rounds: int) -> None:
    """Print one line of the table."""
    X, _ = make(N, 2, K)
    starts = [start(X, K, "random-points", covariance_type, seed) for seed in range(STARTS)]
    seconds = np.full(3, np.inf)
    for _ in range(rounds):
        mine, outcomes = ours(X, starts, covariance_type)
        lengths = [len(outcome.log_likelihoods) for outcome in outcomes]
        iterations = sum(lengths)
        other, models = theirs(X, starts[::EVERY], covariance_type)
        least = floor(N, K, covariance_type, iterations)
        seconds = np.minimum(seconds, [mine, other * iterations / sum(lengths[::EVERY]), least])
    mine, other, least = seconds
    # The median: where rounding tips the scales, two runs from one start may end apart.
    pairs = zip(outcomes[::EVERY], models, strict=True)
    diff = np.median([abs(one.log_likelihoods[-1] / (model.score(X) * N) - 1) for one, model in pairs])
    of_sample = np.mean(lengths[::EVERY])
    wanted = WANTED[N, K]
    at_least, at_most = wanted["full" if covariance_type == "full" else "others"], wanted.get("floor")
    print(
        f"{N:>6} {K:>2}  {covariance_type:<10} {mine:>9.3f} {other:>8.2f} {least:>8.3f} {other / mine:>7.1f} "
        f"(>= {at_least:<2}) {mine / least:>6.2f} {f'(<= {at_most})' if at_most else '':<8} {other / least:>6.0f} "
        f"{of_sample:>5.0f} {np.mean([model.n_iter_ for model in models]):>5.0f} {diff:>9.0e}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two rounds only")
    rounds = 2 if parser.parse_args().quick else ROUNDS
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(LEGEND)
    for N, K in SIZES:
        for covariance_type in COVARIANCE_TYPES:
            compare(N, K, covariance_type, rounds)


if __name__ == "__main__":
    main()
