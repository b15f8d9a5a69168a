"""mixture.js: a film's mixtures, and the mixture between two of them."""

import numpy as np
import pytest

from gmmviz.em import Mixture, careful
from tests.ui.modules.mixtures import film_of, random_mixture, root

SHARES = [0, 1e-12, 1e-3, 0.1, 0.25, 0.5, 0.6, 0.9, 1 - 1e-12, 1]
BETWEEN = """const [plane, shares] = [given.plane, given.shares];
return given.films.map((packed) => {
  const film = mixture.readMixtures(packed);
  return shares.map((share) => mixture.between(film.at(0), film.at(1), share, plane));
})"""


def between(run_js, pairs, shares=SHARES, plane=(0, 1)):
    """For each pair of mixtures: weights, means and covariances, each with an axis of the shares in front."""
    found = run_js(BETWEEN, {"films": [film_of(pair) for pair in pairs], "shares": shares, "plane": plane})
    for steps in found:
        K, D = steps[0]["K"], steps[0]["D"]
        shapes = {"weights": (-1, K), "means": (-1, K, D), "covariances": (-1, K, D, D)}
        yield [np.reshape([step[name] for step in steps], shape) for name, shape in shapes.items()]


def relative(C, to):
    """Covariances in units of others' standard deviations."""
    deviations = np.sqrt(np.diagonal(to, axis1=-2, axis2=-1))
    return C / deviations[..., :, None] / deviations[..., None, :]


def areas(C):
    return np.sqrt(np.linalg.det(C))


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_a_film_is_read_as_it_was_packed(run_js, rng):
    mixtures = [random_mixture(rng, K=4, D=3) for _ in range(5)]
    film, views = run_js(
        """const film = mixture.readMixtures(given);
        const parts = [0, 1, 2, 3].map((k) => mixture.component(film.at(3), k));
        return [[film.T, film.K, film.D], [film.at(0), film.at(4), parts]]""",
        film_of(mixtures),
    )
    assert film == [5, 4, 3]
    for found, mixture in zip(views, (mixtures[0], mixtures[-1]), strict=False):
        assert [found["K"], found["D"]] == [4, 3]
        for name in ("weights", "means", "covariances"):
            assert found[name] == getattr(mixture, name).ravel().tolist()
    for k, part in enumerate(views[2]):
        assert part["weight"] == mixtures[3].weights[k]
        assert part["mean"] == mixtures[3].means[k].tolist()
        assert part["covariance"] == mixtures[3].covariances[k].ravel().tolist()


def test_at_the_ends_it_is_the_ends(run_js, rng):
    pairs = [[random_mixture(rng, thinnest=1e-14) for _ in range(2)] for _ in range(20)]
    for (a, b), found in zip(pairs, between(run_js, pairs), strict=True):
        for name, values in zip(("weights", "means", "covariances"), found, strict=True):
            assert (values[0] == getattr(a, name)).all()
            assert (values[-1] == getattr(b, name)).all()


def test_between_it_goes_in_a_line_through_the_roots(run_js, rng):
    pairs = [[random_mixture(rng) for _ in range(2)] for _ in range(50)]
    s = np.array(SHARES)[:, None]
    for (a, b), (weights, means, covariances) in zip(pairs, between(run_js, pairs), strict=True):
        np.testing.assert_allclose(weights, (1 - s) * a.weights + s * b.weights, atol=1e-15)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-14)
        np.testing.assert_allclose(means, (1 - s[..., None]) * a.means + s[..., None] * b.means, atol=1e-14)
        roots = (1 - s[..., None, None]) * root(a.covariances) + s[..., None, None] * root(b.covariances)
        expected = roots @ roots
        np.testing.assert_allclose(relative(covariances, expected), relative(expected, expected), atol=1e-9)
        assert (covariances == np.swapaxes(covariances, -1, -2)).all()


