"""figure.js without Plotly: when it draws, what is under the pointer, and the room that it asks of the style sheet."""

import pytest

from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")
BESIDE = """document.body.innerHTML = given.html;
const quiet = { drawn() {}, dragged() {}, pointed() {}, clicked() {} };
const here = new figure.Figure(document.querySelector(".film"), quiet);
const drawings = [];
try {
  %s
} finally {
  here.close();
  document.body.replaceChildren();
}"""


@pytest.fixture
def beside(run_js):
    """A function that runs JavaScript beside a figure, `here`, that has drawn nothing yet."""
    return lambda body, **given: run_js(BESIDE % body, {"html": HTML, **given})


def test_what_changes_while_it_draws_is_drawn_once_more(beside):
    drawings = beside(
        """let size = 1;
        here.draw = async () => { const drawn = size; await null; drawings.push(drawn); };
        const first = here.redraw(); size = 2; here.redraw(); size = 3; here.redraw();
        await first; size = 4; await here.redraw();
        return drawings;"""
    )
    assert drawings == [1, 3, 4]


def test_after_a_drawing_that_failed_it_draws_again(beside):
    drawings = beside(
        """here.draw = () => Promise.reject(new Error("It failed."));
        const said = await here.redraw().catch((error) => error.message);
        here.draw = async () => drawings.push("drawn"); await here.redraw();
        return [said, ...drawings];"""
    )
    assert drawings == ["It failed.", "drawn"]


def test_a_closed_figure_draws_no_more(beside):
    drawings = beside(
        """here.draw = async () => drawings.push("drawn");
        here.close(); await here.redraw();
        return drawings;"""
    )
    assert drawings == []


def test_the_pointer_is_over_one_plane_or_none(beside):
    found = beside(
        """here.boxes = { planes: [[100, 50], [400, 50]].map(([left, top]) =>
          ({ getBoundingClientRect: () => ({ left, top, width: 200, height: 300 }) })) };
        return given.places.map(([clientX, clientY]) => here.placeUnder({ clientX, clientY }));""",
        places=[
            [110, 60],
            [100, 50],
            [300, 350],
            [410, 349],
            [99, 60],
            [301, 60],
            [350, 60],
            [110, 49],
            [110, 351],
        ],
    )
    assert [place and (place["plane"], place["x"], place["y"]) for place in found] == [
        (0, 10, 10), (0, 0, 0), (0, 200, 300), (1, 10, 299), None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(("planes", "side"), [([""], ["2"]), (["", "2"], [])])
def test_it_tells_the_style_sheet_what_stands_above_and_how_high_it_may_be(beside, planes, side):
    said, above, most = beside(
        """document.body.style.margin = 0;
        document.body.insertAdjacentHTML("afterbegin", "<div style='height: 70px'></div>");
        here.meta = given.meta;
        const read = (name) => here.root.style.getPropertyValue(`--film-${name}`);
        const said = [1000, 400, 1000].map((width) => {
          here.root.style.width = `${width}px`, here.makeRoom();
          const told = ["above", "beside", "bar", "most", "height"].map(read);
          return [here.root.classList.contains("film-narrow"), ...told];
        });
        const above = here.above();
        document.body.style.margin = "";
        return [said, above, layout.mostHeight(given.meta, 1000)];""",
        meta={"planes": planes, "side": side},
    )
    first, narrow, again = said
    assert above == 70
    assert first == again  # nothing of the narrow figure stays
    assert (first[0], first[1], first[5]) == (False, "70px", "")
    assert float(first[4][:-2]) == pytest.approx(most)
    assert float(first[2][:-2]) == 70 + float(first[3][:-2]) + 3
    assert (narrow[0], narrow[1]) == (True, "70px")
    assert float(narrow[5][:-2]) > 180 * len(planes)


PAN = """here.meta = { planes: [""], side: [] }; here.places = [{}];
here.node._fullLayout = { xaxis: { range: [0, 8] }, yaxis: { range: [-4, 4] } };
here.draw = async () => drawings.push(structuredClone(here.zoom));
"""


@pytest.mark.parametrize(
    ("way", "shown"),
    [
        ([1, 0], [[1, 9], [-4, 4]]),
        ([-1, 0], [[-1, 7], [-4, 4]]),
        ([0, 1], [[0, 8], [-3, 5]]),
        ([0, -1], [[0, 8], [-5, 3]]),
    ],
)
def test_a_key_shows_what_lies_beside_and_the_next_goes_on_from_there(beside, way, shown):
    first, second, zoomed = beside(
        PAN
        + """here.pan(...given.way); await here.drawing; here.pan(...given.way); await here.drawing;
        here.zoom = [[10, 12], [1, 3]]; here.pan(1, 0); await here.drawing;
        return drawings;""",
        way=way,
    )
    assert first == shown
    before, (once, twice) = [[0, 8], [-4, 4]], (first, second)
    for old, middle, new in zip(before, once, twice, strict=True):
        assert new[0] - middle[0] == middle[0] - old[0]
    assert zoomed == [[10.25, 12.25], [1, 3]]  # by a part of what is seen


def test_before_anything_is_drawn_there_is_nothing_to_pan(beside):
    assert beside("return [here.pan(1, 0), here.zoom ?? null];") == [False, None]


def test_on_a_phone_planes_that_fill_the_screen_are_brought_up_under_the_header(beside):
    tops = beside(
        """document.body.style.margin = 0;
        document.body.insertAdjacentHTML("afterbegin",
          `<div data-testid="stHeader" style="position: fixed; top: 0; height: 44px"></div>
          <div style="height: 300px"></div>`);
        here.root.style.minHeight = "5000px";
        const found = ["", "film-narrow", "film-many film-narrow"].map((names) => {
          here.root.className = `film ${names}`, here.bringUp();
          return here.root.getBoundingClientRect().top;
        });
        scrollTo(0, 0), document.body.style.margin = "";
        return found;"""
    )
    assert tops == [300, 300, 44]
