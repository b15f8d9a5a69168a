"""The page on comparing in a browser: panels in step, an end that stays, and the way to the explorer and back."""

from playwright.sync_api import expect

from gmmviz.numerals import numeral
from gmmviz.pages.compare.settings import Compare

# Of each panel: its discs, whether it says that it has ended, and its plane's size.
PANELS = """plot => {
  const { stage, scene } = plot.film;
  return scene.planes.map((_, i) => ({
    discs: stage.layer(i, "means").discs.map(disc => disc.getAttribute("transform") + disc.textContent).join(),
    ended: stage.layer(i, "ended").text.style.display !== "none",
    size: [stage.boxes[i].clientWidth, stage.boxes[i].clientHeight],
  }));
}"""


def test_panels_play_in_step_end_where_they_end_and_open_in_the_explorer(shared):
    tab = shared("n=150&max_iter=30", page="compare")
    fits = [
        (panel, panel.experiment.run(panel.experiment.data().X))
        for panel in Compare(n=150, max_iter=30).panels()
    ]
    ends = [run.states[-1].iteration for _, run in fits]
    assert len(set(ends)) > 1
    before = tab.plot.evaluate(PANELS)
    assert not any(panel["ended"] for panel in before)
    for panel in before:
        assert min(panel["size"]) >= 220
    tab.press("ArrowRight", "ArrowRight")
    tab.expect_frame("1M")
    for one, other in zip(before, tab.plot.evaluate(PANELS), strict=True):
        assert one["discs"] != other["discs"]
    first = min(ends)
    tab.slider("Frame").fill(str(2 * first))
    tab.expect_frame(f"{first}M")
    stopped = tab.plot.evaluate(PANELS)
    assert [panel["ended"] for panel in stopped] == [end == first for end in ends]
    with tab.resting():
        tab.press("End")
    tab.expect_frame(f"{max(ends)}M")
    last = tab.plot.evaluate(PANELS)
    assert all(panel["ended"] for panel in last)
    for end, one, other in zip(ends, stopped, last, strict=True):
        assert (one["discs"] == other["discs"]) == (end == first)
    tab.settled()

    panel, run = fits[1]
    tab.page.get_by_role("link", name=f"{panel.letter}  {panel.title}").click()
    tab.expect_run("Explorer(")
    expect(
        tab.page.get_by_text(f"Log-likelihood {numeral(run.states[-1].log_likelihood, '.3f')}")
    ).to_be_visible()
    tab.page.go_back()
    tab.expect_run("Compare(")
    tab.settled()
    tab.expect_frame(f"{max(ends)}M")
    tab.expect_address(n=150, max_iter=30, it=max(ends))


def test_a_value_is_typed_and_one_that_is_none_is_left_out(shared):
    tab = shared("n=60&max_iter=20", page="compare")
    tab.choose("Vary one setting", "Start seed")
    tab.expect_run("vary='init_seed'")
    tab.settled()
    values = tab.page.get_by_role("combobox", name="Its values")
    for left in ("'0', '1', '2', '3', '4'", "'0', '1', '2', '3'", "'0', '1', '2'"):
        values.press("Backspace")
        tab.expect_run(f"values=({left})")
        tab.settled()
    for typed in ("41", "seven"):
        values.fill(typed)
        values.press("Enter")
        tab.expect_run("values=('0', '1', '2', '41')")
        tab.settled()
    tab.expect_address(n=60, max_iter=20, vary="init_seed", values="0,1,2,41")
    assert len(tab.plot.evaluate(PANELS)) == 4
