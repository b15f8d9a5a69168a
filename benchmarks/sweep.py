"""How fast a sweep over K and covariance type is, beside scikit-learn's.   python -m benchmarks.sweep [--quick]

K = 1 to 10, every covariance type, 10 starts each at 1500 points, and of each cell the best mixture with its BIC, AIC
and ICL. The other sweep is what one writes with scikit-learn and joblib: a `GaussianMixture` a start, the cells shared
out among as many processes, the highest lower bound wins. Both fit the same points from the same starts at the same
tolerance and floor, one sweep after the other, round after round; the best round of each counts. gmmviz makes its
starts in that time, and scikit-learn is handed them. The points are standardised, so that gmmviz's floor, a share of
each feature's variance, is scikit-learn's `reg_covar`. What it takes to start processes, about two seconds of each, is
in the first round alone, which `--quick` shows, and so in neither figure of the others.

Then the two tables are compared, at the tolerance that was timed and at a hundredth of it. The two stop at the same
iteration, but scikit-learn takes one more M-step, which gains less than the tolerance a point: that is what remains of
a difference. A cell's winner is another where the highest start is spurious (a component at the floor, or on fewer than
D + 1 points), which gmmviz leaves out and this use of scikit-learn does not: the column "highest" compares the highest
of all starts, the column "winners" what each sweep holds for the best.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import argparse  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import NamedTuple  # noqa: E402

import joblib  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.mixture import GaussianMixture  # noqa: E402

from benchmarks.em import make  # noqa: E402
from gmmviz.em import COVARIANCE_TYPES  # noqa: E402
from gmmviz.selection import WORTH_WORKERS, Cell, Study, best, sweep  # noqa: E402
from gmmviz.starts import Ground  # noqa: E402

N, COMPONENTS, STARTS, ROUNDS = 1500, range(1, 11), 10, 3
TOL, FLOOR, MAX_ITER = 1e-6, 1e-6, 10_000
AGREE, WANTED = 1e-6, 5
CELLS = [(K, name) for K in COMPONENTS for name in COVARIANCE_TYPES]


class Theirs(NamedTuple):
    """What scikit-learn finds for a cell."""

    log_likelihood: float
    bic: float
    aic: float
    icl: float
    iterations: int  # of all starts


def points() -> np.ndarray:
    """Return N points around five centres, standardised."""
    X, _ = make(N, 2, 5)
    return (X - X.mean(axis=0)) / X.std(axis=0)


def ours(X: np.ndarray, n_jobs: int | None, tol: float = TOL) -> tuple[float, dict[tuple[int, str], Cell]]:
    """Return the seconds of the sweep in gmmviz, and its table."""
    clock = perf_counter()
    settings = {"floor": FLOOR, "tol": tol, "max_iter": MAX_ITER}
    cells = {cell[:2]: cell for cell in sweep(X, COMPONENTS, n_restarts=STARTS, n_jobs=n_jobs, **settings)}
    return perf_counter() - clock, cells


def theirs(X: np.ndarray, begins: dict, n_jobs: int, tol: float = TOL) -> tuple[float, dict]:
    """Return the seconds of the sweep in scikit-learn, and its table; the longest cells first, as in gmmviz."""
    clock = perf_counter()
    longest_first = sorted(CELLS, key=lambda cell: -cell[0])
    tasks = (joblib.delayed(fitted)(X, *cell, begins[cell], tol) for cell in longest_first)
    found = joblib.Parallel(n_jobs)(tasks)
    return perf_counter() - clock, dict(zip(longest_first, found, strict=True))


def fitted(X: np.ndarray, K: int, covariance_type: str, begins: list[dict], tol: float) -> Theirs:
    """Fit one cell from each start in turn; judge the best."""
    settings = {"covariance_type": covariance_type, "tol": tol, "reg_covar": FLOOR, "max_iter": MAX_ITER}
    settings |= {"init_params": "random_from_data", "random_state": 0}  # not used, but it takes its time
    models = [GaussianMixture(K, **settings, **begin).fit(X) for begin in begins]
    winner = max(models, key=lambda model: model.lower_bound_)
    bic, certain = winner.bic(X), winner.predict_proba(X).max(axis=1)
    iterations = sum(model.n_iter_ for model in models)
    return Theirs(winner.score(X) * len(X), bic, winner.aic(X), bic - 2 * np.log(certain).sum(), iterations)


def begins_of(X: np.ndarray) -> dict[tuple[int, str], list[dict]]:
    """Return every cell's starts in gmmviz, as scikit-learn takes them."""
    return {cell: [_begin(one, cell[1]) for one in _starts(X, *cell)] for cell in CELLS}


