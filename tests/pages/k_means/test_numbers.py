"""K-means against a mixture: both runs, the bridge between them, and what they say of a new point."""

from functools import cache

import numpy as np
import pytest

from gmmviz.corrections import Correction
from gmmviz.criteria import adjusted_rand
from gmmviz.datasets import READY
from gmmviz.density import density, log_joint
from gmmviz.em import Mixture, e_step, em, whole
from gmmviz.pages.k_means.numbers import (
    bridge,
    paired_runs,
    point_to_predict,
    predict,
    where_unsure,
    where_weights_matter,
)
from gmmviz.pages.k_means.settings import SHARES, KMeans
from gmmviz.starts import STARTS


@cache
def found(**settings):
    chosen = KMeans(**settings)
    X = chosen.data().X
    return chosen, X, paired_runs(chosen, X)


# --- Both runs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
def test_both_begin_with_the_same_means(covariance):
    _, X, runs = found(covariance=covariance, k=4)
    first = runs.em.states[0].mixture
    np.testing.assert_array_equal(first.means, runs.kmeans.states[0].centres)
    np.testing.assert_array_equal(first.weights, np.full(4, 0.25))
    assert (first.covariances == first.covariances[0]).all()
    assert first.covariances[0].trace() == pytest.approx(X.var(axis=0).sum(), rel=1e-5)


@pytest.mark.parametrize(
    ("dataset", "hard", "soft"),
    [("stretched", 0.574, 1.0), ("varied", 0.787, 0.947), ("imbalanced", 0.381, 1.0)],
)
def test_it_is_plain_to_see_who_is_right(dataset, hard, soft):
    settings, X, runs = found(dataset=dataset)
    labels = settings.data().labels
    assert adjusted_rand(labels, runs.kmeans.states[-1].labels) == pytest.approx(hard, abs=5e-4)
    components = e_step(X, runs.em.states[-1].mixture)[0].argmax(axis=1)
    assert adjusted_rand(labels, components) == pytest.approx(soft, abs=5e-4)


# --- The bridge -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", READY)
def test_at_the_far_end_of_the_bridge_em_is_k_means(dataset):
    equal = 0
    for init in ("random-points", "k-means++", "k-means", "scattered"):
        for k in (2, 3, 5):
            for seed in (0, 1):
                settings, X, runs = found(dataset=dataset, k=k, init=init, init_seed=seed)
                end = whole(bridge(settings, X, runs.kmeans, SHARES[-1:]))
                if not runs.kmeans.events:  # neither a tie nor a centre without points
                    np.testing.assert_array_equal(end.labels[0], runs.kmeans.states[-1].labels)
                    means = end.runs[0].states[-1].mixture.means
                    np.testing.assert_allclose(means, runs.kmeans.states[-1].centres, rtol=1e-6, atol=1e-6)
                    assert end.agreement.tolist() == [1.0]
                    equal += 1
    assert equal >= 5


def test_a_tie_is_marked_where_the_bridge_cannot_hold():
    settings, X, runs = found(dataset="iris", init="k-means++")
    assert {event.kind for event in runs.kmeans.events} == {"tie"}
    assert whole(bridge(settings, X, runs.kmeans, SHARES[-1:])).agreement[0] < 1


def test_each_variance_is_a_run_of_its_own_from_the_same_means():
    settings, X, runs = found()
    crossed = whole(bridge(settings, X, runs.kmeans))
    assert len(crossed.runs) == len(crossed.labels) == len(crossed.agreement) == len(SHARES)
    for v, run in zip(SHARES, crossed.runs, strict=True):
        first = run.states[0].mixture
        np.testing.assert_array_equal(first.means, runs.kmeans.states[0].centres)
        np.testing.assert_allclose(
            first.covariances, np.tile(v * X.var(axis=0).mean() * np.eye(2), (3, 1, 1))
        )
        np.testing.assert_array_equal(run.states[-1].mixture.covariances, first.covariances)
    alone = list(em(X, crossed.runs[3].states[0].mixture, "spherical", fixed_covariances=True))
    np.testing.assert_allclose(alone[-1].mixture.means, crossed.runs[3].states[-1].mixture.means, rtol=1e-9)
    assert crossed.agreement[0] < 0.7 < crossed.agreement[-1] == 1.0


