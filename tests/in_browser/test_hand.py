"""A point in the hand, in a browser: under the pointer, tapped, clicked, chosen by key; while the film plays."""

import numpy as np
from playwright.sync_api import expect

from gmmviz.em import e_step
from gmmviz.numerals import numeral
from gmmviz.pages.explorer.settings import Explorer

N, LAST = 100, 12


def computed():
    """Return the points, and the responsibilities of each iteration."""
    experiment = Explorer(n=N, max_iter=LAST, tol=0.0)
    X = experiment.data().X
    states = experiment.run(X).states
    return X, [e_step(X, state.mixture)[0] for state in states], states


def lonely(X, states, rows=2):
    """Return the points farthest from all others and from the means at start and end: nothing else is near them."""
    means = np.vstack([states[0].mixture.means, states[-1].mixture.means])
    others = [np.hypot(*(np.vstack([np.delete(X, n, axis=0), means]) - X[n]).T).min() for n in range(N)]
    inside = (abs(X - X.mean(axis=0)) < 1.5 * X.std(axis=0)).all(axis=1)
    return sorted(np.flatnonzero(inside), key=lambda n: -others[n])[:rows]


def test_bars_and_lines_follow_the_point_that_is_hovered_pinned_or_chosen_by_key(explorer):
    tab = explorer(has_touch=True).open(f"n={N}&max_iter={LAST}&tol=0")
    X, R, states = computed()
    one, other = lonely(X, states)
    bars = {kind: tab.plot.locator(f".stage-bars-{kind}") for kind in ("pinned", "hovered")}
    lines = tab.plot.locator(".stage-hand-pinned line[stroke]:visible")
    announced = tab.film.locator(".film-point")

    def place(n):
        plane, (x, y, _) = tab.plane.bounding_box(), tab.drawn()[0][n].split(",", 2)
        return plane["x"] + float(x), plane["y"] + float(y)

    def expect_bars(kind, n, t):
        where = ", ".join(numeral(value, ".4g") for value in X[n])
        expect(bars[kind]).to_contain_text(f"Point at ({where})")
        for k, share in enumerate(R[t][n]):
            text = ">99.9" if share >= 0.9995 else "<0.1" if share < 0.0005 else f"{100 * share:.1f}"
            expect(bars[kind].locator(".stage-bars-row").nth(k)).to_have_text(f"{k + 1}{text}\u00a0%")

    # Under the pointer, without words; a mean has its own.
    tab.page.mouse.move(*place(one))
    expect(bars["hovered"]).to_contain_text("not assigned yet")
    tab.press("ArrowRight")  # the pointer rests where it is
    tab.expect_frame("0E")
    expect_bars("hovered", one, 0)
    words = tab.plot.locator(".hoverlayer .hovertext")
    expect(words).to_have_count(0)
    disc = tab.plot.locator(".stage-disc").first.bounding_box()
    tab.page.mouse.move(disc["x"] + disc["width"] / 2, disc["y"] + disc["height"] / 2)
    expect(words).to_contain_text("mean of component")
    expect(bars["hovered"]).to_be_hidden()

    # Pinned, it stays while the film plays, and its bars are those of the moment.
    tab.page.mouse.click(*place(one))
    expect_bars("pinned", one, 0)
    tab.film.get_by_role("combobox").select_option("Fastest")
    with tab.resting():
        tab.button("Play").click()
    tab.expect_frame(f"{LAST}M")
    expect_bars("pinned", one, LAST - 1)
    expect(lines).to_have_count(int((R[LAST - 1][one] >= 0.01).sum()))
    k = R[LAST - 1][one].argmax()
    expect(announced).to_contain_text(f"component {k + 1} ")

    # A tap moves it, Escape lets go.
    tab.page.touchscreen.tap(*place(other))
    expect_bars("pinned", other, LAST - 1)
    tab.press("Escape")
    expect(bars["pinned"]).to_be_hidden()
    expect(announced).to_have_text("No point is chosen.")

    # By key: the least sure one, and from there to the next.
    tab.press("p")
    contested = R[LAST - 1].max(axis=1).argmin()
    expect_bars("pinned", contested, LAST - 1)
    tab.press("Shift+ArrowLeft")
    expect(announced).not_to_contain_text(numeral(X[contested][0], ".4g"))
    found = tab.plot.evaluate("plot => plot.film.chosen.pinned.n")
    assert X[found][0] < X[contested][0]
    expect_bars("pinned", found, LAST - 1)
    tab.expect_frame(f"{LAST}M")
    expect(tab.button("Choose a point")).to_have_attribute("aria-pressed", "true")
