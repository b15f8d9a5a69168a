"""The film in a notebook: any two features of any data, and advice where that cannot be."""

import numpy as np
import pytest

import gmmviz
from gmmviz.em import fit
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.notebook import animate
from gmmviz.starts import start

X = np.random.default_rng(0).normal(size=(60, 3))
RUN = fit(X, start(X, 2, "random-points"), reg_covar=1e-6, max_iter=8)


def test_it_plays_every_state_of_the_two_features():
    figure = gmmviz.animate(RUN, X, plane=(2, 0), columns=("a", "b", "c"))
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == len(RUN.states)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("c", "a")
    np.testing.assert_allclose(unpacked(figure.data[0].x), X[:, 2], rtol=1e-6)
    means = figure.frames[-1].data[4]
    np.testing.assert_allclose(means.x, RUN.states[-1].mixture.means[:, 2], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"plane": (0,)}, "choose two of the features 0 to 2"),
        ({"plane": (0, 3)}, "choose two of the features 0 to 2"),
        ({"columns": ("a",)}, "give one for each of the 3 features"),
    ],
)
def test_what_cannot_be_drawn_is_said(options, advice):
    with pytest.raises(ValueError, match=advice):
        animate(RUN, X, **options)


def test_one_feature_is_no_plane():
    line = X[:, :1]
    with pytest.raises(ValueError, match="one feature"):
        animate(fit(line, start(line, 2, "k-means"), max_iter=2), line)


def test_more_components_than_colours_are_refused():
    run = fit(X, start(X, 31, "random-points"), reg_covar=1e-3, max_iter=1)
    with pytest.raises(ValueError, match="colours for 30"):
        animate(run, X)
