"""studio.js: which moments a film's pictures show, and that shapes look alike without their style sheet."""

import numpy as np
import pytest

from tests.ui.modules.films import explored
from tests.ui.modules.on_stage import on_stage

MOMENTS = "return studio.momentsOf(timeline.schedule(given[0], given[1]));"
LONGEST = 10_000


@pytest.mark.parametrize("mode", ["whole", "steps"])
@pytest.mark.parametrize("T", [2, 3, 8, 27, 120, 500])
def test_pictures_go_from_start_to_end_in_ten_seconds_at_most(run_js, T, mode):
    moments = run_js(MOMENTS, [T, mode])
    positions = np.array([moment["position"] for moment in moments])
    times = np.array([moment["ms"] for moment in moments])
    stops = 2 * (T - 1) if mode == "steps" else T - 1
    assert (positions[0], positions[-1]) == (0, stops)
    assert (np.diff(positions) > 0).all()  # none is repeated: one that stays, stays longer
    assert times.sum() <= LONGEST
    assert len(moments) <= 100
    assert (times >= 80).all()
    assert times[0] >= 800
    assert times[-1] >= 1600


@pytest.mark.parametrize("T", [3, 8])
def test_a_short_film_takes_the_time_that_it_takes_on_the_page(run_js, T):
    moments, length = run_js(
        "const clock = timeline.schedule(given, 'whole'); return [studio.momentsOf(clock), clock.length]", T
    )
    rest = sum(moment["ms"] for moment in moments) - 800 - 1600
    assert abs(rest - min(length, LONGEST - 2400)) <= 80
    shown = {moment["position"] for moment in moments}
    if T == 3:
        assert {0, 1, 2} <= shown  # it rests at each of its stops


def test_words_are_broken_into_lines_that_fit(run_js):
    body = "return given.map(([text, width]) => studio.linesOf(text, width, ({ length }) => length));"
    text = "each point asks which Gaussian could have made it"
    wide, narrow, none, long = run_js(
        body, [[text, 80], [text, 20], ["", 20], ["a longish wordwithoutanyend b", 9]]
    )
    assert wide == [text]
    assert " ".join(narrow) == text
    assert all(len(line) <= 20 for line in narrow)
    assert len(narrow) == 3
    assert none == []
    assert long == ["a longish", "wordwithoutanyend", "b"]


def test_shapes_look_alike_without_their_style_sheet(run_js):
    """The stage as it is painted, and its sheets as documents of their own: the same pixels, as good as."""
    shown = explored()
    body = """boxes[0].style.cssText = "position: absolute; width: 400px; height: 300px";
    document.body.style.setProperty("--st-text-color", "#1b232d");
    here.paint(4.5);
    const [rings] = boxes[0].querySelectorAll("svg");
    const alone = new DOMParser().parseFromString(studio.standingAlone(rings), "image/svg+xml").documentElement;
    const names = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "vector-effect"];
    const look = (node) => names.map((name) => getComputedStyle(node).getPropertyValue(name));
    const looks = (root) => [...root.querySelectorAll("circle")].map(look);
    const before = looks(rings);
    document.head.append(...document.body.querySelectorAll("style"));
    const sheets = document.head.querySelectorAll("style");
    const drawn = document.body.appendChild(alone);
    sheets.forEach((sheet) => sheet.remove());
    return [before, looks(drawn), [alone.getAttribute("width"), alone.getAttribute("height")], looks(rings)];"""
    before, after, size, without = on_stage(run_js, shown, body)
    assert len(before) == 9
    assert after == before != without
    assert size == ["400", "300"]
