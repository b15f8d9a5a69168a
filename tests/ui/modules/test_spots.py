"""spots.js: places with a name, at their places, over whatever else is drawn."""

import numpy as np
import pytest

from gmmviz.pages.stories.figure import Mark
from tests.ui.modules.films import Shown, as_sent, explored
from tests.ui.modules.on_stage import SIZE, extent_of, in_pixels, on_stage, where

MARKS = (
    Mark((-8.0, 2.0), "you"),
    Mark((1.5, 0.25), "counts as right", 1.5),
    Mark((2.0, 12.2), "high up"),
)
READ = """const groups = [...boxes[0].querySelectorAll(".stage-named")];
return groups.map((group) => {
  const [text, aim] = [group.querySelector("text"), group.querySelector("ellipse")];
  return {
    at: standsAt(group), text: text.textContent, star: Boolean(group.querySelector("path")),
    y: Number(text.getAttribute("y")), aim: aim && numbersOf(aim, "rx", "ry"),
  };
});"""


@pytest.fixture(scope="module")
def marked():
    """A film with places marked in its plane."""
    film = as_sent(explored().figure)
    (plane,) = film["scene"]["planes"]
    plane |= {"layers": [*plane["layers"], "spots"], "spots": [mark._asdict() for mark in MARKS]}
    return Shown(as_sent(film), explored().dataset, explored().run)


BOX = [[-12.0, 8.0], [-7.0, 13.0]]


def test_each_place_stands_where_it_is_with_its_name_and_shape(run_js, marked):
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=BOX)
    places = in_pixels([mark.at for mark in MARKS], marked, box=BOX)
    assert np.array([spot["at"] for spot in found]) == pytest.approx(places, abs=0.01)
    assert [spot["text"] for spot in found] == ["you", "counts as right", "high up"]
    assert [spot["star"] for spot in found] == [True, False, True]  # what stands in the circle is not hidden


def test_a_circle_says_how_near_was_near_enough_in_the_datas_units(run_js, marked):
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=BOX)
    width, height = (size / (high - low) for size, (low, high) in zip(SIZE, BOX, strict=True))
    assert [spot["aim"] for spot in found] == [None, pytest.approx([1.5 * width, 1.5 * height]), None]


def test_names_stand_above_but_at_the_upper_edge_below(run_js, marked):
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=BOX)
    assert [np.sign(spot["y"]) for spot in found] == [-1, -1, 1]
    assert -found[1]["y"] > found[1]["aim"][1]  # outside of the circle
    low = [BOX[0], [-18.0, 2.0]]
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=low)
    assert found[1]["y"] > found[1]["aim"][1]


def test_the_same_places_at_every_moment_and_after_a_drag(run_js, marked):
    body = """const places = () => [...boxes[0].querySelectorAll(".stage-named")].map(standsAt);
    const first = painted(0, places), later = painted(4.3, places);
    here.drag([{ ...place.toPixels, x0: place.toPixels.x0 + 30 }]); here.paint(4.3);
    return [first, later, places()];"""
    first, later, dragged = on_stage(run_js, marked, body, box=BOX)
    assert first == later
    assert np.array(dragged) - np.array(first) == pytest.approx(np.tile([30, 0], (3, 1)), abs=0.02)


def test_a_place_under_the_hand_says_its_name(run_js, marked):
    at = in_pixels(MARKS[0].at, marked, box=BOX)
    body = "here.paint(3); return given.at.map((at) => here.layer(0, 'spots').at(...at));"
    near, far = on_stage(
        run_js, marked, body, box=BOX, at=[np.add(at, by).tolist() for by in ([3, -4], [30, 0])]
    )
    assert near["text"] == f"you<br>{where(-8.0, 2.0)}"
    assert [near["x"], near["y"]] == pytest.approx(at.tolist())
    assert far is None
    inside = in_pixels(MARKS[1].at, marked, box=BOX).tolist()
    assert on_stage(run_js, marked, body, box=BOX, at=[inside]) == [None]  # what stands there says its own


def test_a_picture_to_keep_has_them_too(run_js, marked):
    body = "here.paint(3); return here.layer(0, 'spots').standing();"
    circle, stars = on_stage(run_js, marked, body)["traces"]
    assert (stars["x"], stars["y"]) == ([-8.0, 2.0], [2.0, 12.2])
    assert stars["text"] == ["you", "high up"]
    assert stars["marker"]["symbol"] == "star"
    away = np.hypot(np.subtract(circle["x"], 1.5), np.subtract(circle["y"], 0.25))
    assert away == pytest.approx(1.5)
    assert (circle["text"], circle["x"][0], circle["y"][0]) == (["counts as right"], pytest.approx(1.5), 1.75)
    assert extent_of(marked).shape == (2, 2)
