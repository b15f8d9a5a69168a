"""spots.js: places with a name, at their places, over whatever else is drawn."""

import numpy as np
import pytest

from gmmviz.pages.stories.figure import Mark
from tests.ui.modules.films import Shown, as_sent, explored
from tests.ui.modules.on_stage import SIZE, extent_of, in_pixels, on_stage, where

MARKS = (
    Mark((-8.0, 2.0), "you"),
    Mark((1.5, 0.25), "here", "cross", 1.5),
    Mark((2.0, 12.2), "high up"),
)
READ = """const groups = [...boxes[0].querySelectorAll(".stage-named")];
return groups.map((group) => {
  const [text, aim] = [group.querySelector("text"), group.querySelector("ellipse")];
  return {
    at: standsAt(group), text: text.textContent, shape: group.className.baseVal,
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
    assert [spot["text"] for spot in found] == ["you", "here", "high up"]
    assert [spot["shape"].split("-")[-1] for spot in found] == ["star", "cross", "star"]


def test_a_circle_says_how_near_was_near_enough_in_the_datas_units(run_js, marked):
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=BOX)
    width, height = (size / (high - low) for size, (low, high) in zip(SIZE, BOX, strict=True))
    assert [spot["aim"] for spot in found] == [None, pytest.approx([1.5 * width, 1.5 * height]), None]


def test_names_stand_above_but_at_the_upper_edge_below(run_js, marked):
    found = on_stage(run_js, marked, "here.paint(3);" + READ, box=BOX)
    assert [np.sign(spot["y"]) for spot in found] == [-1, -1, 1]


def test_the_same_places_at_every_moment_and_after_a_drag(run_js, marked):
    body = """const places = () => [...boxes[0].querySelectorAll(".stage-named")].map(standsAt);
    const first = painted(0, places), later = painted(4.3, places);
    here.drag([{ ...place.toPixels, x0: place.toPixels.x0 + 30 }]); here.paint(4.3);
    return [first, later, places()];"""
    first, later, dragged = on_stage(run_js, marked, body, box=BOX)
    assert first == later
    assert np.array(dragged) - np.array(first) == pytest.approx(np.tile([30, 0], (3, 1)), abs=0.02)


def test_a_place_under_the_hand_says_its_name(run_js, marked):
    at = in_pixels(MARKS[1].at, marked, box=BOX)
    body = "here.paint(3); return given.at.map((at) => here.layer(0, 'spots').at(...at));"
    near, far = on_stage(
        run_js, marked, body, box=BOX, at=[np.add(at, by).tolist() for by in ([3, -4], [30, 0])]
    )
    assert near["text"] == f"here<br>{where(1.5, 0.25)}"
    assert [near["x"], near["y"]] == pytest.approx(at.tolist())
    assert far is None


def test_a_picture_to_keep_has_them_too(run_js, marked):
    body = "here.paint(3); return here.layer(0, 'spots').standing();"
    (trace,) = on_stage(run_js, marked, body)["traces"]
    assert (trace["x"], trace["y"]) == ([-8.0, 1.5, 2.0], [2.0, 0.25, 12.2])
    assert trace["text"] == ["you", "here", "high up"]
    assert trace["marker"]["symbol"] == ["star", "cross", "star"]
    assert extent_of(marked).shape == (2, 2)
