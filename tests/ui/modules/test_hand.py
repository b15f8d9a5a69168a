"""hand.js: a point in the hand has lines and bars of its responsibilities, which are Python's, at every moment."""

import numpy as np
import pytest

from gmmviz.em import e_step
from gmmviz.kmeans import assign
from gmmviz.pages.compare.figure import compare_film
from tests.pages.compare.test_figure import fits_of
from tests.ui.modules.films import Shown, as_sent, dense, explored, four_features, paired
from tests.ui.modules.mixtures import glided
from tests.ui.modules.on_stage import css, in_pixels, on_stage, where
from tests.ui.modules.test_bars import percent

WIDE = 9  # px, of a line that is all responsible, in a plane of the usual size
SIZE = (800, 600)
MARK = np.sqrt(800 * 600) / 560

# What each plane's hand shows of a point that is pinned.
HELD = """for (const box of boxes) {
  box.className = "stage-plane";
  Object.assign(box.style, { width: `${width}px`, height: `${height}px` });
}
const hands = read.planes.map((_, i) => here.layer(i, "hand")).filter(Boolean);
const shownOf = (hand, kind = "pinned") => {
  const { group, lines, rings, panel } = hand[kind], { node, rows, none } = panel;
  const seen = (element) => element.style.display !== "none";
  const box = node.getBoundingClientRect(), around = hand.box.getBoundingClientRect();
  return {
    held: seen(group) && seen(node),
    lines: lines.map(([halo, line]) => seen(line) && seen(halo) &&
      [...numbersOf(line, "x1", "y1", "x2", "y2", "stroke-width"), line.getAttribute("stroke")]),
    ring: numbersOf(rings[1], "cx", "cy", "r"),
    said: panel.where.textContent, none: seen(none) && none.textContent,
    rows: rows.map(({ row, name, track, bar, text }) => ({
      name: name.textContent, text: text.textContent, known: Number(row.style.opacity), colour: track.style.color,
      bar: Number.parseFloat(bar.style.width) / 100, first: row.classList.contains("stage-bars-first"),
    })),
    panel: node.style.visibility !== "hidden" && [box.x - around.x, box.y - around.y, box.width, box.height],
  };
};
const hold = (n, kind = "pinned") => hands.forEach((hand) => hand.hold(kind, n));
"""
AT = (
    HELD
    + "hold(given.n); return given.positions.map((p) => painted(p, () => hands.map((hand) => shownOf(hand))));"
)


def held(run_js, shown, n, positions, **where_):
    return on_stage(run_js, shown, AT, n=int(n), positions=positions, **({"size": SIZE} | where_))


def contested(shown, t):
    """The row of the point of which a run is least sure at iteration t."""
    return e_step(shown.dataset.X, shown.run.states[t].mixture)[0].max(axis=1).argmin()


def assert_shows(found, shares, own, means, known=1.0, numbers=None):
    """Lines as wide as shares (K,), from own (2,) to means (K, 2), in px; and bars of the same."""
    for k, line in enumerate(found["lines"]):
        share = known * shares[k]
        if share < 0.01:
            assert line is False
            continue
        *ends, width, colour = line
        np.testing.assert_allclose(ends, [*own, *means[k]], atol=0.006)
        assert width == pytest.approx(WIDE * MARK * share, abs=6e-4)
        assert colour == css(k)
    np.testing.assert_allclose(found["ring"][:2], own, atol=0.006)
    order = range(len(shares)) if numbers is None else np.argsort(numbers)
    for row, k in zip(found["rows"], order, strict=True):
        assert row["name"] == str(k + 1 if numbers is None else numbers[k])
        assert row["bar"] == pytest.approx(shares[k], abs=6e-5)
        assert row["known"] == pytest.approx(known)
        assert row["first"] is bool(k == np.argmax(shares))
        assert row["colour"] == css(k)


@pytest.mark.parametrize("film", [explored, four_features])
def test_at_an_e_step_lines_and_bars_are_its_responsibilities(run_js, film):
    shown = film()
    for n in [contested(shown, 2), 0, len(shown.dataset.X) - 1]:
        found = [planes[0] for planes in held(run_js, shown, n, [1, 3, 5])]
        own = in_pixels(shown.dataset.X[n, :2], shown, SIZE)
        for t, one in enumerate(found):
            mixture = shown.run.states[t].mixture
            R = e_step(shown.dataset.X[[n]], mixture)[0][0]
            assert_shows(one, R, own, in_pixels(mixture.means[:, :2], shown, SIZE))
            assert [row["text"] for row in one["rows"]] == [percent(share) for share in R]
            assert (one["held"], one["none"]) == (True, False)
            assert one["said"] == f"Point at {where(*shown.dataset.X[n, :2])}"


