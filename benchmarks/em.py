"""How fast one iteration of EM is, beside scikit-learn's from the same start.   python -m benchmarks.em [--quick]

The two run in one process, one after the other, round after round; the best round of each counts. An iteration is the
time from one E-step to the next. What comes before the first (preparation) is reported apart. The floor is what no
program of this kind avoids: one exp() for each point and component, and the two matrix products of `gmmviz.em.quick`.
It is timed as the two are: so many passes in a row, the best round counting. The ratio to it is printed first, since it
hardly depends on the machine. That to scikit-learn does: where exp() is slow, most of both libraries' time goes there.

On many points two threads stand beside one; and beside them what two processes do, each with one thread and all to
itself, which is what the machine has to give: two cores are often slower each than one alone.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import argparse  # noqa: E402
import multiprocessing  # noqa: E402
import tracemalloc  # noqa: E402
import warnings  # noqa: E402
from concurrent.futures import ProcessPoolExecutor  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import NamedTuple  # noqa: E402

import numpy as np  # noqa: E402
from numpy._core._multiarray_umath import __cpu_features__  # noqa: E402  (what numpy itself goes by)
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.mixture import GaussianMixture  # noqa: E402

from gmmviz.em import COVARIANCE_TYPES, Mixture, em, fit, fit_many, m_step  # noqa: E402
from gmmviz.em.careful import blocks  # noqa: E402
from gmmviz.em.families import Coordinates  # noqa: E402

SIZES = (
    (300, 2, 3),
    (1500, 2, 3),
    (1500, 2, 16),
    (20_000, 2, 8),
    (200_000, 2, 8),
    (1_000_000, 2, 8),
    (20_000, 16, 8),
    (100_000, 32, 16),
)
QUICK_SIZES = SIZES[:4]
ROUNDS = 5
"""Of the large sizes; the small ones take up to five times as many, which a busy machine makes necessary."""
SHARED = 200_000
"""From so many points on, two threads and two processes are timed beside one."""
AT_LENGTH = 10
"""Iterations of each."""
LEGEND = """\
floor: gmmviz over the floor, one thread; ms per iteration of gmmviz and scikit-learn; times: their ratio; diff: the
largest relative difference in log-likelihood at the same iteration; milliseconds of preparation of gmmviz and
scikit-learn; two: how many times faster gmmviz is with two threads, and how many times as much two processes do.

        N   D   K  type       floor     gmmviz    sklearn  times      diff   prepare (sklearn)    two (processes)"""
WIDTHS = {"AVX512F": 512, "AVX2": 256, "VSX": 128, "VX": 128, "ASIMD": 128, "SSE2": 128}


class Timing(NamedTuple):
    """Seconds, and the log-likelihood at each of the first iterations."""

    preparation: float
    iteration: float
    log_likelihoods: np.ndarray


class Timed(GaussianMixture):
    """Scikit-learn's estimator, noting when each E-step begins."""

    def _e_step(self, *args, **kwargs):
        self.clock_.append(perf_counter())
        return super()._e_step(*args, **kwargs)


