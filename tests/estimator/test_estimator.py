"""gmmviz.GaussianMixture beside scikit-learn's: same interface, same results, same words."""

import pickle
import re

import numpy as np
import pytest
from sklearn import mixture as theirs
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

from gmmviz.datasets import load
from gmmviz.em import COVARIANCE_TYPES
from gmmviz.estimator import GaussianMixture
from gmmviz.starts import STARTS
from tests.scikit_learn import KNOWN_TYPES

IRIS = load_iris().data
BLOBS = load("varied", n=300).X
PARAMETERS = ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_")
TO_THE_END = {"tol": 1e-14, "max_iter": 3000}
# Precisions by covariance type for three components and two features.
PRECISIONS = {
    "full": np.tile(np.array([[0.5, 0.1], [0.1, 0.3]]), (3, 1, 1)),
    "tied": np.array([[0.5, 0.1], [0.1, 0.3]]),
    "diag": np.full((3, 2), 0.4),
    "spherical": np.full(3, 0.4),
}


def both(**settings):
    return GaussianMixture(**settings), theirs.GaussianMixture(**settings)


def given_start(covariance_type):
    return {
        "n_components": 3,
        "covariance_type": covariance_type,
        "weights_init": [0.2, 0.3, 0.5],
        "means_init": BLOBS[:3],
        "precisions_init": PRECISIONS[covariance_type],
    }


def assert_same_parameters(one, other, rtol=1e-6):
    for name in PARAMETERS:
        scale = np.abs(getattr(other, name)).max()
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=rtol, atol=rtol * scale, err_msg=name
        )


# scikit-learn's own checks. One of them needs an environment variable and is about arrays on other devices.
CHECKS = [
    check
    for _, check in estimator_checks_generator(GaussianMixture())
    if check.func.__name__ != "check_array_api_input"
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.func.__name__)
@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_checks(check):
    check(GaussianMixture())


@pytest.mark.parametrize(
    "settings", [{"covariance_type": name} for name in COVARIANCE_TYPES] + [{"n_init": 2}]
)
@pytest.mark.filterwarnings("ignore")
def test_check_estimator_for_other_settings(settings):
    check_estimator(GaussianMixture(n_components=2, max_iter=5, **settings))


# Equal results.


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
def test_fits_are_scikit_learns_from_the_same_start(covariance_type):
    ours, reference = both(**given_start(covariance_type), **TO_THE_END)
    np.testing.assert_array_equal(ours.fit_predict(BLOBS), reference.fit_predict(BLOBS))
    assert_same_parameters(ours, reference)
    new = BLOBS[:50] + 0.1
    np.testing.assert_array_equal(ours.predict(new), reference.predict(new))
    for name in ("predict_proba", "score_samples", "score", "aic", "bic"):
        np.testing.assert_allclose(
            getattr(ours, name)(new), getattr(reference, name)(new), rtol=1e-6, atol=1e-6
        )
    for name in PARAMETERS:
        assert getattr(ours, name).shape == getattr(reference, name).shape


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_scikit_learns_starts_are_the_same_start(init_params, covariance_type):
    for seed in range(3):
        # With the default reg_covar scikit-learn's variances are off in the fifth digit where they start from it.
        settings = {"n_components": 3, "covariance_type": covariance_type, "reg_covar": 1e-3, "tol": 0}
        ours, reference = both(**settings, init_params=init_params, max_iter=4, random_state=seed)
        assert_same_parameters(ours.fit(IRIS), reference.fit(IRIS))