def test_some_of_them_are_contested(run_js):
    """Else the tests here would compare ones and zeros."""
    shown = explored()
    R = e_step(shown.dataset.X, shown.run.states[2].mixture)[0]
    assert np.sort(R[contested(shown, 2)])[-2] > 0.2


def test_between_two_e_steps_they_fade_as_the_colours_do_and_the_means_glide(run_js):
    shown = explored()
    n, X = contested(shown, 2), shown.dataset.X
    R = [e_step(X[[n]], state.mixture)[0][0] for state in shown.run.states]
    own = in_pixels(X[n], shown, SIZE)
    (m_step,), (fading,) = held(run_js, shown, n, [3.25, 4.25])  # the M-step to 2; its E-step
    assert_shows(m_step, R[1], own, in_pixels(glided(shown.run.states, 1.25).means, shown, SIZE))
    assert_shows(
        fading, 0.75 * R[1] + 0.25 * R[2], own, in_pixels(shown.run.states[2].mixture.means, shown, SIZE)
    )


def test_before_the_first_e_step_nothing_is_assigned_and_then_it_comes_to_be_known(run_js):
    shown = explored()
    n = contested(shown, 0)
    (start,), (coming,) = held(run_js, shown, n, [0, 0.25])
    assert start["none"] == "not assigned yet"
    assert start["lines"] == [False] * 3
    assert [row["known"] for row in start["rows"]] == [0] * 3
    mixture = shown.run.states[0].mixture
    R = e_step(shown.dataset.X[[n]], mixture)[0][0]
    own = in_pixels(shown.dataset.X[n], shown, SIZE)
    assert_shows(coming, R, own, in_pixels(mixture.means, shown, SIZE), known=0.25)
    assert coming["none"] is False


@pytest.mark.parametrize("reveal", [False, True])
def test_of_k_means_it_is_one_full_bar_whatever_the_points_colours_say(run_js, reveal):
    shown = paired(reveal=reveal)
    X, states = shown.dataset.X, shown.run.kmeans.states
    for n in (0, 20, 40):
        hard, soft = held(run_js, shown, n, [3])[0]
        (label,) = assign(X[[n]], states[1].centres)
        own = in_pixels(X[n], shown, SIZE)
        assert_shows(hard, np.eye(3)[label], own, in_pixels(states[1].centres, shown, SIZE))
        assert sorted(row["text"] for row in hard["rows"]) == ["0\u00a0%", "0\u00a0%", "100\u00a0%"]
        mixture = shown.run.em.states[1].mixture
        R = e_step(X[[n]], mixture)[0][0]
        assert_shows(soft, R, own, in_pixels(mixture.means, shown, SIZE))


def test_the_density_has_lines_to_its_means_too(run_js):
    shown = dense()
    ((found,),) = held(run_js, shown, 7, [3])
    mixture = shown.run.states[1].mixture
    R = e_step(shown.dataset.X[[7]], mixture)[0][0]
    assert_shows(found, R, in_pixels(shown.dataset.X[7], shown, SIZE), in_pixels(mixture.means, shown, SIZE))


def test_of_many_components_the_others_are_one_row_without_a_colour(run_js):
    shown = explored(k=8, n=80)
    n = contested(shown, 2)
    ((found,),) = held(run_js, shown, n, [5])
    R = e_step(shown.dataset.X[[n]], shown.run.states[2].mixture)[0][0]
    *five, others = found["rows"]
    largest = np.sort(np.argsort(-R, kind="stable")[:5])
    assert [row["name"] for row in five] == [str(k + 1) for k in largest]
    np.testing.assert_allclose([row["bar"] for row in five], R[largest], atol=6e-5)
    assert (others["name"], others["colour"]) == ("others", "")
    assert others["bar"] == pytest.approx(np.delete(R, largest).sum(), abs=6e-5)
    assert len(found["lines"]) == 8