def make(N: int, D: int, K: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return N points around K overlapping centres in D dimensions, correlated, and their labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(K, size=N)
    shapes = np.eye(D) + 0.4 * rng.normal(size=(K, D, D)) / np.sqrt(D)
    X = rng.normal(size=(N, D))
    for k in range(K):
        X[labels == k] = X[labels == k] @ shapes[k] + 6 * rng.normal(size=D) / np.sqrt(D)
    return X, labels


def begin(X, labels, covariance_type: str, seed: int = 0) -> Mixture:
    """Return a start: the true groups, half their points shared out at random."""
    rng = np.random.default_rng(seed)
    mixed = np.where(rng.random(len(X)) < 0.5, rng.permutation(labels), labels)
    return m_step(X, np.eye(labels.max() + 1)[mixed], covariance_type)


def vectors() -> str:
    """Return how wide the processor's vectors are, as far as numpy uses them."""
    name = next((name for name in WIDTHS if __cpu_features__.get(name)), None)
    return f"vectors of {WIDTHS[name]} bits ({name})" if name else "no vectors known"


def ours(X, start: Mixture, covariance_type: str, n_iterations: int, n_threads: int = 1) -> Timing:
    """Time gmmviz."""
    clock = [perf_counter()]
    states = em(X, start, covariance_type, tol=0, max_iter=n_iterations, n_threads=n_threads)
    clock.append(perf_counter())
    log_likelihoods = []
    for state in states:
        clock.append(perf_counter())
        log_likelihoods.append(state.log_likelihood)
    return Timing(clock[1] - clock[0], (clock[-1] - clock[2]) / n_iterations, np.array(log_likelihoods[:-1]))


def theirs(X, start: Mixture, covariance_type: str, n_iterations: int) -> Timing:
    """Time scikit-learn: its last E-step, for the labels, ends the last iteration."""
    S = start.covariances
    precisions = COVARIANCE_TYPES[covariance_type].compact(np.linalg.inv(S))
    model = Timed(
        start.n_components,
        covariance_type=covariance_type,
        tol=0,
        reg_covar=0,
        max_iter=n_iterations,
        init_params="random_from_data",
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=precisions,
        random_state=0,
    )
    model.clock_ = [perf_counter()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X)
    clock = model.clock_
    n_done = len(clock) - 2  # a gain of exactly 0 stops it before n_iterations
    return Timing(
        clock[1] - clock[0], (clock[-1] - clock[1]) / n_done, len(X) * np.array(model.lower_bounds_)
    )


def floor(N: int, D: int, K: int, covariance_type: str, n_passes: int) -> float:
    """Return the seconds that one exp() over (K, N) and the two products take, in blocks that stay in the cache.

    The mean of so many passes in a row, after one more.
    """
    P = COVARIANCE_TYPES[covariance_type](Coordinates(np.zeros(D), np.ones(D), 1.0)).size
    rng = np.random.default_rng(0)
    theta, cuts = rng.normal(size=(K, P)) - 2.0, blocks(N, 8 * (P + K))
    phi = rng.random((P, -(-N // len(cuts))))
    room = np.empty((K, phi.shape[1]))
    for n_done in range(n_passes + 1):
        if n_done == 1:
            clock = perf_counter()
        sums = np.zeros((K, P))
        for cut in cuts:
            n = cut.stop - cut.start
            r = np.matmul(theta, phi[:, :n], out=room[:, :n])
            np.exp(r, out=r)
            sums += r @ phi[:, :n].T
    return (perf_counter() - clock) / n_passes


class Two:
    """Two processes that run EM at the same time, each with one thread."""

    def __init__(self):
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(2, context, _meet_at, (context.Barrier(2),))

    def seconds(self, *args) -> float:
        """Return the slower one's seconds for an iteration; arguments as of `ours`."""
        return max(run.result() for run in [self.pool.submit(_together, *args) for _ in range(2)])


_barrier = None
"""Where two processes meet; theirs."""


def _meet_at(barrier) -> None:
    global _barrier
    _barrier = barrier


def _together(*args) -> float:
    _barrier.wait()
    return ours(*args).iteration


def shared(X, start: Mixture, covariance_type: str, two: Two) -> tuple[float, float]:
    """Return how many times as much as one thread two do, and two processes."""
    run = X, start, covariance_type, AT_LENGTH
    rounds = [
        (ours(*run).iteration, ours(*run, n_threads=2).iteration, two.seconds(*run)) for _ in range(ROUNDS)
    ]
    one, threads, processes = np.min(rounds, axis=0)
    return one / threads, 2 * one / processes


def compare(N: int, D: int, K: int, covariance_type: str, two: Two) -> float:
    """Print one line of the table; return how many times faster gmmviz is."""
    X, labels = make(N, D, K)
    start = begin(X, labels, covariance_type)
    n_iterations = int(np.clip(0.1 / theirs(X, start, covariance_type, 2).iteration, 3, 200))
    rounds = [
        (
            ours(X, start, covariance_type, n_iterations),
            theirs(X, start, covariance_type, n_iterations),
            floor(N, D, K, covariance_type, n_iterations),
        )
        for _ in range(ROUNDS if N > 20_000 else 5 * ROUNDS)
    ]
    mine, other = rounds[0][0].log_likelihoods, rounds[0][1].log_likelihoods
    same = np.abs(mine[: len(other)] / other[: len(mine)] - 1).max()
    seconds, reference = (min(round[i].iteration for round in rounds) for i in (0, 1))
    prepared, readied = (min(round[i].preparation for round in rounds) for i in (0, 1))
    least = min(round[2] for round in rounds)
    beside = "{:>7.2f} {:>10.2f}".format(*shared(X, start, covariance_type, two)) if N >= SHARED else ""
    print(
        f"{N:>9,} {D:>3} {K:>3}  {covariance_type:<9} {seconds / least:>6.2f} {1e3 * seconds:>10.3f}"
        f" {1e3 * reference:>10.3f} {reference / seconds:>6.1f} {same:>9.0e}"
        f" {1e3 * prepared:>9.2f} {1e3 * readied:>9.2f}{beside}",
        flush=True,
    )
    return reference / seconds


def memory(N: int, D: int, K: int, covariance_type: str) -> float:
    """Return the most memory in MB that three iterations take beyond the data."""
    X, labels = make(N, D, K)
    start = begin(X, labels, covariance_type)
    del labels
    tracemalloc.start()
    for _ in em(X, start, covariance_type, tol=0, max_iter=3):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def many(covariance_type: str, N: int = 300, D: int = 2, K: int = 3, R: int = 20) -> tuple[float, float]:
    """Return how many times faster per run fit_many is than scikit-learn, over 100 iterations and to convergence.

    The whole of fit_many is timed, preparation included, against scikit-learn's iterations alone, as many as gmmviz
    took in each run.
    """
    X, labels = make(N, D, K)
    starts = [begin(X, labels, covariance_type, seed) for seed in range(R)]
    ratios = []
    for settings in ({"tol": 0, "max_iter": 100}, {"tol": 1e-6}):
        best = [np.inf, np.inf]
        for _ in range(2 * ROUNDS):
            clock = perf_counter()
            runs = fit_many(X, starts, covariance_type=covariance_type, n_threads=1, **settings)
            best[0] = min(best[0], perf_counter() - clock)
            lengths = [len(run.states) - 1 for run in runs]
            seconds = [
                theirs(X, s, covariance_type, n).iteration * n for s, n in zip(starts, lengths, strict=True)
            ]
            best[1] = min(best[1], sum(seconds))
        for start, run in zip(starts, runs, strict=True):
            alone = fit(X, start, covariance_type=covariance_type, **settings).states[-1].log_likelihood
            assert abs(run.states[-1].log_likelihood / alone - 1) < 1e-9
        ratios.append(best[1] / best[0])
    return tuple(ratios)


def main() -> None:
    """Print the table, the geometric mean, the memory, and many runs at once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the small sizes only")
    quick = parser.parse_args().quick
    print(f"{vectors()}\n\n{LEGEND}")
    sizes, two = QUICK_SIZES if quick else SIZES, Two()
    ratios = [compare(*size, name, two) for size in sizes for name in COVARIANCE_TYPES]
    two.pool.shutdown()
    print(f"\ngeometric mean {np.exp(np.log(ratios).mean()):.1f} times, least {min(ratios):.1f} times\n")
    for name in COVARIANCE_TYPES:
        hundred, converged = many(name)
        print(
            f"20 starts at 300 points, {name:<9}: {hundred:.1f} times per run, {converged:.1f} to convergence"
        )
    if not quick:
        print()
        for name in COVARIANCE_TYPES:
            print(
                f"peak memory beyond 1 000 000 x 2 points, K = 8, {name:<9}: {memory(1_000_000, 2, 8, name):.0f} MB"
            )


if __name__ == "__main__":
    main()