def _starts(X, K, covariance_type):
    ground = Ground(X, covariance_type)
    return (ground.start(K, "k-means++", seed, FLOOR) for seed in range(STARTS))


def _begin(one, covariance_type) -> dict:
    precisions = COVARIANCE_TYPES[covariance_type].compact(np.linalg.inv(one.covariances))
    return {"weights_init": one.weights, "means_init": one.means, "precisions_init": precisions}


def compare_speed(X: np.ndarray, begins: dict, rounds: int) -> None:
    """Print how long the sweeps take."""
    cores = joblib.effective_n_jobs(-1)
    by_default = cores if Study(X, STARTS).work(CELLS) >= WORTH_WORKERS else 1
    mine = dict.fromkeys((None, 1, -1), np.inf)
    other = {1: np.inf, cores: np.inf}
    for _ in range(rounds):
        for n_jobs in mine:
            mine[n_jobs] = min(mine[n_jobs], ours(X, n_jobs)[0])
        for n_jobs in other:
            other[n_jobs] = min(other[n_jobs], theirs(X, begins, n_jobs)[0])
    print("seconds of gmmviz and scikit-learn, and their ratio; in brackets what is asked for\n")
    print("n_jobs  processes   gmmviz  sklearn   times")
    for n_jobs, processes in ((None, by_default), (1, 1), (-1, cores)):
        times = other[processes] / mine[n_jobs]
        print(
            f"{n_jobs!s:<7} {processes:>9} {mine[n_jobs]:>8.2f} {other[processes]:>8.2f} {times:>7.1f} (>= {WANTED})"
        )
    if by_default < cores:
        print(
            f"None beside scikit-learn on all {cores} cores: {other[cores] / mine[None]:.1f} times\n",
            flush=True,
        )


def compare_tables(X: np.ndarray, begins: dict, tol: float) -> None:
    """Print how far the sweeps agree."""
    mine, other = ours(X, -1, tol)[1], theirs(X, begins, -1, tol)[1]

    def apart(log_likelihood_of) -> tuple[int, float, tuple[int, str]]:
        off = {cell: abs(log_likelihood_of(mine[cell]) / other[cell].log_likelihood - 1) for cell in CELLS}
        worst = max(off, key=off.get)
        return sum(value <= AGREE for value in off.values()), off[worst], worst

    print(f"\ntol {tol:.0e}; cells whose log-likelihoods agree within {AGREE:.0e}, and the worst")
    highest = apart(lambda cell: max(one.log_likelihood for one in cell.restarts))
    winners = apart(lambda cell: cell.winner.log_likelihood)
    for name, (count, worst, where) in (("highest", highest), ("winners", winners)):
        print(f"{name}: {count} of {len(CELLS)}, {worst:.1e} at K = {where[0]}, {where[1]}")
    left_out = [
        f"K = {cell.n_components}, {cell.covariance_type}"
        for cell in mine.values()
        if max(cell.restarts, key=lambda one: one.log_likelihood).kind != "optimum"
    ]
    print(f"the highest start is spurious at: {'; '.join(left_out) or 'none'}")
    for name in ("bic", "aic", "icl"):
        chosen, theirs_chosen = (
            best(mine.values(), name)[:2],
            min(CELLS, key=lambda c: getattr(other[c], name)),
        )
        off = abs(mine[chosen].value(name) / getattr(other[chosen], name) - 1)
        print(f"best by {name}: {chosen} and {theirs_chosen}; there it differs by {off:.0e}")
    iterations = sum(one.iterations for cell in mine.values() for one in cell.restarts)
    print(f"iterations: {iterations} and {sum(found.iterations for found in other.values())}", flush=True)


def main() -> None:
    """Print the seconds and the agreement."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one round only")
    rounds = 1 if parser.parse_args().quick else ROUNDS
    X = points()
    begins = begins_of(X)
    compare_speed(X, begins, rounds)
    for tol in (TOL, TOL / 100):
        compare_tables(X, begins, tol)


if __name__ == "__main__":
    main()
