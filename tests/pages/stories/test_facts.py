"""The facts of stories, against scikit-learn, scipy, and brute force."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from gmmviz.kmeans import KMeansRun
from gmmviz.pages.stories.facts import (
    FACTS,
    FACTS_OF_BOTH,
    OF_GROUPS,
    OF_K_MEANS,
    OF_THE_STAR,
    SURE,
    Told,
    both,
    fact,
)
from gmmviz.pages.stories.settings import Shown

SETTINGS = {
    "em": Shown(dataset="varied", n=90, k=3, covariance="tied", init_seed=1),
    "full": Shown(dataset="varied", n=90, k=3, init_seed=1),
    "many": Shown(dataset="moons", n=90, k=4),
    "hard": Shown(dataset="varied", n=90, k=3, init_seed=1, method="k-means"),
    "held": Shown(dataset="varied", n=90, k=3, init_seed=1, method="held", variance=0.02),
}
STAR = (-3.0, 1.5)


@pytest.fixture(scope="module")
def told():
    found = {}
    for name, settings in SETTINGS.items():
        dataset = settings.data()
        found[name] = Told(dataset, settings.run(dataset.X), settings.covariance, STAR)
    return found


def densities(told, t, X=None):
    """weights_k N(x_n | k) of a state, (N, K), by scipy."""
    mixture = told.run.states[t].mixture
    X = told.dataset.X if X is None else X
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.column_stack([w * multivariate_normal(m, c).pdf(X) for w, m, c in parts])


@pytest.mark.parametrize("name", ["em", "full", "many", "held"])
def test_numbers_of_a_run_are_those_that_scipy_finds(told, name):
    one = told[name]
    sums = [np.log(densities(one, t).sum(axis=1)).sum() for t in range(len(one.run.states))]
    assert list(fact(one, "log_likelihood_at").values()) == pytest.approx(sums)
    assert list(fact(one, "log_likelihood_at")) == list(range(len(sums)))
    assert fact(one, "log_likelihood") == pytest.approx(sums[-1])
    gains = [after - before for before, after in pairwise(sums)]
    assert fact(one, "falls") == sum(gain < 0 for gain in gains)
    assert (fact(one, "least_gain"), fact(one, "greatest_gain")) == pytest.approx(
        (min(gains), max(gains)), abs=1e-8
    )
    assert fact(one, "iterations") == len(sums) - 1
    for t, suffix in ((0, "_at_start"), (-1, "")):
        shares = densities(one, t) / densities(one, t).sum(axis=1, keepdims=True)
        assert fact(one, f"unsure{suffix}") == (shares.max(axis=1) < SURE).sum()
    first, last = (densities(one, t).argmax(axis=1) for t in (0, -1))
    assert fact(one, "changed") == (first != last).sum() > 0
    at_star = densities(one, 0, np.array([STAR]))
    assert list(fact(one, "share").values()) == pytest.approx((at_star / at_star.sum()).ravel())


@pytest.mark.parametrize("name", ["em", "full", "many"])
def test_bic_is_scikit_learns(told, name):
    one = told[name]
    model = GaussianMixture(one.mixture.n_components, covariance_type=one.covariance, max_iter=1)
    model.weights_, model.means_ = one.mixture.weights, one.mixture.means
    C = one.mixture.covariances
    model.covariances_ = C[0] if one.covariance == "tied" else C
    root = np.linalg.cholesky(np.linalg.inv(model.covariances_))
    model.precisions_cholesky_ = root
    assert fact(one, "bic") == pytest.approx(model.bic(one.dataset.X))


def test_widths_are_those_of_circles_of_the_same_area(told):
    one = told["full"]
    areas = [np.pi * np.sqrt(np.linalg.det(C)) for C in one.mixture.covariances]
    widths = fact(one, "width")
    assert [np.pi * widths[k] ** 2 for k in (1, 2, 3)] == pytest.approx(areas)
    assert (fact(one, "narrowest"), fact(one, "widest")) == (min(widths.values()), max(widths.values()))
    for t, state in enumerate(one.run.states):
        least = min(np.linalg.svd(C)[1].min() for C in state.mixture.covariances)
        assert fact(one, "thinnest_at")[t] ** 2 == pytest.approx(least)
    assert fact(one, "thinnest") == fact(one, "thinnest_at")[fact(one, "iterations")]
    assert fact(one, "width_at_start")[1] != fact(one, "width")[1]


@pytest.mark.parametrize("name", ["em", "full", "hard"])
def test_the_wrong_points_are_the_fewest_under_any_pairing(told, name):
    one = told[name]
    found, truth = one.labels(), one.dataset.labels
    fewest = min(int((np.take(names, found) != truth).sum()) for names in permutations(range(3)))
    assert fact(one, "wrong") == fewest


def test_components_astride_have_points_of_several_groups(told):
    one = told["many"]
    found = one.labels()
    groups = [len(set(one.dataset.labels[found == k])) for k in range(4)]
    assert fact(one, "astride") == sum(n > 1 for n in groups) > 0
    assert fact(one, "groups") == 2


def test_what_is_counted_and_where_things_stand(told):
    one = told["full"]
    start, second = one.run.states[0].mixture, one.run.states[1].mixture
    assert fact(one, "points") == 90
    assert fact(one, "components") == 3
    assert fact(one, "size") == {1: 30, 2: 30, 3: 30}
    assert sum(fact(one, "points_of").values()) == pytest.approx(90)
    assert fact(one, "weight")[2] * 90 == pytest.approx(fact(one, "points_of")[2])
    assert fact(one, "mean")[2] == tuple(one.mixture.means[1])
    assert fact(one, "mean_at_start")[3] == tuple(start.means[2])
    assert fact(one, "distance")[3] == pytest.approx(np.hypot(*(start.means[2] - STAR)))
    assert fact(one, "moved")[1] == pytest.approx(np.hypot(*(second.means[0] - start.means[0])))
    assert fact(one, "converged") is True
    assert fact(one, "collapsed") is False


def test_sizes_stand_from_the_largest_to_the_smallest():
    settings = Shown(dataset="imbalanced", n=62, max_iter=1)
    dataset = settings.data()
    one = Told(dataset, settings.run(dataset.X), "full")
    assert fact(one, "size") == {1: 51, 2: 10, 3: 1}


def test_facts_of_two_runs_count_points(told):
    hard, held = told["hard"], told["held"]
    assert both(hard, held, "differing") == (hard.labels() != held.labels()).sum()
    last = max(hard.last, held.last)
    each = [(hard.labels(min(t, hard.last)) != held.labels(min(t, held.last))).sum() for t in range(last + 1)]
    assert both(hard, held, "most_differing") == max(each) >= both(hard, held, "differing")
    assert both(hard, told["full"], "differing") > 0


def test_k_means_has_the_facts_that_are_said_to_be_its_own(told):
    hard = told["hard"]
    assert isinstance(hard.run, KMeansRun)
    for name in FACTS:
        if name in OF_K_MEANS:
            assert fact(hard, name) is not None
        else:
            with pytest.raises(KeyError):
                fact(hard, name)


def test_every_fact_is_plain_and_the_lists_name_facts(told):
    plain = (int, float, bool)
    for name in FACTS:
        value = fact(told["full"], name)
        values = value.values() if isinstance(value, dict) else [value]
        assert all(type(part) in plain or all(type(p) is float for p in part) for part in values), name
    assert {*OF_K_MEANS, *OF_GROUPS, *OF_THE_STAR} <= FACTS.keys()
    assert all(type(both(told["hard"], told["held"], name)) is int for name in FACTS_OF_BOTH)
    with pytest.raises(KeyError):
        fact(told["full"], "nothing")


# --- The runs that a story may show ----------------------------------------------------------------------------------


def test_all_three_methods_begin_with_the_same_means():
    shared = {"dataset": "varied", "n": 90, "init_seed": 4}
    X = Shown(**shared).data().X
    em, hard, held = (Shown(method=method, **shared).run(X) for method in ("em", "k-means", "held"))
    assert (em.states[0].mixture.means == hard.states[0].centres).all()
    assert (em.states[0].mixture.means == held.states[0].mixture.means).all()


def test_held_covariances_are_round_and_stay_a_share_of_the_datas_variance():
    settings = Shown(dataset="varied", n=90, method="held", variance=0.25)
    X = settings.data().X
    run = settings.run(X)
    expected = 0.25 * X.var(axis=0).mean() * np.eye(2)
    for state in (run.states[0], run.states[-1]):
        assert state.mixture.covariances == pytest.approx(np.tile(expected, (3, 1, 1)))
    assert run.states[0].mixture.weights == pytest.approx(np.full(3, 1 / 3))
    assert run.states[-1].mixture.weights != pytest.approx(np.full(3, 1 / 3))