# --- A new point ------------------------------------------------------------------------------------------------------


def test_a_prediction_is_bayes_rule():
    mixture = Mixture([0.7, 0.3], [[0.0, 0.0], [3.0, 0.0]], [np.eye(2), 4 * np.eye(2)])
    point = [1.4, 0.5]
    said = predict(point, mixture, mixture.means)
    parts = np.exp(log_joint([point], mixture)[0])
    assert said.density == pytest.approx(parts.sum())
    np.testing.assert_allclose(said.responsibilities, parts / parts.sum())
    bare = parts / mixture.weights
    np.testing.assert_allclose(said.unweighted, bare / bare.sum())
    assert said.cluster == 0


@pytest.mark.parametrize("point", [(1e6, -1e6), (-1e6, 1e6), (0.0, 0.0)])
@pytest.mark.parametrize("dataset", ["stretched", "moons", "faithful"])
def test_the_farthest_point_has_an_answer(dataset, point):
    _, _, runs = found(dataset=dataset, floor=0.0)
    said = predict(point, runs.em.states[-1].mixture, runs.kmeans.states[-1].centres)
    assert said.responsibilities.sum() == pytest.approx(1)
    assert said.unweighted.sum() == pytest.approx(1)
    assert said.density >= 0


@pytest.mark.parametrize("dataset", READY)
def test_the_page_opens_at_a_spot_where_the_mixture_hesitates(dataset):
    _, X, runs = found(dataset=dataset)
    mixture = runs.em.states[-1].mixture
    spot = where_unsure(X, mixture)
    assert 0.5 < predict(spot, mixture, mixture.means).responsibilities.max() < 0.75
    assert (X.min(axis=0) - np.ptp(X, axis=0) <= spot).all()
    assert density([spot], mixture)[0] > 0


def test_a_typed_coordinate_wins():
    settings, X, runs = found()
    mixture = runs.em.states[-1].mixture
    own = point_to_predict(settings, X, mixture)
    assert own == where_unsure(X, mixture)
    assert point_to_predict(KMeans(px=2.5), X, mixture) == (2.5, own[1])
    assert point_to_predict(KMeans(px=2.5, py=-1), X, mixture) == (2.5, -1)


def test_one_component_never_hesitates():
    _, X, runs = found(k=1)
    np.testing.assert_allclose(where_unsure(X, runs.em.states[-1].mixture), X.mean(axis=0), atol=0.01)


@pytest.mark.parametrize("dataset", ["imbalanced", "varied", "faithful"])
def test_leaving_out_the_weights_changes_the_answer_somewhere(dataset):
    _, X, runs = found(dataset=dataset)
    mixture = runs.em.states[-1].mixture
    said = predict(where_weights_matter(X, mixture), mixture, mixture.means)
    assert said.responsibilities.argmax() != said.unweighted.argmax()


def test_equal_weights_change_nothing():
    mixture = Mixture([0.5, 0.5], [[0.0, 0.0], [3.0, 0.0]], [np.eye(2), np.eye(2)])
    assert where_weights_matter(np.array([[0.0, 0.0], [3.0, 1.0]]), mixture) is None


def test_the_address_holds_point_and_variance():
    query = {"px": "0.5", "py": "1e9", "v": "3e-7", "colour": "truth"}
    settings, corrections = KMeans.from_query(query)
    assert (settings.px, settings.py, settings.v, settings.colour) == (0.5, 1e6, 1e-7, "truth")
    assert corrections == [Correction("py", "1e9", 1e6), Correction("v", "3e-7", 1e-7)]
    assert KMeans.from_query(settings.to_query()) == (settings, [])
    assert set(SHARES) == set(KMeans.table()["v"].choices)
    assert list(SHARES) == sorted(SHARES, reverse=True)
    assert (SHARES[0], SHARES[-1]) == (1.0, 1e-12)


@pytest.mark.parametrize("init", STARTS)
def test_every_start_serves_both(init):
    settings, X, runs = found(init=init, n=60, k=6, max_iter=20)
    assert runs.last <= 20
    assert whole(bridge(settings, X, runs.kmeans, SHARES[::6])).labels.max() < 6
