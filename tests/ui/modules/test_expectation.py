"""The E-step in the browser is pinned to Python's: every colour within one of 65 536 codes."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

from gmmviz.datasets import READY, load
from gmmviz.density import density, log_joint
from gmmviz.em import COVARIANCE_TYPES, Mixture, e_step, fit
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import belonging_codes, code_steps
from gmmviz.starts import start
from tests.ui.modules.mixtures import film_of, random_mixture

IRIS = load_iris().data

CODES = """return given.map(({ points, film }) => {
  const [at, mixtures] = [numbers.unpack(points), mixture.readMixtures(film)];
  return Array.from({ length: mixtures.T }, (_, t) => expectation.eStep(at, mixtures.at(t)).codes);
})"""


def assert_pinned(run_js, films):
    """Every point of every film, (X, mixtures), has Python's code within one, if no two components tie for it."""
    given = [{"points": packed(X.T, "f8"), "film": film_of(mixtures)} for X, mixtures in films]
    others = 0
    for (X, mixtures), found in zip(films, run_js(CODES, given), strict=True):
        for mixture, codes in zip(mixtures, np.array(found), strict=True):
            R, steps = e_step(X, mixture)[0], code_steps(mixture.n_components)
            expected = belonging_codes(R).astype(int)
            same = codes // steps == expected // steps
            assert (abs(codes - expected)[same] <= 1).all()
            assert (R[~same, codes[~same] // steps] >= R[~same].max(axis=1) - 1e-12).all()
            assert (abs(codes % steps - expected % steps)[~same] <= 1).all()
            others += (codes != expected).sum()
    assert others <= 1e-3 * sum(
        len(X) * len(mixtures) for X, mixtures in films
    )  # those that rounding tips over


def three_of(states):
    return [states[i].mixture for i in sorted({0, len(states) // 2, len(states) - 1})]


@pytest.mark.parametrize("name", READY)
def test_every_dataset_covariance_type_and_number_of_components(run_js, name):
    X = load(name, n=300).X
    films = []
    for covariance_type in COVARIANCE_TYPES:
        for K in (1, 3, 16):
            begin = start(X, K, "k-means++", covariance_type, rng=K)
            films.append((X, three_of(fit(X, begin, covariance_type, tol=0, max_iter=30).states)))
    assert_pinned(run_js, films)


@pytest.mark.parametrize(
    "X",
    [IRIS, IRIS[:, :2], load("blobs", n=60).X, load("moons", n=60).X, load("blobs", n=60).X[:, :1]],
    ids=["four features", "iris", "blobs", "moons", "one feature"],
)
def test_runs_that_collapse(run_js, X):
    films = []
    for seed in range(12):
        run = fit(X, start(X, 8, "random-points", rng=seed), reg_covar=0, tol=1e-9, max_iter=300)
        if run.stop_reason == "collapsed":
            films.append((X, [state.mixture for state in run.states[-3:]]))
    assert len(films) >= 3
    assert_pinned(run_js, films)


def hard_cases():
    blobs, faithful = load("blobs", n=300).X, load("faithful").X
    for name, X, K in [
        ("far away", blobs + 1e6, 3),
        ("farther away", load("blobs", n=300, noise=5).X + 1e12, 3),
        ("tiny units", blobs * 1e-9, 3),
        ("huge units", blobs * 1e140, 3),
        ("units apart", blobs * [1e-6, 1e6], 5),
        ("repeated", np.repeat(faithful[:40], 5, axis=0), 3),
        ("four features", IRIS, 3),
        ("thirty components", blobs, 30),
        ("one point", blobs[:1], 1),
    ]:
        yield pytest.param(X, start(X, K, "k-means", rng=0), id=name)


@pytest.mark.parametrize(("X", "begin"), list(hard_cases()))
def test_hard_data(run_js, X, begin):
    states = fit(X, begin, reg_covar=1e-6 * X.var(), max_iter=20).states
    assert_pinned(run_js, [(X, [state.mixture for state in states])])


def test_random_mixtures_and_points(run_js):
    rng = np.random.default_rng(0)
    films = []
    for case in range(60):
        D, K = 1 + case % 4, int(rng.integers(1, 12))
        mixture = random_mixture(rng, K, D, thinnest=1e-9)
        X = np.vstack([rng.normal(size=(40, D)), 1e4 * rng.normal(size=(20, D)), mixture.means])
        films.append((X, [mixture]))
    assert_pinned(run_js, films)


def test_a_component_without_weight_and_equal_components(run_js):
    X = load("blobs", n=50).X
    begin = start(X, 3, "k-means", rng=0)
    lost = Mixture([0.5, 0.0, 0.5], begin.means, begin.covariances)
    alike = Mixture([0.25, 0.5, 0.25], begin.means[[0, 1, 0]], begin.covariances[[0, 1, 0]])
    assert_pinned(run_js, [(X, [lost, alike])])
    (codes,) = run_js(CODES, [{"points": packed(X.T, "f8"), "film": film_of([alike])}])[0]
    assert max(codes) // code_steps(3) == 1  # of two that tie the first, as in Python
    (shares,) = run_js(
        "return given.points.map((x) => expectation.responsibilitiesAt(x, mixture.readMixtures(given.film).at(0)))",
        {"points": begin.means[1:2].tolist(), "film": film_of([lost])},
    )
    assert shares[1] == 0


def test_shares_and_densities(run_js):
    rng = np.random.default_rng(1)
    cases = [(random_mixture(rng, K, D), rng.normal(size=(30, D)) * 3) for D in (1, 2, 4) for K in (1, 2, 7)]
    found = run_js(
        """return given.map(({ points, rows, film, member }) => {
          const m = mixture.readMixtures(film).at(0);
          const { shares, logDensities } = expectation.eStep(numbers.unpack(points), m, { member, logDensities: true });
          const at = (f) => rows.map((x) => f(x, m));
          const { responsibilitiesAt, weightedDensities, density } = expectation;
          return { shares, logDensities, R: at(responsibilitiesAt), w: at(weightedDensities), p: at(density) };
        })""",
        [
            {
                "points": packed(X.T, "f8"),
                "rows": X.tolist(),
                "film": film_of([mixture]),
                "member": mixture.n_components - 1,
            }
            for mixture, X in cases
        ],
    )
    for (mixture, X), got in zip(cases, found, strict=True):
        R = e_step(X, mixture)[0]
        assert (
            abs(np.array(got["shares"]) - np.rint(255 * R[:, -1])) <= (abs(255 * R[:, -1] % 1 - 0.5) < 1e-9)
        ).all()
        np.testing.assert_allclose(got["R"], R, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(np.sum(got["R"], axis=1), 1, rtol=1e-14)
        np.testing.assert_allclose(got["w"], np.exp(log_joint(X, mixture)), rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(got["p"], density(X, mixture), rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(
            got["logDensities"], np.logaddexp.reduce(log_joint(X, mixture), axis=1), rtol=1e-9, atol=1e-9
        )


def test_nothing_more_than_asked_for(run_js):
    film = film_of([random_mixture(np.random.default_rng(2))])
    script = "return expectation.eStep(new Float64Array(2), mixture.readMixtures(given).at(0))"
    assert run_js(script, film).keys() == {"codes", "shares", "logDensities"}
    assert [run_js(script, film)[name] for name in ("shares", "logDensities")] == [None, None]


def test_a_point_that_no_component_explains_is_nobodys(run_js):
    film = film_of([Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])])
    film["covariances"] = packed(np.zeros((1, 1, 2, 2)), "f8")
    codes, logs = run_js(
        """const m = mixture.readMixtures(given).at(0);
        const found = expectation.eStep(new Float64Array([1, 2, 3, 4]), m, { logDensities: true });
        return [found.codes, found.logDensities]""",
        film,
    )
    assert codes == [0, 0]
    assert logs == ["-Infinity", "-Infinity"]


def test_small_shares_are_floored_as_in_python(run_js):
    mixture, X = Mixture([0.5, 0.5], [[0.0], [100.0]], [[[1.0]], [[1.0]]]), np.array([[-1.0]])
    (found,) = run_js(
        "return given.points.map((x) => expectation.responsibilitiesAt(x, mixture.readMixtures(given.film).at(0)))",
        {"points": X.tolist(), "film": film_of([mixture])},
    )
    assert found == pytest.approx(e_step(X, mixture)[0][0].tolist(), rel=1e-9, abs=0)
    assert found[1] > 0
