"""Shapes: ellipses stand at their Mahalanobis radius, extents hold the points, the subsample never changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gmmviz.geometry import N_DRAWN, ellipse_rings, extent, subsample

numbers = st.floats(-100, 100)
batches = array_shapes(min_dims=0, max_dims=2, max_side=3)
points = st.integers(1, 20).flatmap(lambda N: arrays(float, (N, 2), elements=numbers))


@st.composite
def gaussians(draw):
    """Means (..., 2) and covariances (..., 2, 2), from round to a thousand times as long as wide."""
    batch = draw(batches)
    means = draw(arrays(float, (*batch, 2), elements=numbers))
    scale = np.exp(draw(arrays(float, (*batch, 2), elements=st.floats(-3.5, 3.5))))
    angle = draw(arrays(float, batch, elements=st.floats(0, np.pi)))
    axes = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1).reshape(*batch, 2, 2)
    return means, (axes * scale[..., None, :] ** 2) @ np.swapaxes(axes, -1, -2)


@given(gaussians(), st.lists(st.floats(0.1, 5), min_size=1, max_size=4), st.integers(3, 40))
def test_every_point_of_a_ring_stands_at_its_mahalanobis_radius(gaussian, deviations, n_points):
    means, covariances = gaussian
    rings = ellipse_rings(means, covariances, deviations, n_points)
    assert rings.shape == (*means.shape[:-1], len(deviations) * (n_points + 2) - 1, 2)
    for i, radius in enumerate(deviations):
        first = i * (n_points + 2)
        ring = rings[..., first : first + n_points + 1, :] - means[..., None, :]
        squared = np.einsum("...md,...md->...m", ring, np.linalg.solve(covariances, ring.swapaxes(-1, -2)).mT)
        np.testing.assert_allclose(np.sqrt(squared), radius, rtol=1e-6)


@given(gaussians(), st.integers(1, 4), st.integers(3, 40))
def test_rings_are_closed_and_nothing_but_nan_stands_between_them(gaussian, n_rings, n_points):
    rings = ellipse_rings(*gaussian, deviations=range(1, n_rings + 1), n_points=n_points)
    gaps = np.arange(1, n_rings) * (n_points + 2) - 1
    is_gap = np.isin(np.arange(rings.shape[-2]), gaps)
    assert np.isnan(rings[..., is_gap, :]).all()
    assert np.isfinite(rings[..., ~is_gap, :]).all()
    starts = np.arange(n_rings) * (n_points + 2)
    np.testing.assert_array_equal(rings[..., starts, :], rings[..., starts + n_points, :])


@given(gaussians())
def test_a_batch_is_its_members_one_by_one(gaussian):
    means, covariances = gaussian
    together = ellipse_rings(means, covariances)
    for i in np.ndindex(means.shape[:-1]):
        np.testing.assert_allclose(together[i], ellipse_rings(means[i], covariances[i]), rtol=1e-12)


@given(gaussians())
def test_a_ring_goes_evenly_round_its_mean(gaussian):
    means, covariances = gaussian
    ring = ellipse_rings(means, covariances, deviations=[1])[..., :-1, :] - means[..., None, :]
    spread = np.sqrt(np.trace(covariances, axis1=-2, axis2=-1)).max()
    np.testing.assert_allclose(ring.sum(axis=-2), 0, atol=1e-12 * spread + 1e-11)
    moments = 2 * np.einsum("...md,...me->...de", ring, ring) / ring.shape[-2]  # of a uniform angle: Sigma
    np.testing.assert_allclose(moments, covariances, rtol=1e-6, atol=1e-9 * spread**2)


def test_a_covariance_that_rounding_made_slightly_negative_is_drawn_flat():
    ring = ellipse_rings([1.0, 2.0], [[1.0, 0.0], [0.0, -1e-18]], deviations=[2])
    assert np.isfinite(ring).all()
    np.testing.assert_array_equal(ring[:, 1], 2.0)
    assert ring[:, 0].min() == pytest.approx(-1.0)


@given(points, st.floats(0.01, 1))
def test_the_extent_holds_every_point_with_its_margin(X, margin):
    for (low, high), column in zip(extent(X, margin), X.T, strict=True):
        width = column.max() - column.min()
        pad = margin * width if width > 0 else 1.0
        assert low == pytest.approx(column.min() - pad)
        assert high == pytest.approx(column.max() + pad)
        assert type(low) is type(high) is float


@given(st.integers(0, 30_000))
def test_the_subsample_is_always_the_same_and_never_too_large(N):
    rows = subsample(N)
    assert len(rows) == min(N, N_DRAWN)
    assert (np.diff(rows) > 0).all()
    assert N == 0 or (rows[0] >= 0 and rows[-1] < N)
    np.testing.assert_array_equal(rows, subsample(N))


def test_the_subsample_is_spread_over_all_points():
    rows = subsample(20_000)
    assert np.abs(np.histogram(rows, bins=10, range=(0, 20_000))[0] - 200).max() < 60
    assert len(set(np.diff(rows))) > 5


def test_the_subsample_stays_the_same_from_version_to_version():
    """A link must show the points that it showed when it was made."""
    assert subsample(20_000)[:8].tolist() == [3, 4, 5, 12, 42, 49, 54, 68]