# --- Where the panel stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(800, 600), (1300, 900), (330, 320), (340, 240)])
def test_the_panel_is_inside_its_plane_beside_the_point_and_stays_while_the_film_plays(run_js, size):
    shown, near = explored(), 0
    for n in range(0, 60, 6):
        seen = [planes[0] for planes in held(run_js, shown, n, [1, 2.5, 5, 12], size=size)]
        left, top, width, height = seen[0]["panel"]
        assert all(one["panel"] == seen[0]["panel"] for one in seen)
        assert (left >= 3.9, top >= 3.9, left + width <= size[0] - 3.9, top + height <= size[1] - 3.9) == (
            True,
        ) * 4
        x, y = in_pixels(shown.dataset.X[n], shown, size)
        away = max(left - x, x - left - width, top - y, y - top - height)
        assert away >= 13.9
        near += away <= 15.1  # its size is whole px
    assert near >= (8 if size[0] > 400 else 1)  # else in a corner


def test_where_there_is_no_room_or_the_point_is_not_in_view_there_are_lines_alone(run_js):
    shown = explored()
    n = contested(shown, 2)
    ((small,),) = held(run_js, shown, n, [5], size=(130, 90))
    assert small["panel"] is False
    assert small["held"] is True
    assert any(small["lines"])
    x, y = shown.dataset.X[n]
    ((away,),) = held(run_js, shown, n, [5], box=[[x + 1, x + 9], [y - 4, y + 4]])
    assert away["panel"] is False


def test_it_does_not_hide_the_line_that_says_most(run_js):
    shown = explored()
    covered = 0
    for n in range(0, 60, 3):
        ((one,),) = held(run_js, shown, n, [5])
        left, top, width, height = one["panel"]
        widest = max((line for line in one["lines"] if line), key=lambda line: line[4])
        at = np.linspace(widest[:2], widest[2:4], 300)
        covered += ((at > [left, top]) & (at < [left + width, top + height])).all(axis=1).any()
    assert covered <= 2


def test_its_words_are_large_enough_in_every_plane(run_js):
    body = (
        HELD
        + """hold(3), here.paint(1);
    return [...boxes[0].querySelectorAll(".stage-bars *")].filter((node) => node.textContent)
      .map((node) => Number.parseFloat(getComputedStyle(node).fontSize));"""
    )
    for size in [(330, 240), (800, 600), (1500, 1000)]:
        assert min(on_stage(run_js, explored(), body, size=size)) >= 12


def test_two_points_can_be_in_the_hand_and_their_panels_are_apart(run_js):
    body = (
        HELD
        + """here.paint(5), hold(given.n);
    const both = () => ["pinned", "hovered"].map((kind) => shownOf(hands[0], kind));
    return given.others.map((n) => (hold(n, "hovered"), both()));"""
    )
    shown = explored()
    n, others = int(contested(shown, 2)), [0, 10, 20, 30, 40, 50]
    apart = 0
    for other, (pinned, hovered) in zip(
        others, on_stage(run_js, shown, body, n=n, others=others, size=SIZE), strict=True
    ):
        for row, one in ((n, pinned), (other, hovered)):
            mixture = shown.run.states[2].mixture
            R = e_step(shown.dataset.X[[row]], mixture)[0][0]
            own = in_pixels(shown.dataset.X[row], shown, SIZE)
            assert_shows(one, R, own, in_pixels(mixture.means, shown, SIZE))
        (left, top, width, height), (x, y, wide, high) = pinned["panel"], hovered["panel"]
        apart += not (left < x + wide and x < left + width and top < y + high and y < top + height)
    assert apart == len(others)


def test_let_go_it_leaves_nothing(run_js):
    body = (
        HELD
        + """here.paint(5), hold(3); const before = shownOf(hands[0]).held;
    hold(-1); const after = shownOf(hands[0]).held; here.paint(6);
    return [before, after, shownOf(hands[0]).held, here.layer(0, "hand").standing()];"""
    )
    assert on_stage(run_js, explored(), body) == [True, False, False, {}]