def test_it_is_the_same_way_back(run_js, rng):
    pairs = [[random_mixture(rng) for _ in range(2)] for _ in range(20)]
    there = between(run_js, pairs, [0.2, 0.7])
    back = between(run_js, [pair[::-1] for pair in pairs], [0.8, 0.3])
    for (weights, means, covariances), (w, m, c) in zip(there, back, strict=True):
        np.testing.assert_allclose(weights, w, atol=1e-15)
        np.testing.assert_allclose(means, m, atol=1e-14)
        np.testing.assert_allclose(covariances, c, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("thinnest", [1e-2, 1e-8, 1e-13, 1e-15, 1e-16])
def test_it_is_positive_definite_and_moves_smoothly(run_js, rng, thinnest):
    found = []
    while len(found) < 60:
        found += [m for m in [random_mixture_or_none(rng, thinnest)] if m]
    pairs = list(zip(found[::2], found[1::2], strict=True))
    shares = [1e-300, *SHARES[1:-1], 1 - 2**-53]  # the outermost change nothing but by rounding
    for (a, b), (_, _, covariances) in zip(pairs, between(run_js, pairs, shares), strict=True):
        assert not careful.is_singular(covariances.reshape(-1, 2, 2)).any()
        for end, C in ((a.covariances, covariances[0]), (b.covariances, covariances[-1])):
            np.testing.assert_allclose(relative(C, end), relative(end, end), atol=1e-9)
            before, after = careful.factorise(end).shares, careful.factorise(C).shares
            np.testing.assert_allclose(after, before, rtol=1e-6, atol=6e-15)


def test_rounding_does_not_make_it_singular(run_js, rng):
    """Ellipses hardly wider than rounding, on the way to others as thin and as slanted, twice as large."""
    found = []
    while len(found) < 1500:
        a, c, slant = *rng.uniform(1, 4, 2), 1 - 10 ** rng.uniform(-15.2, -14.5)
        C = np.array([[a, slant * np.sqrt(a * c)], [slant * np.sqrt(a * c), c]])
        found += [] if careful.is_singular(C[None])[0] else [C]
    K = len(found)
    a, b = (Mixture(np.full(K, 1 / K), np.zeros((K, 2)), size * np.array(found)) for size in (1, 4))
    ((_, _, covariances),) = between(run_js, [(a, b)])
    assert not careful.is_singular(covariances.reshape(-1, 2, 2)).any()


def random_mixture_or_none(rng, thinnest):
    """A random mixture, if rounding left it positive definite."""
    try:
        return random_mixture(rng, thinnest=thinnest)
    except ValueError:
        return None


@pytest.mark.parametrize("thinnest", [0.1, 1e-4, 1e-9])
def test_no_ellipse_loses_area_on_its_way(run_js, rng, thinnest):
    pairs = [[random_mixture(rng, K=1, thinnest=thinnest) for _ in range(2)] for _ in range(177)]
    shares = np.linspace(0, 1, 21).tolist()
    for (a, b), (_, _, covariances) in zip(pairs, between(run_js, pairs, shares), strict=True):
        least = min(areas(a.covariances), areas(b.covariances))
        rounding = 4 * careful.EPS * np.prod(np.diagonal(covariances, axis1=-2, axis2=-1), axis=-1)
        assert (areas(covariances) ** 2 >= least**2 * (1 - 1e-9) - rounding).all()


def test_one_dimension_glides_in_its_standard_deviation(run_js, rng):
    pairs = [[random_mixture(rng, D=1) for _ in range(2)] for _ in range(20)]
    s = np.array(SHARES)[:, None, None, None]
    for (a, b), (_, _, covariances) in zip(pairs, between(run_js, pairs), strict=True):
        expected = ((1 - s) * np.sqrt(a.covariances) + s * np.sqrt(b.covariances)) ** 2
        np.testing.assert_allclose(covariances, expected, rtol=1e-13)


@pytest.mark.parametrize("plane", [(0, 1), (3, 1)])
def test_of_more_features_the_plane_is_shown(run_js, rng, plane):
    pairs = [[random_mixture(rng, D=4) for _ in range(2)] for _ in range(10)]
    rows = np.ix_(range(3), plane, plane)
    for (a, b), (_, means, covariances) in zip(pairs, between(run_js, pairs, plane=plane), strict=True):
        assert (means[0] == a.means[:, plane]).all()
        assert (covariances[0] == a.covariances[rows]).all()
        assert (covariances[-1] == b.covariances[rows]).all()
        middle = (root(a.covariances[rows]) + root(b.covariances[rows])) / 2
        np.testing.assert_allclose(covariances[5], middle @ middle, rtol=1e-9, atol=1e-12)


def test_the_unit_circle_becomes_the_ellipse(run_js, rng):
    mixtures = [random_mixture(rng, K=1) for _ in range(50)]
    box, width, height = [[-2, 3], [-1, 1]], 500, 300
    found = run_js(
        """const toPixels = numbers.pixelsOf(...given.view);
        return given.films.map((film) => {
          const { mean, covariance } = mixture.component(mixture.readMixtures(film).at(0), 0);
          return mixture.ellipseMatrix(mean, covariance, toPixels);
        })""",
        {"view": [box, width, height], "films": [film_of([mixture]) for mixture in mixtures]},
    )
    angles = np.linspace(0, 2 * np.pi, 12)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    for mixture, (a, b, c, d, e, f) in zip(mixtures, found, strict=True):
        x, y = np.array([[a, c], [b, d]]) @ circle + np.array([[e], [f]])
        points = np.stack([-2 + x * 5 / width, 1 - y * 2 / height]) - mixture.means[0][:, None]
        distances = (points * np.linalg.solve(mixture.covariances[0], points)).sum(axis=0)
        np.testing.assert_allclose(distances, 1, rtol=1e-7)
        assert d < 0 < a  # y runs down
