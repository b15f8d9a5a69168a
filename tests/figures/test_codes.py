"""A point's code: component and certainty there and back; the colours of true labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.figures.arrays import unpacked
from gmmviz.figures.codes import (
    belonging,
    belonging_codes,
    code_range,
    code_steps,
    label_colours,
    truth_marker,
)
from gmmviz.theme import PALETTE


@given(st.integers(1, 16), st.integers(1, 30), st.integers(0, 10**6))
def test_codes_say_the_component_and_its_responsibility_within_one_step(K, N, seed):
    R = np.random.default_rng(seed).dirichlet(np.full(K, 0.5), size=N)
    codes = belonging_codes(R)
    component, sure = belonging(codes, K)
    assert codes.dtype == np.uint16
    np.testing.assert_array_equal(component, R.argmax(axis=1))
    np.testing.assert_allclose(sure, R.max(axis=1), rtol=0, atol=1 / (code_steps(K) - 1))
    assert codes.max() < K * code_steps(K) <= 65536


@pytest.mark.parametrize("K", range(1, 17))
def test_codes_reach_both_ends_of_every_stretch(K):
    sure = belonging_codes(np.eye(K))
    np.testing.assert_array_equal(sure, np.arange(1, K + 1) * code_steps(K) - 1)
    if K > 1:
        assert belonging_codes(np.full((1, K), 1 / K)) == [0]


@pytest.mark.parametrize("K", [1, 3, 16])
def test_the_colour_scale_spans_all_codes(K):
    assert code_range(K) == {"cmin": 0, "cmax": K * (65536 // K)}


# True labels


@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 10**6))
def test_a_label_takes_the_colour_of_the_component_that_has_most_of_its_points(L, K, seed):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(L), rng.integers(L, size=20)])
    partner = rng.permutation(max(L, K))[:L]
    colours = label_colours(labels, np.eye(max(L, K))[partner[labels]])
    np.testing.assert_array_equal(colours, partner)
    fewer = label_colours(labels, rng.dirichlet(np.ones(K), size=len(labels)))
    assert len(set(fewer)) == L
    assert sum(number < K for number in fewer) == min(L, K)


@pytest.mark.parametrize("L", [1, 2, 5])
def test_the_marker_gives_each_label_its_colour(L):
    labels = np.array([*range(L), L - 1])
    marker = truth_marker(labels, np.eye(L)[labels])
    np.testing.assert_array_equal(unpacked(marker["color"]), labels)
    assert (marker["cmin"], marker["cmax"]) == (0, max(L - 1, 1))
    colours = [colour for _, colour in marker["colorscale"]]
    assert colours == (PALETTE[:L] if L > 1 else [PALETTE[0]] * 2)
    assert (marker["colorscale"][0][0], marker["colorscale"][-1][0]) == (0, 1)