def test_dragged_and_fitted_anew_it_follows_the_point(run_js):
    box = [[-3.0, 1.0], [-2.0, 3.5]]
    body = (
        HELD
        + """here.paint(5), hold(given.n);
    const toPixels = numbers.pixelsOf(given.dragged, width, height);
    here.drag([toPixels]), here.paint(5); const dragged = shownOf(hands[0]);
    place.toPixels = toPixels, fit(), here.paint(5);
    return [dragged, shownOf(hands[0])];"""
    )
    shown = explored()
    X = shown.dataset.X
    n = int(np.flatnonzero(((X > [-2.5, -1]) & (X < [0.5, 3])).all(axis=1))[0])
    dragged, rested = on_stage(run_js, shown, body, n=n, dragged=box, size=SIZE)
    np.testing.assert_allclose(dragged["ring"][:2], in_pixels(X[n], shown, SIZE, box), atol=0.006)
    assert dragged == rested


def test_another_point_and_another_size_of_the_plane_find_the_panel_a_place_of_their_own(run_js):
    body = (
        HELD
        + """here.paint(5), hold(given.first), hold(given.n);
    const [other] = hands.map((hand) => shownOf(hand));
    Object.assign(place, { width: 360, height: 330, toPixels: numbers.pixelsOf(given.box, 360, 330) });
    boxes.forEach(({ style }) => Object.assign(style, { width: "360px", height: "330px" }));
    fit(), here.paint(5);
    return [other, shownOf(hands[0])];"""
    )
    shown = explored()
    n = int(contested(shown, 2))
    first = int(np.abs(shown.dataset.X - shown.dataset.X[n]).sum(axis=1).argmax())
    other, fitted = on_stage(run_js, shown, body, first=first, n=n, size=SIZE)
    assert other == held(run_js, shown, n, [5])[0][0]
    assert fitted == held(run_js, shown, n, [5], size=(360, 330))[0][0]


# --- Several planes, and a file ---------------------------------------------------------------------------------------


def compared():
    """The film of panels with the same points, whose components go by numbers matched to the first's."""
    fits = fits_of(vary="init", n=60)
    return Shown(as_sent(compare_film(fits)), fits[0].dataset, fits[0].run), fits


def test_panels_show_the_same_point_each_with_its_own_shares_and_numbers(run_js):
    shown, fits = compared()
    n = contested(shown, 2)
    (found,) = held(run_js, shown, n, [5])
    assert len(found) == len(fits) > 2
    assert any(list(fit.numbers) != [1, 2, 3] for fit in fits)
    for one, fit in zip(found, fits, strict=True):
        R = e_step(fit.dataset.X[[n]], fit.run.states[2].mixture)[0][0]
        by_number = dict(zip([str(number) for number in fit.numbers], R, strict=True))
        assert {row["name"]: row["text"] for row in one["rows"]} == {
            name: percent(share) for name, share in by_number.items()
        }
        assert {row["name"]: row["colour"] for row in one["rows"]} == {str(k + 1): css(k) for k in range(3)}


def test_in_a_file_the_pinned_point_has_its_lines_under_the_discs(run_js):
    shown = explored()
    shares = e_step(shown.dataset.X, shown.run.states[2].mixture)[0]
    n = int((shares.max(axis=1) + (shares.min(axis=1) >= 0.01)).argmin())  # one has too little for a line
    body = HELD + "hold(given.n), hold(given.other, 'hovered'), here.paint(5); return here.standing().traces;"
    traces = on_stage(run_js, shown, body, n=n, other=(n + 1) % 60, size=SIZE)
    mixture = shown.run.states[2].mixture
    R = e_step(shown.dataset.X[[n]], mixture)[0][0]
    assert (R < 0.01).any()
    first = 1 + 9  # after the points and the rings
    wide = [k for k in range(3) if R[k] >= 0.01]
    own = shown.dataset.X[n]
    for trace, k in zip(traces[first:], wide, strict=False):
        np.testing.assert_allclose([trace["x"], trace["y"]], np.transpose([own, mixture.means[k]]), atol=1e-9)
        assert trace["line"] == {"color": css(k), "width": pytest.approx(WIDE * MARK * R[k])}
    ring = traces[first + len(wide)]
    np.testing.assert_allclose([ring["x"][0], ring["y"][0]], own, atol=1e-9)
    assert ring["marker"]["symbol"] == "circle-open"
    assert (
        len(traces) == first + len(wide) + 1 + 3 + 1 + 1
    )  # the means' ways, the discs, the marker on the curve
