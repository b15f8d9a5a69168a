"""scikit-learn beside gmmviz: each result is its own library's, and stands in its own row of the page's table."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from gmmviz.criteria import adjusted_rand
from gmmviz.em import e_step
from gmmviz.pages.explorer.numbers import fit_scikit_learn, result_of_run
from gmmviz.pages.explorer.settings import Explorer
from tests.session import Session

POINT = (0.5, 0.5)
# From this start, with this tolerance, the two disagree in all that the table tells.
APART = Explorer(
    dataset="varied", n=300, k=4, init="scattered", init_seed=2, tol=1e-9, max_iter=40, floor=1e-3
)


def fitted(settings):
    """scikit-learn's own model of the settings' data, fitted here once more."""
    model = GaussianMixture(settings.k, covariance_type=settings.covariance, random_state=settings.init_seed)
    return model.fit(settings.data().X)


def ran(settings):
    X = settings.data().X
    return X, settings.run(X)


@pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
def test_scikit_learns_result_is_scikit_learns(covariance):
    settings = Explorer(dataset="varied", n=200, k=3, covariance=covariance, init_seed=5)
    X, model = settings.data().X, fitted(settings)
    found = fit_scikit_learn(X, settings, POINT)
    assert (found.iterations, found.converged) == (model.n_iter_, model.converged_)
    assert found.log_likelihood == pytest.approx(model.score_samples(X).sum())
    np.testing.assert_array_equal(found.means, model.means_)
    np.testing.assert_array_equal(found.predicted, model.predict(X))
    np.testing.assert_array_equal(found.at_point, model.predict_proba([POINT])[0])


def test_the_runs_result_is_the_runs():
    X, run = ran(APART)
    found, last = result_of_run(X, run, POINT), run.states[-1]
    assert (found.iterations, found.converged) == (last.iteration, run.converged) == (40, False)
    assert found.log_likelihood == last.log_likelihood == pytest.approx(e_step(X, last.mixture)[1])
    np.testing.assert_array_equal(found.means, last.mixture.means)
    np.testing.assert_array_equal(found.predicted, e_step(X, last.mixture)[0].argmax(axis=1))
    np.testing.assert_array_equal(found.at_point, e_step([POINT], last.mixture)[0][0])


def test_a_fit_that_does_not_converge_is_no_warning(recwarn):
    settings = Explorer(dataset="moons", n=500, k=16, covariance="full")
    fit_scikit_learn(settings.data().X, settings, POINT)
    assert not recwarn.list


def test_each_stands_in_its_row():
    session = Session(APART.to_query()).open("scikit-learn beside it")
    assert session.errors == []
    X, run = ran(APART)
    point = tuple(session.widgets[f"new_{i}_varied"].value for i in (0, 1))
    theirs, ours = fit_scikit_learn(X, APART, point), result_of_run(X, run, point)
    (table,) = session.at.dataframe
    assert list(table.value["fitted by"]) == ["scikit-learn, its own settings", "gmmviz, yours"]
    for row, found in enumerate((theirs, ours)):
        told = table.value.iloc[row]
        assert told["iterations"] == found.iterations
        assert told["converged"] == found.converged
        assert told["log-likelihood"] == found.log_likelihood
        assert told["new point: component"] == found.at_point.argmax() + 1
        assert told["how sure"] == found.at_point.max()
    for column in ("iterations", "converged", "log-likelihood", "how sure"):
        assert table.value[column].nunique() == 2, f"{column} would not show that the rows were swapped"
    assert f"with an ARI of {adjusted_rand(theirs.predicted, ours.predicted):.3f};" in session.words


def test_a_link_opens_the_comparison():
    assert len(Session({"sklearn": "open", "n": "60"}).at.dataframe) == 1
    assert len(Session({"n": "60"}).at.dataframe) == 0
