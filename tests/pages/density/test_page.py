"""The page on density: what it says of a mixture, and that it asks held-out points no more often than it must."""

import numpy as np
import pytest
import streamlit as st

from gmmviz.pages import script
from gmmviz.pages.density.figure import density_figure, plane_of
from gmmviz.pages.density.numbers import new_points
from gmmviz.pages.density.settings import Density
from tests.session import Session

PAGE = script("density")


@pytest.fixture
def asked(monkeypatch):
    """Every call for held-out scores, which are best at K = 7."""
    calls = []

    def held_out(X, tried, covariance, init, folds, **rest):
        calls.append((covariance, init))
        return -np.abs(np.repeat(tried[:, None], folds, axis=1) - 7.0)

    monkeypatch.setattr("gmmviz.pages.density.numbers.held_out", held_out)
    st.cache_resource.clear()
    yield calls
    st.cache_resource.clear()


def test_it_says_what_the_pictures_show(asked):
    session, settings = Session({"k": "4", "drawn": "50"}, PAGE), Density(k=4, drawn=50)
    assert session.errors == session.notices == []
    dataset = settings.data()
    mixture = settings.run(dataset.X).states[-1].mixture
    drawn, _ = new_points(settings, mixture)
    _, volume = density_figure(dataset, mixture, plane_of(dataset, drawn))
    assert f"the density integrates to {volume:.3f};" in session.words
    assert "**50 new points**, drawn from the mixture" in session.words
    assert "Best here: K = 7 with 0.000 per point." in session.words


def test_a_mixture_too_thin_for_the_grid_has_no_integral(asked):
    assert "thinner" not in Session({"k": "2"}, PAGE).words
    words = Session({"n": "30", "k": "16", "floor": "1e-06"}, PAGE).words
    assert "The thinnest component is narrower than the picture's grid" in words


def test_held_out_points_are_asked_once_whatever_k_and_stop_rule(asked):
    session = Session(page=PAGE).set(k=5).set(tol=1e-3, max_iter=50).set(criterion="parameters", drawn=10)
    assert session.errors == []
    assert asked == [("full", "k-means")]
    session.set(covariance="tied")
    assert asked == [("full", "k-means"), ("tied", "k-means")]
