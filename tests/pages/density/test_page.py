"""The page on density: what it says of a mixture, and that it asks held-out points no more often than it must."""

import numpy as np
import pytest

from gmmviz.pages import script
from gmmviz.pages.density.figure import integral, shown_box
from gmmviz.pages.density.numbers import random_numbers
from gmmviz.pages.density.settings import Density
from gmmviz.ui import cache
from tests.session import Session

PAGE = script("density")


@pytest.fixture
def asked(monkeypatch):
    """Every call for held-out scores, which are best at K = 7."""
    calls = []

    def held_out(X, tried, covariance, init, folds, **rest):
        calls.append((covariance, init))
        yield -np.abs(np.repeat(tried[:, None], folds, axis=1) - 7.0)

    monkeypatch.setattr("gmmviz.pages.density.numbers.held_out_steps", held_out)
    monkeypatch.setattr("gmmviz.ui.work.SECOND", 60)
    cache.clear()
    yield calls
    cache.clear()


def test_it_says_what_the_pictures_show(asked):
    session, settings = Session({"k": "4", "drawn": "50"}, PAGE), Density(k=4, drawn=50)
    assert session.errors == session.notices == []
    dataset = settings.data()
    run = settings.run(dataset.X)
    volume = integral(run.states[-1].mixture, shown_box(dataset, run, *random_numbers(settings)))
    assert f"the density integrates to {volume:.3f} over the part of the plane shown" in session.words
    heading = session.player["figure"]["layout"]["annotations"][1]["text"]
    assert heading == "<b>50 new points</b>"
    assert "Best here: K = 7 with 0.000 per point." in session.words


def test_a_mixture_too_thin_for_the_grid_has_no_integral(asked):
    assert "thinner" not in Session({"k": "2"}, PAGE).words
    words = Session({"n": "30", "k": "16", "floor": "1e-06"}, PAGE).words
    assert "The thinnest component is narrower than the grid" in words


def test_the_film_opens_at_its_end_and_the_address_says_where_else_it_stands(asked):
    last = Density().run(Density().data().X).states[-1].iteration
    session = Session(page=PAGE)
    assert session.player["iteration"] == session.player["home"] == last
    assert session.address == {}
    session.rest(3)
    assert session.address == {"it": "3"}
    session.rest(last)
    assert session.address == {}
    session.set(k=5)
    assert session.player["iteration"] == session.player["home"] > 0
    assert Session({"it": "0"}, PAGE).player["iteration"] == 0


def test_held_out_points_are_asked_once_whatever_k_and_stop_rule(asked):
    session = Session(page=PAGE).set(k=5).set(tol=1e-3, max_iter=50).set(criterion="parameters", drawn=10)
    assert session.errors == []
    assert asked == [("full", "k-means")]
    session.set(covariance="tied")
    assert asked == [("full", "k-means"), ("tied", "k-means")]
