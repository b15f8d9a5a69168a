"""The film in a notebook: any two features of any data, and advice where that cannot be."""

import copy
import json
from base64 import b64decode

import numpy as np
import pytest

import gmmviz
from gmmviz.em import fit
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.notebook import animate
from gmmviz.figures.still import still
from gmmviz.starts import start
from tests.figures.test_document import Read

X = np.random.default_rng(0).normal(size=(60, 3))
RUN = fit(X, start(X, 2, "random-points"), reg_covar=1e-6, max_iter=8)


def test_it_plays_every_state_of_the_two_features():
    figure = gmmviz.animate(RUN, X, plane=(2, 0), columns=("a", "b", "c"))
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == len(RUN.states)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("c", "a")
    np.testing.assert_allclose(unpacked(figure.data[0].x), X[:, 2], rtol=1e-6)
    means = figure.frames[-1].data[4]
    np.testing.assert_allclose(means.x, RUN.states[-1].mixture.means[:, 2], rtol=1e-6)


def test_a_notebook_shows_the_player_over_a_picture_of_the_end():
    bundle = animate(RUN, X, plane=(2, 0), columns=("a", "</iframe>", "c"))._repr_mimebundle_()
    read = Read(bundle["text/html"])
    assert [tag for tag, _ in read.tags] == ["div", "img", "iframe"]
    (_, picture), (_, frame) = read.tags[1:]
    svg = b64decode(picture["src"].removeprefix("data:image/svg+xml;base64,")).decode()
    assert svg == still(X, RUN, (2, 0), ("a", "</iframe>", "c"), equal=True)
    payload = json.loads(Read(frame["srcdoc"]).scripts["film-payload"])
    scene = payload["figure"]["scene"]
    assert (scene["mode"], scene["planes"][0]["plane"]) == ("steps", [2, 0])
    np.testing.assert_array_equal(unpacked(scene["clouds"][0]), X.T)  # the player has every feature
    assert payload["iteration"] == 0
    assert "show()" in bundle["text/plain"]


def test_plotly_is_not_asked_before_and_a_copy_is_a_plain_figure():
    film = animate(RUN, X)
    assert film._ipython_display_ is None
    assert film._repr_html_() == film._repr_mimebundle_()["text/html"]
    plain = copy.deepcopy(film)
    assert len(plain.frames) == len(RUN.states)
    assert "iframe srcdoc" not in plain._repr_html_()


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