@pytest.mark.parametrize("part", ["weights_init", "means_init", "precisions_init"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_start_may_be_given_in_part(part):
    settings = {
        "n_components": 3,
        part: given_start("full")[part],
        "max_iter": 3,
        "tol": 0,
        "random_state": 0,
    }
    ours, reference = both(**settings)
    assert_same_parameters(ours.fit(BLOBS), reference.fit(BLOBS))


def test_restarts_end_at_scikit_learns_best():
    ours, reference = both(n_components=4, init_params="random", n_init=5, random_state=3, **TO_THE_END)
    ours.fit(BLOBS), reference.fit(BLOBS)
    assert ours.score(BLOBS) == pytest.approx(reference.score(BLOBS), abs=1e-9)
    singles = [GaussianMixture(4, init_params="random", random_state=seed, **TO_THE_END) for seed in range(5)]
    rng = np.random.RandomState(3)
    ends = [single.set_params(random_state=rng).fit(BLOBS).lower_bound_ for single in singles]
    assert ours.lower_bound_ == pytest.approx(max(ends), rel=1e-12)  # side by side, not alone


# The bookkeeping.


def test_the_log_likelihood_belongs_to_the_result():
    ours, reference = both(n_components=3, random_state=0)
    ours.fit(IRIS), reference.fit(IRIS)
    assert ours.lower_bound_ == pytest.approx(ours.score(IRIS), rel=1e-12)
    assert ours.lower_bounds_[-1] == ours.lower_bound_
    assert len(ours.lower_bounds_) == ours.n_iter_ == reference.n_iter_ - 1
    np.testing.assert_allclose(ours.lower_bounds_[:-1], reference.lower_bounds_[1:-1], rtol=1e-7)
    assert ours.lower_bound_ == pytest.approx(reference.lower_bounds_[-1], rel=1e-7)


def test_run_holds_the_whole_history():
    ours = GaussianMixture(3, random_state=0).fit(IRIS)
    assert len(ours.run_.states) == ours.n_iter_ + 1
    assert ours.run_.converged is ours.converged_ is True
    np.testing.assert_array_equal(ours.run_.states[-1].mixture.means, ours.means_)


def test_no_iterations_give_the_start():
    ours = GaussianMixture(**given_start("full"), max_iter=0).fit(BLOBS)
    np.testing.assert_array_equal(ours.means_, BLOBS[:3])
    np.testing.assert_allclose(ours.precisions_, PRECISIONS["full"], rtol=1e-12)
    assert (ours.n_iter_, ours.lower_bounds_) == (0, [])


# Randomness.


@pytest.mark.parametrize("init_params", sorted(STARTS))
def test_gmmvizs_own_starts(init_params):
    settings = {"n_components": 3, "init_params": init_params, "random_state": 1, **TO_THE_END}
    once, again = (GaussianMixture(**settings).fit(BLOBS) for _ in range(2))
    np.testing.assert_array_equal(once.means_, again.means_)
    assert once.converged_


def test_a_generator_moves_on_and_a_seed_does_not():
    rng = np.random.RandomState(0)
    mixture = GaussianMixture(3, init_params="random_from_data", random_state=rng)
    first = mixture.fit(BLOBS).run_.states[0].mixture.means
    assert (mixture.fit(BLOBS).run_.states[0].mixture.means != first).any()
    mixture.set_params(random_state=0)
    first = mixture.fit(BLOBS).run_.states[0].mixture.means
    np.testing.assert_array_equal(mixture.fit(BLOBS).run_.states[0].mixture.means, first)


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
def test_samples_are_scikit_learns(covariance_type):
    ours, reference = both(**given_start(covariance_type), random_state=5)
    ours.fit(BLOBS), reference.fit(BLOBS)
    for name in PARAMETERS:
        setattr(reference, name, getattr(ours, name))
    for one, other in zip(ours.sample(40), reference.sample(40), strict=True):
        np.testing.assert_array_equal(one, other)


# Settings that act over time.


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    settings = {**given_start("full"), "tol": 0}
    with pytest.warns(ConvergenceWarning):
        straight = GaussianMixture(**settings, max_iter=8).fit(BLOBS)
    halves = GaussianMixture(**settings, max_iter=4, warm_start=True)
    for _ in range(2):
        with pytest.warns(ConvergenceWarning):
            halves.fit(BLOBS)
    np.testing.assert_allclose(halves.means_, straight.means_, rtol=1e-12)
    with pytest.raises(ValueError, match=r"the last fit had 3 component\(s\)"):
        halves.set_params(n_components=2).fit(BLOBS)


@pytest.mark.parametrize("verbose", [1, 2])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_verbose_prints_what_scikit_learn_prints(capsys, verbose):
    printed = []
    for mixture in both(n_components=2, n_init=2, tol=0, max_iter=6, verbose=verbose, verbose_interval=3):
        mixture.fit(BLOBS)
        printed.append(re.sub(r"-?\d+\.\d+", "#", capsys.readouterr().out))
    assert printed[0] == printed[1]
    assert "Iteration 6" in printed[0]


def test_verbose_changes_nothing(capsys):
    silent, loud = (GaussianMixture(3, random_state=0, verbose=verbose).fit(IRIS) for verbose in (0, 1))
    np.testing.assert_array_equal(silent.means_, loud.means_)
    assert capsys.readouterr().out == "Initialization 0\n  Iteration 10\nInitialization converged.\n"


# scikit-learn's words.

ASYMMETRIC = np.tile(np.array([[1.0, 0.5], [0.0, 1.0]]), (3, 1, 1))
REFUSED = {
    "n_components": {"n_components": 0},
    "tol": {"tol": -1.0},
    "reg_covar": {"reg_covar": "small"},
    "max_iter": {"max_iter": 2.5},
    "n_init": {"n_init": 0},
    "covariance shape": {"n_components": 3, "precisions_init": np.ones((3, 3))},
    "weights shape": {"n_components": 3, "weights_init": [0.5, 0.5]},
    "weights sum": {"n_components": 3, "weights_init": [0.5, 0.5, 0.5]},
    "means shape": {"n_components": 3, "means_init": [[0.0], [1.0], [2.0]]},
    "diag precisions": {"n_components": 3, "covariance_type": "diag", "precisions_init": -np.ones((3, 2))},
    "full precisions": {"n_components": 3, "precisions_init": ASYMMETRIC},
    "too many components": {"n_components": 301},
}


@pytest.mark.parametrize("settings", REFUSED.values(), ids=REFUSED)
def test_settings_are_refused_in_scikit_learns_words(settings):
    messages = []
    for mixture in both(**settings):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 (the texts are compared)
            mixture.fit(BLOBS)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_choices_are_refused_with_the_choices():
    with pytest.raises(ValueError, match="'init_params' parameter of GaussianMixture must be a str among"):
        GaussianMixture(init_params="guess").fit(BLOBS)
    with pytest.raises(
        ValueError, match="'covariance_type' parameter of GaussianMixture must be a str among"
    ):
        GaussianMixture(covariance_type="round").fit(BLOBS)
    with pytest.raises(ValueError, match=r"range \[0, 1\], but got max value 1.50000, min value -0.50000"):
        GaussianMixture(2, weights_init=[1.5, -0.5]).fit(BLOBS)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "score_samples", "score", "aic", "bic"])
