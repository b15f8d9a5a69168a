"""New points, and held-out scores: more components overfit few points."""

import numpy as np

from gmmviz.criteria import held_out
from gmmviz.em import whole
from gmmviz.pages.density.numbers import FOLDS, held_out_scores, ks_tried, random_numbers
from gmmviz.pages.density.settings import Density


def test_the_new_points_are_their_seeds_own():
    """An address shows the points that it showed when it was made."""
    uniforms, normals = random_numbers(Density(drawn=50, drawn_seed=3))
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(uniforms, rng.random(50))
    np.testing.assert_array_equal(normals, rng.standard_normal((50, 2)))


# The lesson: on the lecture's 200 moons 2 components fail and 16 overfit; on 1500, 16 are about right.


def test_few_points_want_about_11_components_and_many_want_16():
    few = Density()
    X = few.data().X
    tried, scores = ks_tried(few, X), whole(held_out_scores(few, X))
    mean = scores.mean(axis=1)
    assert scores.shape == (30, FOLDS)
    assert tried[mean.argmax()] in (10, 11, 12)
    assert mean[1] < mean[15] < mean.max() - 0.2
    many = Density(n=1500)
    X = many.data().X
    mean = held_out(X, [11, 16, 20], method=many.init, floor=many.floor).mean(axis=1)
    assert mean.max() - mean[1] < 0.01
    assert mean[0] < mean[1] - 0.02
