"""bars.js: what is said of a point in the hand, and where its panel may stand."""

import numpy as np
import pytest

from gmmviz.em import e_step
from tests.ui.modules.mixtures import random_mixture

# --- What is said -----------------------------------------------------------------------------------------------------

ROWS = """return given.map(([shares, numbers]) =>
  bars.rowsOf(Float64Array.from(shares), (k) => numbers[k])
    .map(({ k, name, share, text, first }) => [k, name, share, text, first]));"""


def percent(share):
    """A share in words."""
    if share == 0:
        return "0\u00a0%"
    if share >= 0.9995:
        return ">99.9\u00a0%"
    return "<0.1\u00a0%" if share < 0.0005 else f"{100 * share:.1f}\u00a0%"


@pytest.mark.parametrize(
    ("share", "hard", "text"),
    [
        (0.5, False, "50.0 %"),
        (0.87349, False, "87.3 %"),
        (0.0005, False, "0.1 %"),
        (0.00049, False, "<0.1 %"),
        (1e-300, False, "<0.1 %"),
        (0, False, "0 %"),
        (0.99949, False, "99.9 %"),
        (0.9995, False, ">99.9 %"),
        (1, False, ">99.9 %"),
        (1, True, "100 %"),
        (0, True, "0 %"),
    ],
)
def test_a_share_is_never_all_or_nothing_where_it_is_not(run_js, share, hard, text):
    assert run_js("return bars.percent(...given)", [share, hard]) == text.replace(" ", "\u00a0")


def test_rows_are_pythons_responsibilities(run_js):
    """One for each of up to six components, in their numbers' order; else the largest five, and all others."""
    rng = np.random.default_rng(0)
    given = []
    for K in (1, 2, 3, 5, 6, 7, 8, 16):
        for _ in range(8):
            R = e_step(rng.normal(size=(1, 2)), random_mixture(rng, K))[0][0]
            given.append((R.tolist(), rng.permutation(np.arange(1, K + 1)).tolist()))
    for (shares, numbers), rows in zip(given, run_js(ROWS, given), strict=True):
        K, by_size = (
            len(shares),
            np.lexsort((numbers, -np.array(shares))),
        )  # of equals the first by its number
        own = by_size if K <= 6 else by_size[:5]
        named = rows if K <= 6 else rows[:-1]
        assert [row[1] for row in named] == [str(number) for number in sorted(numbers[k] for k in own)]
        for k, name, share, text, first in named:
            assert (name, share, first) == (str(numbers[k]), shares[k], k == by_size[0])
            assert text == ("100\u00a0%" if K == 1 else percent(share))
        assert len(rows) == min(K, 6)
        if K > 6:
            k, name, share, text, first = rows[-1]
            assert (k, name, first) == (-1, "others", False)
            assert share == pytest.approx(1 - sum(row[2] for row in named), abs=1e-12)
            assert text == percent(share)


def test_one_that_has_it_all_has_a_hundred_per_cent(run_js):
    hard, rounded = run_js(ROWS, [[[0, 1, 0], [1, 2, 3]], [[1e-300, 1, 0], [1, 2, 3]]])
    assert [row[3] for row in hard] == ["0\u00a0%", "100\u00a0%", "0\u00a0%"]
    assert [row[3] for row in rounded] == ["<0.1\u00a0%", ">99.9\u00a0%", "0\u00a0%"]


def test_in_a_sentence_the_largest_comes_first_and_what_is_below_a_hundredth_is_left_out(run_js):
    body = "return given.map(([shares, what]) => bars.inWords(Float64Array.from(shares), (k) => k + 3, what))"
    said = run_js(body, [[[0.1, 0.0099, 0.8801, 0.01], "component"], [[0, 1], "cluster"]])
    assert said[0] == "component 5 88.0\u00a0%, component 3 10.0\u00a0%, component 6 1.0\u00a0%"
    assert said[1] == "cluster 4 100\u00a0%"


def test_between_two_e_steps_shares_fade_and_the_first_becomes_known(run_js):
    body = """const at = [[0.9, 0.1], [0.5, 0.5], [0, 1]].map((shares) => Float64Array.from(shares));
    return given.map((colours) => bars.sharesNow(colours, (t) => at[t]));"""
    moments = [(-1, -1, 0), (-1, 0, 0.25), (0, 0, 0), (0, 1, 0.25), (1, 2, 0.5)]
    found = run_js(body, [dict(zip(("from", "to", "fade"), one, strict=True)) for one in moments])
    assert found[0] == {"shares": None, "known": 0}
    assert found[1] == {"shares": [0.9, 0.1], "known": 0.25}
    assert found[2] == {"shares": [0.9, 0.1], "known": 1}
    assert found[3] == {"shares": pytest.approx([0.8, 0.2]), "known": 1}
    assert found[4] == {"shares": pytest.approx([0.25, 0.75]), "known": 1}


# --- Where it stands --------------------------------------------------------------------------------------------------

GAP, EDGE = 14, 4


def cases(n=400):
    rng = np.random.default_rng(1)
    for _ in range(n):
        plane = rng.uniform(60, 700, 2)
        yield {"plane": plane, "point": rng.uniform(0, plane), "panel": rng.uniform(20, 260, 2)}


def corners(plane, panel):
    """The places of a panel in a plane's corners."""
    right, bottom = plane - EDGE - panel
    return [(left, top) for left in (EDGE, right) for top in (EDGE, bottom)]


