"""Colours: thirty that differ, each seen on both themes, a scale from grey to each; and the theme, no component's.

What the theme's colours come to in a browser, `tests/in_browser/test_theme.py` measures.
"""

import itertools
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from gmmviz.figures.film import View, film
from gmmviz.figures.traces import LINE
from gmmviz.pages.collapse.figure import collapse_film
from gmmviz.pages.collapse.numbers import smallest_variances
from gmmviz.pages.collapse.settings import Collapse
from gmmviz.pages.density.figure import scores_figure
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.bridge_figure import agreement_figure
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


# --- The theme --------------------------------------------------------------------------------------------------------

ROOT = Path(__file__).parent.parent
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
LOOK = (ROOT / "gmmviz" / "ui" / "look.css").read_text(encoding="utf-8")
PLACES = [("light", "main"), ("light", "sidebar"), ("dark", "main"), ("dark", "sidebar")]
WORDS = ("textColor", "primaryColor", "linkColor", "grayTextColor", "orangeTextColor")
CANVAS = {"light": "#ffffff", "dark": "#121212"}  # what browsers mean by it


def option(theme: str, place: str, name: str) -> str:
    """A colour as Streamlit finds it: the sidebar's own, else the theme's."""
    return THEME[theme]["sidebar"].get(name, THEME[theme][name]) if place == "sidebar" else THEME[theme][name]


def grounds(theme: str, place: str) -> list[str]:
    return [option(theme, place, name) for name in ("backgroundColor", "secondaryBackgroundColor")]


def faded(colour: str, ground: str, share: float) -> str:
    """A colour that lets the ground through."""
    parts = (
        round(share * over + (1 - share) * under)
        for over, under in zip(rgb(colour), rgb(ground), strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


# From linear red, green, blue: OKLab (Ottosson, 2020), and what eyes without green cones see (Machado et al., 2009).
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
GREEN_BLIND = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def oklab(colour: str, eyes: np.ndarray) -> np.ndarray:
    parts = np.array(rgb(colour)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return TO_LAB @ np.cbrt(TO_LMS @ np.clip(eyes @ linear, 0, 1))


def distance(one: str, other: str) -> float:
    """How far two colours are apart to those eyes that tell them apart worse."""
    return min(np.linalg.norm(oklab(one, eyes) - oklab(other, eyes)) for eyes in (np.eye(3), GREEN_BLIND))


def test_the_distance_of_colours_is_oklabs():
    white, red = (oklab(colour, np.eye(3)) for colour in ("#ffffff", "#ff0000"))
    np.testing.assert_allclose(white, [1, 0, 0], atol=1e-3)
    np.testing.assert_allclose(red, [0.628, 0.225, 0.126], atol=1e-3)
    assert distance("#000000", "#ffffff") == pytest.approx(1, abs=1e-3)
    mistaken, told = ("#a06010", "#6f7a10"), ("#a06010", "#1060a0")
    assert distance(*mistaken) < 0.5 * np.linalg.norm(np.subtract(*(oklab(c, np.eye(3)) for c in mistaken)))
    assert distance(*told) > 0.2


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_the_accent_is_no_components_colour(theme):
    accent = THEME[theme]["primaryColor"]
    assert min(distance(accent, colour) for colour in PALETTE[:10]) > 0.15
    closest = min(distance(one, other) for one, other in itertools.combinations(PALETTE[:10], 2))
    assert min(distance(accent, colour) for colour in PALETTE) > 2 * closest


def test_figures_are_judged_on_the_backgrounds_that_pages_have():
    assert {theme: THEME[theme]["backgroundColor"] for theme in ("light", "dark")} == BACKGROUNDS


@pytest.mark.parametrize(("theme", "place"), PLACES)
def test_words_are_readable_on_every_ground(theme, place):
    for ground, name in itertools.product(grounds(theme, place), WORDS):
        assert contrast(option(theme, place, name), ground) >= 4.5, f"{name} on {ground}"


@pytest.mark.parametrize(("theme", "place"), PLACES)
def test_quiet_words_are_readable_on_every_ground(theme, place):
    caption = int(re.search(r"stCaptionContainer.*currentColor (\d+)%", LOOK)[1]) / 100
    placeholder = 0.7  # Streamlit's own
    for ground, share in itertools.product(grounds(theme, place), (caption, placeholder)):
        assert contrast(faded(option(theme, place, "textColor"), ground, share), ground) >= 4.5


@pytest.mark.parametrize(("theme", "place"), PLACES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("codeTextColor", "codeBackgroundColor"),
        ("blueTextColor", "blueBackgroundColor"),
        ("yellowTextColor", "yellowBackgroundColor"),
        ("dataframeHeaderTextColor", "dataframeHeaderBackgroundColor"),
    ],
)
def test_words_are_readable_on_their_own_ground(theme, place, words, ground):
    assert contrast(option(theme, place, words), option(theme, place, ground)) >= 4.5


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_what_is_written_on_the_accent_is_readable(theme):
    """In the colour that the stylesheet gives it, and chosen segments' words on their tint, a tenth of the accent."""
    accent = THEME[theme]["primaryColor"]
    assert contrast(CANVAS[theme], accent) >= 4.5
    for ground in grounds(theme, "main") + grounds(theme, "sidebar"):
        assert contrast(accent, faded(accent, ground, 0.1)) >= 4.5


def test_the_theme_asks_no_outside_host():
    assert "://" not in json.dumps(THEME)
    assert "url(" not in LOOK
    assert "@import" not in LOOK


# --- What is no component in a figure ---------------------------------------------------------------------------------

OWN = r"points|component \d+|means"  # the traces of a film that have components' colours


def colours_in(drawing) -> set[str]:
    """All colours in a drawing, "#rrggbb", however they are written."""
    text = json.dumps(drawing)
    parts = re.findall(r"rgba?\((\d+), *(\d+), *(\d+)", text)
    return {*re.findall(r"#[0-9a-f]{6}", text)} | {
        f"#{int(r):02x}{int(g):02x}{int(b):02x}" for r, g, b in parts
    }


def scores():
    return scores_figure(np.arange(1, 6), np.array([[0.0, 0], [1, 3], [5, 7], [4, 4], [1, 1]]), 4)


def agreement():
    return agreement_figure(np.array([0.1, 0.2]), np.array([0.9, 1.0]), 0.2)


@pytest.mark.parametrize("draw", [scores, agreement])
def test_a_picture_without_components_has_no_components_colour(draw):
    colours = colours_in(draw())
    assert colours
    assert colours.isdisjoint(PALETTE)


def test_a_films_curves_paths_and_markers_have_no_components_colour():
    for settings in (Explorer(n=50), Collapse()):
        dataset = settings.data()
        run = settings.run(dataset.X)
        figure = film(dataset, run)
        if isinstance(settings, Collapse):
            figure = collapse_film(dataset, run, smallest_variances(run), 0.0, View())
        others = [trace for trace in figure["data"] if not re.fullmatch(OWN, trace["name"])]
        assert others
        assert colours_in([others, figure["layout"]]).isdisjoint(PALETTE)


def test_nobody_takes_a_components_colour_by_a_number_or_by_its_name():
    for path in (ROOT / "gmmviz").rglob("*"):
        if path.suffix not in (".py", ".js", ".css") or path.name == "theme.py":
            continue
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"PALETTE\[\d+\]", source), path
        assert colours_in(source).isdisjoint(PALETTE), path
