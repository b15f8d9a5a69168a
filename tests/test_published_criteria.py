"""Numbers in print beyond the fits themselves: mclust's criteria, held-out likelihood on moons, iris over seeds.

The fits' own log-likelihoods and parameters are in test_published.py.
"""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_moons

from gmmviz import criteria
from gmmviz.em import Mixture, e_step, fit, fit_many, m_step
from gmmviz.estimator import GaussianMixture
from gmmviz.starts import reg_covar_for, start

DATA = Path(__file__).parent / "data"
FAITHFUL = np.loadtxt(DATA / "faithful.csv", delimiter=",", skiprows=1)
HASTIE = np.loadtxt(DATA / "esl.csv", skiprows=1)[:, None]
IRIS, SPECIES = load_iris(return_X_y=True)

# Data, groups to begin from, then mclust's: parameters, BIC and ICL in its own sign, where higher is better.
MCLUST = {
    "iris K=2": (IRIS, np.minimum(SPECIES, 1), 29, -574.017832270, -574.019098673),
    "iris K=3": (IRIS, SPECIES, 44, -580.838907203, -584.045458510),
    "faithful K=2": (FAITHFUL, (FAITHFUL[:, 0] > 3).astype(int), 11, -2322.191743099, -2322.704681431),
}


@pytest.mark.parametrize(("X", "labels", "parameters", "bic", "icl"), MCLUST.values(), ids=MCLUST)
def test_mclusts_criteria(X, labels, parameters, bic, icl):
    K = labels.max() + 1
    run = fit(X, m_step(X, np.eye(K)[labels]), tol=1e-14, max_iter=5000)
    R, log_likelihood = e_step(X, run.states[-1].mixture)
    p = criteria.n_parameters(K, X.shape[1])
    assert p == parameters
    assert -criteria.bic(log_likelihood, p, len(X)) == pytest.approx(bic, abs=1e-8)
    assert -criteria.icl(log_likelihood, p, R) == pytest.approx(icl, abs=1e-5)


def test_iris_in_two_columns_has_two_ends_over_seeds():
    """scikit-learn gives these two as its lower_bound_, too, after 8 iterations: one M-step later."""
    ends = set()
    for seed in range(30):
        mixture = GaussianMixture(3, random_state=seed).fit(IRIS[:, :2])
        assert mixture.n_iter_ == 7
        ends.add(round(mixture.lower_bound_, 6))
    assert ends == {-1.498751, -1.498567}


@pytest.mark.parametrize(("X", "K", "best"), [(IRIS[:, :2], 3, 5), (IRIS, 5, 6)], ids=["two columns", "four"])
def test_collapsed_fits_win_every_likelihood_contest(X, K, best):
    """With a floor near zero, the best of 60 starts all sit on it; the best of the sound fits comes after them."""
    starts = [start(X, K, "random-points", rng=seed) for seed in range(60)]
    runs = fit_many(X, starts, reg_covar=reg_covar_for(X, 1e-9), tol=1e-8)
    runs = sorted(runs, key=lambda run: run.states[-1].log_likelihood, reverse=True)
    assert all({"degenerate"} == {event.kind for event in run.events} for run in runs[:best])


def test_hasties_own_numbers_are_not_the_maximum():
    """Elements of Statistical Learning, section 8.5, for the data printed there."""
    published = Mixture([0.454, 0.546], [[4.62], [1.06]], [[[0.87]], [[0.77]]])
    assert e_step(HASTIE, published)[1] == pytest.approx(-38.9236, abs=5e-5)


def test_moons_of_200_points_are_overfitted_by_16_components():
    """The lecture's points (seed 0), judged on many new ones: about -.456 at best, near K=11, and -.552 at 16."""
    X, _ = make_moons(200, noise=0.05, random_state=0)
    new, _ = make_moons(20_000, noise=0.05, random_state=12345)
    scores = {
        K: np.mean([GaussianMixture(K, n_init=5, random_state=seed).fit(X).score(new) for seed in range(10)])
        for K in (2, 8, 10, 11, 12, 16)
    }
    assert max(scores, key=scores.get) in (10, 11, 12)
    assert max(scores.values()) == pytest.approx(-0.456, abs=0.01)
    assert scores[16] == pytest.approx(-0.552, abs=0.02)


def test_held_out_folds_tell_the_same_of_200_points():
    X, _ = make_moons(200, noise=0.05, random_state=0)
    components = [2, 6, 8, 10, 11, 12, 14, 16, 20]
    scores = np.mean(
        [criteria.held_out(X, components, seed=seed, floor=1e-3) for seed in (0, 1)], axis=(0, 2)
    )
    assert components[scores.argmax()] in (10, 11, 12)
    assert scores[components.index(16)] < scores.max() - 0.1
    assert scores[0] == scores.min()


def test_held_out_folds_of_1500_points_allow_16_components():
    X, _ = make_moons(1500, noise=0.05, random_state=0)
    two, ten, sixteen, thirty = criteria.held_out(X, [2, 10, 16, 30], tol=1e-5).mean(axis=1)
    assert two < ten < sixteen
    assert thirty < sixteen
    assert sixteen == pytest.approx(-0.35, abs=0.02)