def sides(pair):
    return {"width": float(pair[0]), "height": float(pair[1])}


def test_places_are_inside_the_plane_and_never_over_the_point(run_js):
    tried = list(cases())
    given = [[one["point"].tolist(), sides(one["panel"]), sides(one["plane"])] for one in tried]
    found = run_js(
        "return given.map((one) => bars.placesBeside(...one).map(({ left, top, cost }) => [left, top, cost]))",
        given,
    )
    none = far = 0
    for one, places in zip(tried, found, strict=True):
        plane, point, panel = one["plane"], one["point"], one["panel"]
        beside = [place for *place, cost in places if cost == 0]
        for place in np.array([place for *place, _ in places]).reshape(-1, 2):
            assert (place >= EDGE - 1e-9).all()
            assert (place + panel <= plane - EDGE + 1e-9).all()
            away = np.maximum(0, np.maximum(place - point, point - place - panel))
            assert away.max() >= GAP - 1e-9
        room = np.maximum(plane - EDGE - point, point - EDGE) - GAP  # on the wider side, across and up
        across = room[0] >= panel[0] and plane[1] - 2 * EDGE >= panel[1]
        along = room[1] >= panel[1] and plane[0] - 2 * EDGE >= panel[0]
        assert bool(beside) == (across or along)  # on whichever side there is room
        assert {(left, top) for left, top, cost in places if cost} <= set(corners(plane, panel))
        for left, top, cost in places:
            away = np.hypot(*(np.array([left, top]) + panel / 2 - point)) / np.hypot(*plane)
            assert cost in (0, pytest.approx(0.75 + away / 4))
        far += any(cost for *_, cost in places)
        none += not places
    assert 40 < none < 360
    assert 40 < far < 360


def through(start, end, box):
    """Whether a line from start to end goes through a box (left, top, width, height): by looking at many places."""
    at = np.linspace(start, end, 4001)
    low, high = np.array(box[:2]), np.array(box[:2]) + box[2:]
    return ((at >= low) & (at <= high)).all(axis=1).any()


def test_a_line_crosses_a_box_where_one_of_its_places_is_in_it(run_js):
    rng = np.random.default_rng(2)
    given = []
    for i in range(300):
        start, end = rng.uniform(0, 300, (2, 2))
        if i % 10 == 0:
            end[i // 10 % 2] = start[i // 10 % 2]  # level, or upright
        given.append(
            [
                start.tolist(),
                end.tolist(),
                [*rng.uniform(0, 200, 2).tolist(), *rng.uniform(20, 200, 2).tolist()],
            ]
        )
    body = """return given.map(([from, to, [left, top, width, height]]) =>
      bars.crosses(from, to, { left, top, width, height }));"""
    found = run_js(body, given)
    expected = [through(*one) for one in given]
    assert found == expected
    assert 60 < sum(expected) < 240


BEST = """const nothing = { lines: [], points: [[], []], radius: 10, from: [0, 0] };
const best = (seen) => bars.bestPlace(given.places, given.panel, { ...nothing, ...seen });
return given.seen.map((seen) => given.places.indexOf(best(seen)));"""


def test_it_stands_where_it_covers_least(run_js):
    """Of three places, each hidden by something else; the first of equals."""
    places = [{"left": left, "top": 100, "cost": 0} for left in (100, 300, 500)]
    middles = [[left + 50, 130] for left in (100, 300, 500)]
    line = {"to": [0, 0], "disc": [0, 0], "share": 0, "counts": 1}
    disc = [line | {"disc": middle} for middle in middles]
    below = [line | {"to": [x, 200], "share": 0.6} for x, _ in middles]  # from above: through each place
    point = {"points": [[x for x, _ in middles], [y for _, y in middles]]}
    box = [{"left": x, "top": y, "width": 5, "height": 5} for x, y in middles]
    seen = [
        ({}, 0),
        ({"lines": disc[:1]}, 1),
        ({"lines": [disc[0], disc[1] | {"counts": 0.25}, disc[2] | {"counts": 0.5}]}, 1),
        ({"points": [part[:1] for part in point["points"]]}, 1),
        ({"points": [part[:1] + part[2:] for part in point["points"]]}, 1),
        ({"points": [[150, 151, 152, 350, 351, 550], [130] * 6]}, 2),
        ({"from": [150, 50], "lines": below[:1]}, 1),
        ({"from": [150, 50], "lines": [below[0] | {"share": 0.001}], "points": point["points"]}, 1),
        ({"from": [150, 50], "lines": [below[0] | {"share": 0.4}], "points": [[350, 550], [130, 130]]}, 1),
        ({"others": box[:2], "lines": disc[2:]}, 2),
        ({"others": box[:1], "lines": [disc[1], disc[2] | {"counts": 0.5}]}, 2),
        ({"lines": [line | {"disc": [209, 130]}]}, 1),  # it reaches into the first
        ({"lines": [line | {"disc": [211, 130]}]}, 0),
    ]
    given = {"places": places, "panel": {"width": 100, "height": 60}, "seen": [one for one, _ in seen]}
    assert run_js(BEST, given) == [best for _, best in seen]
    assert run_js(BEST, given | {"places": []}) == [-1] * len(seen)
    dear = given | {"places": [places[0] | {"cost": 0.75}, *places[1:]]}
    seen = [{}, {"lines": disc[1:]}, {"points": [part[1:] for part in point["points"]]}]
    assert run_js(BEST, dear | {"seen": seen}) == [1, 0, 1]
