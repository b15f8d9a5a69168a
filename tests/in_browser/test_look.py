"""What the explorer looks like in a browser: axes, sizes, themes; and that it leaves nothing behind."""

import pytest
from playwright.sync_api import expect

from tests.in_browser.test_every_page import in_both_themes

SHARED_UNIT = pytest.approx(1, abs=0.01)


# Whether the figure has been drawn at the size of its place.
FILLS = """() => {
  const plot = document.querySelector(".film-plot");
  const [place, svg] = [plot.getBoundingClientRect(), plot.querySelector("svg")];
  return ["width", "height"].every(side => Math.abs(svg[side].baseVal.value - place[side]) < 1);
}"""


def expect_equal_axes(tab):
    assert tab.pixels_per_unit("x") / tab.pixels_per_unit("y") == SHARED_UNIT


def test_equal_axes_in_pixels(explorer):
    """Also after a box zoom, a resize and a reset; beside a colour bar that takes room, the phone asks it below."""
    tab = explorer().open("dataset=stretched&n=200")
    expect_equal_axes(tab)
    opened = tab.ticks("x")
    tab.zoom_into(0.1, 0.4, 0.5, 0.5)
    expect_equal_axes(tab)
    for width, height in ((1000, 900), (1280, 720)):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.wait_for_function(FILLS)
        expect_equal_axes(tab)
    tab.plot.hover()
    tab.plot.locator(".modebar-btn[data-val=reset]").click()
    tab.page.wait_for_function(
        "wanted => [...document.querySelectorAll('.xtick text')].some(text => text.textContent === wanted)",
        arg=f"{opened[0][1]:g}".replace("-", "−"),
    )
    expect_equal_axes(tab)


def test_zoom_is_kept_for_the_same_points_and_given_up_for_others(shared):
    tab = shared("n=200")
    opened = tab.ticks("x")
    tab.zoom_into()
    zoomed = tab.ticks("x")
    assert zoomed != opened
    tab.press("ArrowRight", "ArrowRight")
    tab.expect_frame("1M")
    tab.set("Start seed", 5)
    tab.expect_run("init_seed=5")
    assert tab.ticks("x") == zoomed
    tab.set("Data seed", 171)
    tab.expect_run("data_seed=171")
    wide = tab.ticks("x")
    assert wide[-1][1] - wide[0][1] > 1.5 * (zoomed[-1][1] - zoomed[0][1])


def test_projector_shows_figure_and_controls_without_scrolling(shared):
    tab = shared(width=1280, height=720)
    for part in (tab.plot, tab.film.locator(".film-bar"), tab.page.get_by_text("Log-likelihood −")):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
    plane, curve = tab.plane.bounding_box(), tab.curve.bounding_box()
    assert plane["x"] + plane["width"] < curve["x"]
    assert plane["height"] > 350
    for name in ("New start", "A start that fails"):  # and so is all that begins another run
        button = tab.page.get_by_role("button", name=name).bounding_box()
        assert button["y"] + button["height"] <= 720


def test_phone_stacks_plane_and_curve_and_nothing_in_the_bar_moves(explorer):
    tab = explorer(width=390, height=844).open("dataset=iris&colour=membership")
    expect_equal_axes(tab)
    expect_stacked(tab)
    expect_stacked(tab.turn("dataset=tutorial&frames=steps&it=9", width=390, height=844))
    expect_the_bar_to_stand_still(tab.turn("dataset=tutorial&frames=steps", width=390, height=844))


def expect_stacked(tab):
    plane, curve = tab.plane.bounding_box(), tab.curve.bounding_box()
    assert plane["y"] + plane["height"] < curve["y"]
    assert plane["width"] > 200
    for node in ("html", "[data-testid=stMain]", ".film"):
        wide, room = tab.page.eval_on_selector(node, "node => [node.scrollWidth, node.clientWidth]")
        assert wide <= room, f"{node} overflows"
    for part in tab.film.locator(".film-bar :is(button, select, input, output)").filter(visible=True).all():
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 44 or part.evaluate("node => node.matches('output')"), (
            "too small for a finger"
        )
    assert tab.plot.evaluate(OVERLAPS) == []


def test_nothing_in_the_bar_moves_while_the_film_plays(shared):
    expect_the_bar_to_stand_still(shared("dataset=tutorial&frames=steps"))