def test_nothing_works_before_the_fit(method):
    with pytest.raises(NotFittedError, match="This GaussianMixture instance is not fitted yet"):
        getattr(GaussianMixture(), method)(BLOBS)
    with pytest.raises(NotFittedError, match="This GaussianMixture instance is not fitted yet"):
        GaussianMixture().sample()


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="Invalid value for 'n_samples': 0 "):
        GaussianMixture().fit(BLOBS).sample(0)


def test_a_run_that_does_not_converge_warns_in_scikit_learns_words():
    messages = []
    for mixture in both(n_components=3, max_iter=1, random_state=0):
        with pytest.warns(ConvergenceWarning) as caught:
            mixture.fit(IRIS)
        assert not mixture.converged_
        messages.append(str(caught[0].message))
    assert messages[0] == messages[1]


SINGULAR = {
    "at the start": (np.repeat(BLOBS[:2], 5, axis=0), {"init_params": "random_from_data"}, "At the start"),
    "on the way": (
        np.array([[0.0], [0.0], [0.0], [5.0], [6.0], [9.0]]),
        {"means_init": [[0.0], [7.0]], "precisions_init": [[[1.0]], [[1.0]]], "weights_init": [0.5, 0.5]},
        "shrunk onto a single point",
    ),
}


@pytest.mark.parametrize(("X", "settings", "cause"), SINGULAR.values(), ids=SINGULAR)
def test_singular_covariances_are_refused_in_scikit_learns_words_and_with_the_cause(X, settings, cause):
    for mixture in both(n_components=2, reg_covar=0.0, random_state=0, max_iter=1000, tol=1e-9, **settings):
        with pytest.raises(
            ValueError, match="because some components have ill-defined empirical covariance"
        ) as e:
            mixture.fit(X)
        assert isinstance(mixture, theirs.GaussianMixture) or cause in str(e.value)


