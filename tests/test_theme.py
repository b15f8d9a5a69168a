"""Colours: thirty that differ, each seen on both themes, and a scale from grey to each."""

import itertools

import pytest

from gmmviz.figures.traces import LINE
from gmmviz.theme import BACKGROUNDS, GREY, PALETTE, belonging_scale, contrast, rgb


def colour_at(scale, place):
    """The colour Plotly interpolates at a place of a colorscale, as r, g, b."""
    for (a, one), (b, other) in itertools.pairwise(scale):
        if a <= place <= b:
            share = (place - a) / (b - a)
            return [p + share * (q - p) for p, q in zip(rgb(one), rgb(other), strict=True)]
    raise AssertionError(f"no colour at {place}")


def test_contrast_agrees_with_wcags_own_examples():
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.592, abs=1e-3)
    assert contrast("#123456", "#123456") == 1.0
    assert contrast("#000000", "#0a0a0a") == pytest.approx((10 / 255 / 12.92 + 0.05) / 0.05)


def test_the_palette_has_thirty_distinct_colours():
    assert len(PALETTE) == len(set(PALETTE)) == 30
    assert all(len(colour) == 7 and colour.lower() == colour for colour in PALETTE)


@pytest.mark.parametrize("theme", BACKGROUNDS)
@pytest.mark.parametrize("colour", [*PALETTE, GREY, LINE])
def test_every_colour_is_seen_on_both_themes(theme, colour):
    assert contrast(colour, BACKGROUNDS[theme]) >= 3


@pytest.mark.parametrize("colour", PALETTE[:16])
def test_no_components_colour_is_close_to_another_or_to_grey(colour):
    others = {*PALETTE[:16], GREY} - {colour}
    assert min(sum((a - b) ** 2 for a, b in zip(rgb(colour), rgb(o), strict=True)) for o in others) > 40**2


@pytest.mark.parametrize("K", range(1, 17))
@pytest.mark.parametrize("faded", [True, False])
def test_the_scale_is_one_that_plotly_takes(K, faded):
    places = [place for place, _ in belonging_scale(K, faded)]
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert all(a < b for a, b in itertools.pairwise(places))


@pytest.mark.parametrize("K", range(1, 17))
def test_a_components_stretch_goes_from_grey_to_its_colour(K):
    scale = belonging_scale(K)
    for k in range(K):
        assert colour_at(scale, k / K + 1e-9) == pytest.approx(rgb(GREY), abs=1)
        assert colour_at(scale, (k + 1) / K - 2e-6) == pytest.approx(rgb(PALETTE[k]), abs=1)
        half = [(a + b) / 2 for a, b in zip(rgb(GREY), rgb(PALETTE[k]), strict=True)]
        assert colour_at(scale, (k + 0.5) / K) == pytest.approx(half, abs=1)


@pytest.mark.parametrize("K", range(1, 17))
def test_an_unfaded_stretch_is_all_in_its_colour_but_code_0_is_grey(K):
    scale = belonging_scale(K, faded=False)
    for k in range(K):
        for place in (k / K + 1.5e-6, (k + 0.5) / K, (k + 1) / K - 1.5e-6):
            assert colour_at(scale, place) == pytest.approx(rgb(PALETTE[k]), abs=1e-6)
    assert colour_at(scale, 0) == [*rgb(GREY)]