def expect_the_bar_to_stand_still(tab):
    """Although the labels of E- and M-steps differ in length."""
    bar = tab.film.locator(".film-bar")
    boxes, labels = set(), set()
    for frame in ("0", "0E", "1M", "1E", "2M", "2E"):
        tab.expect_frame(frame)
        labels.add(tab.film.locator("output").text_content())
        parts = [tab.slider("Frame"), tab.film.locator("output"), bar]
        boxes.add(str([part.bounding_box() for part in parts]))
        wide, room = bar.evaluate("node => [node.scrollWidth, node.clientWidth]")
        assert wide <= room
        with tab.resting():
            tab.press("ArrowRight")
    assert len(labels) == 6
    assert len(boxes) == 1


def expect_buttons_to_cover_nothing(tab):
    """Plotly's own, in the colours of the page."""
    tab.plot.hover()
    buttons = tab.plot.locator(".modebar-btn")
    group = tab.plot.locator(".modebar-group").first
    expect(group).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    colour = tab.app.evaluate("node => getComputedStyle(node).color")
    expect(buttons.first.locator("path")).to_have_css("fill", colour)
    places = [plane.bounding_box() for plane in (tab.plane, tab.curve)]
    texts = [
        text.bounding_box() for text in tab.plot.locator(".xtick text, .x2tick text, .infolayer text").all()
    ]
    for button in buttons.all():
        box = button.bounding_box()
        for other in places + texts:
            beside = box["x"] + box["width"] <= other["x"] or other["x"] + other["width"] <= box["x"]
            apart = box["y"] + box["height"] <= other["y"] or other["y"] + other["height"] <= box["y"]
            assert beside or apart
    expect(tab.plot.get_by_role("button", name="Share")).to_have_count(0)  # it would upload the chart


# Pairs of the figure's texts that cover each other, and texts that reach out of the figure.
OVERLAPS = """plot => {
  const frame = plot.getBoundingClientRect();
  const texts = [...plot.querySelectorAll("text")].filter(text => text.textContent && !text.closest(".scatterlayer"));
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  const out = boxes.filter(([, b]) => b.left < frame.left || b.right > frame.right + 1 || b.bottom > frame.bottom + 1);
  const pairs = boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${one} on ${other}`));
  return [...out.map(([text]) => `${text} is cut`), ...pairs];
}"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_no_labels_overlap(shared, size):
    tab = shared("dataset=iris&colour=membership", width=size[0], height=size[1])
    assert tab.plot.evaluate(OVERLAPS) == []


def test_light_and_dark(explorer):
    """Text follows the theme, also when it changes while the page is open."""
    tab = explorer(color_scheme="light").open("n=200&frames=whole")
    in_both_themes(tab, expect_buttons_to_cover_nothing)
    expect(tab.app).to_have_css("color-scheme", "light")
    tick = tab.plot.locator(".xtick text").first
    button = tab.button("Play")
    expect(tick).to_have_css("fill", tab.app.evaluate("node => getComputedStyle(node).color"))
    light = tick.evaluate("node => getComputedStyle(node).fill")
    tab.page.emulate_media(color_scheme="dark")
    expect(tick).not_to_have_css("fill", light)
    expect(tick).to_have_css("fill", tab.app.evaluate("node => getComputedStyle(node).color"))
    expect(button).to_have_css("color", tab.app.evaluate("node => getComputedStyle(node).color"))
    tab.button("Play").click()
    tab.expect_past(1)
    dark = explorer(color_scheme="dark").open("n=200")  # from the first
    expect(dark.plot.locator(".xtick text").first).not_to_have_css("fill", light)


def test_another_page_gets_every_listener_back(shared):
    tab = shared("n=100&tol=0&max_iter=40&frames=whole")
    cdp = tab.context.new_cdp_session(tab.page)

    def listeners():
        """Count the key listeners of the document."""
        node = cdp.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
        found = cdp.send("DOMDebugger.getEventListeners", {"objectId": node})["listeners"]
        return [listener["type"] for listener in found].count("keydown")

    with_film = listeners()
    tab.film.get_by_label("Speed").select_option("Fastest")
    tab.button("Play").click()
    tab.expect_past(1)  # and leave while it plays
    tab.go("collapse")
    assert listeners() == with_film
    tab.go("explorer")
    tab.settled()
    assert listeners() == with_film
    assert tab.page.locator("script[src*=plotly]").count() == 1
    tab.press("ArrowRight")
    tab.expect_frame("0E")
    cdp.detach()