def test_a_fall_of_the_log_likelihood_is_not_called_convergence():
    """reg_covar is absolute, so in small units it overwhelms the data; scikit-learn reports convergence."""
    X = 3e-4 * load("tutorial").X
    with pytest.warns(ConvergenceWarning, match=r"did not converge.*The log-likelihood fell by"):
        mixture = GaussianMixture(3, random_state=0).fit(X)
    assert mixture.run_.stop_reason == "decreased"


def test_masked_values_are_refused():
    X = np.ma.masked_array(BLOBS.copy(), mask=np.zeros(BLOBS.shape, dtype=bool))
    assert GaussianMixture().fit(X).n_features_in_ == 2
    X[3, 1] = np.ma.masked
    with pytest.raises(ValueError, match=r"X\[3, 1\] is masked"):
        GaussianMixture().fit(X)


# In scikit-learn's company.


def test_in_a_pipeline_and_a_grid_search():
    pipeline = make_pipeline(StandardScaler(), GaussianMixture(random_state=0))
    search = GridSearchCV(pipeline, {"gaussianmixture__n_components": [1, 2, 3]}, cv=3, error_score="raise")
    search.fit(BLOBS)
    assert search.best_params_ == {"gaussianmixture__n_components": 3}
    assert set(search.predict(BLOBS)) == {0, 1, 2}


def test_clone_and_pickle():
    mixture = GaussianMixture(3, covariance_type="tied", random_state=0).fit(IRIS)
    assert clone(mixture).get_params() == mixture.get_params()
    assert (
        mixture.get_params() == theirs.GaussianMixture(3, covariance_type="tied", random_state=0).get_params()
    )
    again = pickle.loads(pickle.dumps(mixture))
    np.testing.assert_array_equal(again.predict_proba(IRIS), mixture.predict_proba(IRIS))
    assert again.run_.states[-1].log_likelihood == mixture.run_.states[-1].log_likelihood


def test_attributes_may_be_set_by_hand():
    mixture = GaussianMixture(2, covariance_type="diag")
    mixture.weights_, mixture.means_ = np.array([0.5, 0.5]), np.array([[0.0], [4.0]])
    mixture.precisions_cholesky_ = np.ones((2, 1))
    assert mixture.predict([[0.0], [4.0]]).tolist() == [0, 1]
    assert mixture.predict_proba([[0.0]])[0, 0] == pytest.approx(1 / (1 + np.exp(-8)), rel=1e-12)


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_far_from_the_origin_the_fit_is_the_same(covariance_type):
    X = np.round(BLOBS * 1024) / 1024  # so that the shift loses no digit
    settings = {
        "n_components": 3,
        "covariance_type": covariance_type,
        "random_state": 0,
        "tol": 1e-6,
        "max_iter": 500,
    }
    near, far = (GaussianMixture(**settings).fit(points) for points in (X, X + 2.0**26))
    np.testing.assert_allclose(far.covariances_, near.covariances_, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(far.means_ - 2.0**26, near.means_, atol=1e-6)
    assert far.score(X + 2.0**26) == pytest.approx(near.score(X), rel=1e-7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_components", True),
        ("max_iter", True),
        ("max_iter", False),
        ("n_init", True),
        ("verbose_interval", True),
    ],
)
def test_a_truth_value_is_no_number(name, value):
    with pytest.raises(ValueError, match=f"{name}.* Got {value} instead: write {name}={int(value)} if"):
        GaussianMixture(**{name: value}).fit(np.eye(3))
