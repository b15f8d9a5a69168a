"""film.js: where a film opens, how it moves, what the server hears, and the address at which it rests."""

import json
from itertools import pairwise

import numpy as np
import pytest

from gmmviz.em import e_step
from gmmviz.kmeans import assign
from tests.ui.modules.films import explored, lined, paired
from tests.ui.modules.on_stage import where
from tests.ui.modules.page import MODULES
from tests.ui.modules.test_bars import percent

WHOLE, STEPS = "whole", "steps"
EVERY, THINNED = [0, 1, 2, 3, 4, 5], [0, 1, 2, 5, 9]


def scene(mode, iterations):
    return {"mode": mode, "iterations": iterations, "T": len(iterations)}


def stood(mode, iterations, position):
    """A film of the same run as it stood before."""
    return {"scene": scene(mode, iterations), "position": position}


@pytest.mark.parametrize(
    ("mode", "iterations", "put", "before", "stop"),
    [
        pytest.param(WHOLE, EVERY, 0, None, 0, id="new: at the start"),
        pytest.param(STEPS, EVERY, 0, None, 0, id="new: at the start, uncoloured"),
        pytest.param(WHOLE, THINNED, 5, None, 3, id="new: where it is put"),
        pytest.param(WHOLE, THINNED, 8, None, 3, id="new: at the last one shown before"),
        pytest.param(WHOLE, THINNED, 99, None, 4, id="new: no further than its end"),
        pytest.param(STEPS, EVERY, 3, None, 7, id="new: both halves are done"),
        pytest.param(STEPS, EVERY, 5, None, 10, id="new: at the end there is one half"),
        pytest.param(STEPS, THINNED, 8, None, 7, id="new: halves of a thinned film"),
        pytest.param(WHOLE, [0], 0, None, 0, id="new: nothing but the start"),
        pytest.param(STEPS, [0], 7, None, 0, id="new: nothing but the start, put beyond it"),
        pytest.param(STEPS, EVERY, 0, stood(STEPS, EVERY, 6), 6, id="the same film: an M-step"),
        pytest.param(STEPS, EVERY, 0, stood(STEPS, EVERY, 7), 7, id="the same film: an E-step"),
        pytest.param(STEPS, EVERY, 5, stood(STEPS, EVERY, 0), 0, id="the same film: at the start it stays"),
        pytest.param(STEPS, EVERY, 0, stood(STEPS, EVERY, 6.4), 6, id="the same film: moving, just begun"),
        pytest.param(STEPS, EVERY, 0, stood(STEPS, EVERY, 6.6), 7, id="the same film: moving, almost there"),
        pytest.param(WHOLE, THINNED, 0, stood(WHOLE, list(range(10)), 5), 3, id="thinned: the same iteration"),
        pytest.param(WHOLE, THINNED, 0, stood(WHOLE, list(range(10)), 7), 3, id="thinned: the one before"),
        pytest.param(WHOLE, list(range(10)), 0, stood(WHOLE, THINNED, 3), 5, id="no longer thinned"),
        pytest.param(WHOLE, THINNED, 5, stood(WHOLE, [0, 1], 0), 0, id="thinned: stood at the start, put elsewhere"),
        pytest.param(STEPS, EVERY, 0, stood(WHOLE, EVERY, 3), 7, id="now in halves: both are done"),
        pytest.param(STEPS, EVERY, 0, stood(WHOLE, EVERY, 0), 0, id="now in halves: at the start"),
        pytest.param(STEPS, EVERY, 0, stood(WHOLE, EVERY, 5), 10, id="now in halves: at the end"),
        pytest.param(WHOLE, EVERY, 0, stood(STEPS, EVERY, 6), 3, id="now whole: from an M-step"),
        pytest.param(WHOLE, EVERY, 0, stood(STEPS, EVERY, 7), 3, id="now whole: from an E-step"),
        pytest.param(WHOLE, EVERY, 4, stood(STEPS, EVERY, 1), 0, id="now whole: from the first E-step"),
        pytest.param(
            STEPS, list(range(10)), 0, stood(STEPS, THINNED, 1), 1, id="no longer thinned: the first E-step"
        ),
        pytest.param(
            STEPS, list(range(10)), 4, stood(STEPS, THINNED, 0), 0, id="no longer thinned: uncoloured still"
        ),
        pytest.param(STEPS, list(range(10)), 0, stood(STEPS, THINNED, 6), 11, id="no longer thinned: both halves"),
    ],
)  # fmt: skip
def test_where_a_film_opens(run_js, mode, iterations, put, before, stop):
    given = [scene(mode, iterations), put, before]
    assert run_js("return film.opensAt(...given)", given) == stop


@pytest.mark.parametrize(
    ("address", "iteration", "home", "then"),
    [
        ("http://x/", 0, 0, "http://x/"),
        ("http://x/", 7, 0, "http://x/?it=7"),
        ("http://x/density?k=5&it=3", 12, 0, "http://x/density?k=5&it=12"),
        ("http://x/?it=3&k=5", 0, 0, "http://x/?k=5"),
        ("http://x/?it=3", 0, 0, "http://x/"),
        ("http://x/?it=3&k=5&it=4", 9, 0, "http://x/?it=9&k=5"),
        ("http://x/?it=3&it=4#here", 0, 0, "http://x/#here"),
        ("http://x/a/?variances=25%2C9%2C1&it=2", 4, 0, "http://x/a/?variances=25%2C9%2C1&it=4"),
        ("http://x/?it=3&k=5", 16, 16, "http://x/?k=5"),
        ("http://x/?k=5", 0, 16, "http://x/?k=5&it=0"),
        ("http://x/", 15, 16, "http://x/?it=15"),
    ],
)
def test_the_address_says_where_the_film_rests_unless_it_opens_there(run_js, address, iteration, home, then):
    assert (
        run_js('return film.addressAt(given[0], "it", ...given.slice(1))', [address, iteration, home]) == then
    )


def test_the_setting_has_a_name_and_a_film_opens_at_its_start_unless_told(run_js):
    addresses = run_js('return [0, 3].map((t) => film.addressAt("http://x/?left=1&it=2", "left", t))')
    assert addresses == ["http://x/?it=2", "http://x/?left=3&it=2"]


# --- How it moves -----------------------------------------------------------------------------------------------------

# A film on a clock of ours, without Plotly: `clock.pass` lets ms go by, `clock.stand` a frame that takes so long.
MOVING = """document.body.innerHTML = given.html;
const mode = new present.Presentation(document.body, () => {}); // as another test may have left it on
mode.set(false), mode.close();
const own = { frame: window.requestAnimationFrame, setTimeout: window.setTimeout, clearTimeout: window.clearTimeout,
  matchMedia: window.matchMedia, replaceState: history.replaceState };
let [frames, timers, number] = [[], new Map(), 0];
const due = () => [...timers].filter(([, { at }]) => at <= clock.now);
const clock = {
  now: 1000,
  ring: () => due().forEach(([id, { heard }]) => (timers.delete(id), heard())),
  async pass(ms) {
    for (const end = clock.now + ms; clock.now < end; ) {
      clock.now = Math.min(end, clock.now + 10);
      for (const heard of frames.splice(0)) heard(clock.now);
      for (let i = 0; i < 8; i++) await null;
      clock.ring();
    }
  },
  stand: (ms) => ((clock.now += ms), clock.ring()),
};
performance.now = () => clock.now;
window.requestAnimationFrame = (heard) => frames.push(heard);
window.setTimeout = (heard, ms) => (timers.set(++number, { at: clock.now + ms, heard }), number);
window.clearTimeout = (id) => timers.delete(id);
window.matchMedia = () => ({ matches: given.calm });
let address = "";
history.replaceState = (state, title, url) => (address = new URL(url).search);
const film_ = new film.Film(document.body), { root } = film_;
const told = [], seen = [];
film_.setStateValue = (name, [iteration, , run]) => told.push([name, run === film_.data.run && iteration]);
const place = { left: 0, top: 0, width: 400, height: 300, toPixels: { x0: 0, sx: 1, y0: 0, sy: 1 } };
film_.figure.show = async () =>
  film_.figure.drawn(film_.scene.planes.map(() => place), film_.scene.curves.map(() => place.toPixels));
const usual = { figure: given.figure, run: "a run", iteration: 0, placements: 1, setting: "it", home: 0 };
const data = (rest) => ({ ...usual, ...rest });
const watch = () => {
  const { paint } = film_.stage;
  film_.stage.paint = (position) => (seen.push(position), paint.call(film_.stage, position));
};
const press = (...acts) => acts.forEach((act) => film_.act(act));
const choose = (speed) => (film_.controls.select.value = speed);
try {
  await film_.show(data());
  watch();
  %s
} finally {
  film_.closed || film_.close();
  delete performance.now;
  const { frame, replaceState, ...rest } = own;
  Object.assign(window, rest, { requestAnimationFrame: frame });
  history.replaceState = replaceState;
  document.body.replaceChildren();
}"""
HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")


@pytest.fixture
def moving(run_js):
    """A function that runs JavaScript beside a film of 7 iterations, which stands at its start."""
    return lambda body, steps=False, calm=False: run_js(
        MOVING % body, {"html": HTML, "figure": explored(steps=steps).figure, "calm": calm}
    )


def test_a_step_glides_and_is_told_once_it_is_done(moving):
    seen, early, told, address = moving(
        """press("forward"); await clock.pass(200);
        const early = [...told]; await clock.pass(600);
        return [seen, early, told, address];"""
    )
    assert seen == sorted(seen)
    assert 0 < seen[1] < 1 == seen[-1]
    assert len(set(seen)) > 10
    assert (early, told, address) == ([], [["rest", 1]], "?it=1")


def test_a_film_that_plays_by_itself_writes_no_address(moving):
    position, written, presenting = moving(
        """const written = []; history.replaceState = (state, title, url) => written.push(String(url));
        await film_.show(data({ setting: "" }));
        press("play"); await clock.pass(500); press("last"); await clock.pass(1500);
        film_.presentation.set(true); film_.presentation.set(false);
        return [film_.position, written, film_.presentation.on];"""
    )
    assert (position, written, presenting) == (6, [], False)


def test_steps_in_a_row_are_told_once_and_go_one_way(moving):
    seen, told = moving(
        """for (let i = 0; i < 3; i++) press("forward"), await clock.pass(100);
        await clock.pass(800);
        return [seen, told];"""
    )
    assert seen == sorted(seen)  # an earlier glide does not go on beside a later one
    assert (seen[-1], told) == (3, [["rest", 3]])


def test_keys_that_pan_show_what_lies_that_way_and_leave_the_film_as_it_is(moving):
    panned, told, playing = moving(
        """const panned = []; film_.figure.pan = (...way) => void panned.push(way);
        const type = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        press("play"); await clock.pass(100); [..."wasdD"].forEach(type);
        return [panned, told, Boolean(film_.playing)];"""
    )
    assert panned == [[0, 1], [-1, 0], [0, -1], [1, 0], [1, 0]]
    assert (told, playing) == ([], True)


def test_a_film_that_plays_by_itself_is_brought_up(moving):
    brought = moving(
        """const brought = []; film_.figure.bringUp = () => brought.push(film_.data.plays);
        const shown = [[0, ""], [1, "not yet"], [2, ""], [2, ""]];
        for (const [plays, locked] of shown) await film_.show(data({ plays, locked }));
        return brought;"""
    )
    assert brought == [2]


LINK = """document.body.append(Object.assign(document.createElement('a'), {{
  href: '{}', onclick: (event) => event.preventDefault() }})), document.body.lastChild.click()"""
LEAVING = {
    "a link": LINK.format("/x"),
    "Back": "window.dispatchEvent(new PopStateEvent('popstate'))",
}


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING)
def test_who_leaves_by_a_link_is_not_called_back_by_a_film_that_comes_to_rest(moving, leave):
    left, here, shown = moving(
        f"""press("forward"); await clock.pass(100); {leave}; await clock.pass(800); film_.rest();
        const left = [...told]; press("forward"); await clock.pass(800);
        const here = [...told]; {leave}; await film_.show(data({{ iteration: 4 }})); film_.rest();
        return [left, here, told.at(-1)];"""
    )
    assert left == []
    assert here == [["rest", 2]]
    assert shown == ["rest", 2]


def test_who_follows_a_link_to_a_place_of_the_page_is_still_here(moving):
    told = moving(
        f"""press("forward"); await clock.pass(100); {LINK.format("#x")}; await clock.pass(800); return told"""
    )
    assert told == [["rest", 1]]


@pytest.mark.parametrize(
    ("acts", "stop"), [(["last"], 6), (["last", "forward"], 6), (["back"], 0), (["last", "back", "first"], 0)]
)
def test_no_step_leaves_the_film(moving, acts, stop):
    body = f"press(...{acts}); await clock.pass(600); return [film_.position, told]"
    assert moving(body) == [stop, [["rest", stop]]]


def test_a_picture_that_takes_long_delays_no_news_of_where_the_film_goes(moving):
    told, position = moving(
        "press('last'); clock.stand(300); await clock.pass(800); return [told, film_.position]"
    )
    assert (told, position) == ([["rest", 6]], 6)


def test_with_reduced_motion_steps_are_at_once_and_playing_goes_from_stop_to_stop(moving):
    stepped, played = moving(
        """press("forward", "forward"); const stepped = [...seen];
        choose("Fast"), press("play"); await clock.pass(8000);
        return [stepped, seen];""",
        steps=True,
        calm=True,
    )
    assert stepped == [1, 2]
    assert sorted(set(played)) == list(range(1, 13))


def test_playing_goes_to_the_end_rests_there_and_begins_again(moving):
    first, again, told = moving(
        """choose("Fastest"), press("play"); const first = [film_.root.dataset.playing]; await clock.pass(3000);
        first.push(film_.root.dataset.playing, film_.position); press("play");
        return [first, film_.position, told];"""
    )
    assert first == ["true", "false", 6]
    assert again == 0
    assert told == [["rest", 6]]


def test_a_step_that_has_not_rested_is_not_told_while_the_film_plays(moving):
    told = moving(
        "press('forward'); await clock.pass(100); choose('Slow'), press('play'); await clock.pass(900); return told"
    )
    assert told == []


def test_playing_ends_a_glide(moving):
    seen = moving("press('last', 'play'); await clock.pass(60); return seen")
    assert max(seen) < 1


def test_another_speed_is_felt_at_once_and_the_picture_does_not_jump(moving):
    slow, jump, fast = moving(
        """choose("Slow"), press("play"); await clock.pass(700);
        const slow = film_.position; choose("Fastest"); await clock.pass(20);
        const jump = film_.position - slow; await clock.pass(500);
        return [slow, jump, film_.position];"""
    )
    assert 0 < slow < 1
    assert 0 <= jump < 0.6
    assert fast > 4


@pytest.mark.parametrize("stops", ["press('play')", "press('forward')", "film_.scrub(2.2)", "film_.close()"])
def test_playing_stops_where_it_is_told_to(moving, stops):
    before, after, told, playing = moving(
        f"""press("play"); await clock.pass(1200); const before = film_.position; {stops}; await clock.pass(900);
        return [before, film_.position, told, film_.root.dataset.playing];"""
    )
    assert before % 1 > 0
    assert playing == ("true" if "close" in stops else "false")
    if "close" in stops:
        assert (after, told) == (before, [])
    else:
        wanted = {"press('play')": round(before), "press('forward')": int(before) + 1}.get(stops, 2)
        assert (after, told) == (wanted, [["rest", wanted]])


def test_a_hand_on_the_scrubber_ends_a_glide_and_lets_go_at_the_nearest_stop(moving):
    held, after = moving(
        """press("last"); await clock.pass(50); film_.scrub(2.6); await clock.pass(100);
        const held = film_.position; film_.controls.range.dispatchEvent(new Event("change")); await clock.pass(230);
        const there = film_.position; await clock.pass(600);
        return [held, [there, film_.position, told]];"""
    )
    assert (held, after) == (2.6, [3, 3, [["rest", 3]]])


def test_a_second_pause_tells_the_server_although_the_iteration_is_the_same(moving):
    counts = moving(
        """const counts = []; film_.setStateValue = (name, [, count]) => counts.push(count);
        for (let i = 0; i < 2; i++) press("forward", "back"), await clock.pass(600);
        return counts;"""
    )
    assert counts[1] == counts[0] + 1


# --- A figure arrives -------------------------------------------------------------------------------------------------


def test_another_figure_of_the_run_finds_the_film_where_a_step_was_bound_for(moving):
    position = moving("press('last'); await clock.pass(30); await film_.show(data()); return film_.position")
    assert position == 6


@pytest.mark.parametrize(
    ("rest", "position"),
    [({}, 4), ({"run": "another"}, 2), ({"placements": 2}, 2)],
    ids=["the same run stays", "another opens where it is put", "a link goes where it says"],
)
def test_where_the_next_figure_opens(moving, rest, position):
    rest = json.dumps({"iteration": 2} | rest)
    found = moving(
        f"press('last', 'back', 'back'); await clock.pass(300); await film_.show(data({rest})); return film_.position"
    )
    assert found == position


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        ({"placements": 1, "iteration": 4}, [4, 0]),
        ({"placements": 3, "iteration": 4}, [4, 1]),
        ({"placements": 1, "iteration": 2}, [2, 1]),
        ({"placements": 1, "iteration": 4, "run": "another"}, [4, 1]),
        ({"placements": 1, "iteration": 4, "points": "others"}, [4, 1]),
    ],
    ids=["where it stands", "a link", "another iteration", "another run", "other points"],
)
def test_a_new_server_that_finds_the_film_where_it_stands_does_not_move_the_page(moving, figure, found):
    now = moving(
        f"""await film_.show(data({{ placements: 2, iteration: 4 }}));
        let moved = 0; film_.root.scrollIntoView = () => moved++;
        await film_.show(data({json.dumps(figure)})); return [film_.position, moved];"""
    )
    assert now == found


def test_only_the_last_of_two_figures_is_told_of(moving):
    tells = moving(
        """const waiting = [], tells = []; film_.figure.show = () => new Promise((drawn) => waiting.push(drawn));
        film_.tell = () => tells.push(film_.data.run);
        const shows = [film_.show(data({ run: "one" })), film_.show(data({ run: "other" }))];
        waiting.toReversed().forEach((drawn) => drawn()); await Promise.all(shows);
        const late = film_.show(data({ run: "late" })); film_.close(); waiting.at(-1)(); await late;
        return tells;"""
    )
    assert tells == ["other"]


def test_a_figure_that_cannot_be_drawn_says_why(moving):
    said = moving(
        """film_.figure.show = () => Promise.reject(new Error("It did not load."));
        await film_.show(data()); return film_.controls.label.textContent;"""
    )
    assert said == "It did not load."


# --- Locked, and let go -----------------------------------------------------------------------------------------------


def test_a_locked_film_does_not_move_by_hand_key_or_call_from_its_bar(moving):
    position, seen, told, frame = moving(
        """await film_.show(data({ locked: "First predict, then play" })); watch();
        const { controls: bar } = film_;
        for (const node of film_.root.querySelectorAll("button")) node.disabled = false, node.click();
        for (const key of [" ", "End", "ArrowRight", "PageDown"])
          document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        bar.act("last"), bar.range.disabled = false, bar.range.value = 4;
        for (const name of ["input", "change"]) bar.range.dispatchEvent(new Event(name));
        await clock.pass(3000);
        return [film_.position, seen, told, film_.root.dataset.frame];"""
    )
    assert (position, seen, told, frame) == (0, [], [], "0")


def test_a_film_that_is_let_go_plays_by_itself_once_and_then_obeys(moving):
    playing, position, again, stepped = moving(
        """choose("Fastest"); await film_.show(data({ locked: "First predict", plays: 0 }));
        await film_.show(data({ plays: 1 })); const { playing } = film_.root.dataset;
        await clock.pass(3000); const { position } = film_;
        await film_.show(data({ plays: 1, figure: given.figure })); const again = film_.root.dataset.playing;
        press("back"); await clock.pass(500);
        return [playing, position, again, film_.position];"""
    )
    assert (playing, position, again, stepped) == ("true", 6, "false", 5)


@pytest.mark.parametrize("rest", [{"plays": 3}, {"plays": 0}, {"plays": 1, "locked": "wait"}])
def test_a_film_plays_by_itself_only_when_it_is_told_to_while_it_is_seen(moving, rest):
    first = "film_.data = undefined;" if rest == {"plays": 3} else ""  # it has just come to the screen
    playing = moving(
        f"film_.data = {{ ...film_.data, plays: 0 }}; {first}"
        f"await film_.show(data({json.dumps(rest)})); return film_.root.dataset.playing"
    )
    assert playing == "false"


# --- Clicks and the pointer -------------------------------------------------------------------------------------------


def test_a_click_tells_the_point_the_first_one_too_and_the_spot(moving):
    heard = moving(
        """const heard = []; film_.setTriggerValue = (...news) => heard.push(news);
        const { xs, ys } = film_.scene.planes[0];
        const at = (n) => ({ plane: 0, x: xs[n], y: ys[n] }), far = { plane: 0, x: 999, y: 999 };
        for (const [clickable, spots] of [[true, false], [false, true], [false, false]]) {
          Object.assign(film_.data, { clickable, spots });
          film_.figure.clicked({ plane: 0, x: xs[0], y: ys[0] }), film_.figure.clicked(far), film_.figure.clicked(null);
        }
        return [heard, film_.stage.layer(0, "points").nearest(xs[0], ys[0]), [xs[0], ys[0]]];"""
    )
    heard, nearest, place = heard
    assert heard == [["point", nearest], ["spot", place], ["spot", [999, 999]]]


def test_nothing_is_said_under_a_pressed_pointer_and_what_was_said_is_taken_back(moving):
    said = moving(
        """const said = []; film_.figure.say = (plane, told) => said.push([plane ?? null, Boolean(told)]);
        const [[x, y]] = film_.stage.layer(0, "means").places; film_.figure.placeUnder = () => ({ plane: 0, x, y });
        for (const event of [{ buttons: 0 }, { buttons: 1 }, { buttons: 0 }, null]) film_.figure.pointed(event);
        return said;"""
    )
    assert said == [[0, True], [None, False], [0, True], [None, False]]


# --- A point in the hand ----------------------------------------------------------------------------------------------

# Where points are clicked and what is in the hand then; `press` returns what the page is told of a key.
HAND = """const { xs, ys } = film_.scene.planes[0];
film_.setTriggerValue = () => { throw new Error("this page has no use for clicks"); };
film_.figure.placeUnder = (event) => ({ plane: 0, x: xs[event.n], y: ys[event.n] });
const click = (n) => film_.figure.clicked({ plane: 0, x: xs[n], y: ys[n] });
const over = (n) => film_.figure.pointed(n === null ? null : { buttons: 0, n });
const of = (kind) => film_.stage.layer(0, "hand")[kind].n;
const hand = () => [of("pinned"), of("hovered")];
const words = () => root.querySelector(".film-point").textContent;
const button = root.querySelector("[data-act=point]");
const key = (key, shiftKey = false) => {
  const event = new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
};
// Far from all discs, so that a click there is one on a point; the last, as it lies over others at the same place.
const points = film_.stage.layer(0, "points"), means = film_.stage.layer(0, "means");
const free = () => Array.from(xs.keys()).filter((n) =>
  points.nearest(xs[n], ys[n]) === n && film_.stage.at(0, xs[n], ys[n]).point === n);
"""
# A plane of 40 px a unit with the data's middle in its own.
WIDE_PLACE = """place.toPixels = { x0: 200 - 40 * given.middle[0], sx: 40, y0: 150 + 40 * given.middle[1], sy: -40 };
await film_.show(data());
"""


@pytest.fixture
def holding(run_js):
    """A function that runs JavaScript beside a film whose points are far enough from each other to be clicked."""
    film = explored()
    middle = np.median(film.dataset.X, axis=0).tolist()
    onto = HAND.replace("= film_.scene.planes[0]", "= inPixels()")
    pixels = """const inPixels = () => { const { xs, ys } = film_.scene.planes[0], { x0, sx, y0, sy } = place.toPixels;
      return { xs: xs.map((x) => x0 + sx * x), ys: ys.map((y) => y0 + sy * y) }; };
    """

    def run(body, figure=None, **given):
        script = MOVING % (WIDE_PLACE + pixels + onto + body)
        shown = film.figure if figure is None else figure
        return run_js(script, {"html": HTML, "figure": shown, "calm": True, "middle": middle, **given})

    return run


def test_a_point_under_the_pointer_is_in_the_hand_and_words_stay_away(holding):
    found = holding(
        """const said = []; film_.figure.say = (plane, told) => said.push(told ?? null);
        const [n, m] = free(), found = [];
        for (const at of [n, m, null]) over(at), found.push(hand());
        return [n, m, found, said];"""
    )
    n, m, found, said = found
    assert found == [[-1, n], [-1, m], [-1, -1]]
    assert said == [None] * 3


def test_a_click_pins_a_second_lets_go_and_another_moves_the_pin(holding):
    n, m, found, far = holding(
        """const [n, m] = free(), found = [];
        for (const at of [n, n, n, m, m]) over(at), click(at), found.push([...hand(), button.ariaPressed]);
        click(m), film_.figure.clicked({ plane: 0, x: -999, y: -999 });
        return [n, m, found, hand()];"""
    )
    assert found == [
        [n, -1, "true"], [-1, -1, "false"], [n, -1, "true"], [m, -1, "true"], [-1, -1, "false"],
    ]  # fmt: skip
    assert far == [m, -1]  # beside all points nothing happens


def test_beside_a_pinned_point_another_can_be_looked_at(holding):
    n, m, found = holding(
        """const [n, m] = free(), found = []; click(n);
        for (const at of [m, n, m, null]) over(at), found.push(hand());
        return [n, m, found];"""
    )
    assert found == [[n, m], [n, -1], [n, m], [n, -1]]


def test_where_clicks_have_a_meaning_of_their_own_they_pin_nothing(holding):
    found = holding(
        """film_.setTriggerValue = () => {}; const [n] = free(), found = [];
        for (const use of ["clickable", "spots"]) {
          Object.assign(film_.data, { clickable: false, spots: false, [use]: true });
          click(n), found.push(hand()[0]);
        }
        return [...found, key("p"), hand()[0]];"""
    )
    assert found[:3] == [-1, -1, True]
    assert found[3] >= 0  # by key it is


def test_a_key_takes_the_least_sure_point_in_view_and_escape_lets_go(holding):
    shown = explored()
    X, states = shown.dataset.X, shown.run.states
    found = holding(
        """const seen = (x, y) => x >= 0 && y >= 0 && x <= 400 && y <= 300;
        const inView = Array.from(xs.keys()).filter((n) => seen(xs[n], ys[n])), found = [];
        for (const t of [0, 2, 4]) {
          film_.seek(2 * t + 1);
          const taken = [key("p"), hand()[0], words(), key("Escape"), hand()[0], key("Escape")];
          found.push(taken);
        }
        film_.seek(0), key("P"); const start = words(); key("p");
        return [inView, found, start.split(": ")[1], hand()[0], words()];"""
    )
    in_view, taken, *again = found
    assert 5 < len(in_view) < len(X)
    for t, (took, n, words, let_go, after, nothing) in zip((0, 2, 4), taken, strict=True):
        R = e_step(X, states[t].mixture)[0]
        sure = R.max(axis=1)[in_view]
        assert n in in_view
        assert R[n].max() <= sure.min() + 1 / 16384  # a colour's code says no more
        parts = [
            f"component {k + 1} {100 * R[n][k]:.1f}\u00a0%" for k in np.argsort(-R[n]) if R[n][k] >= 0.01
        ]
        assert words == f"Point at {where(*X[n])}: {', '.join(parts)}."
        assert (took, let_go, after, nothing) == (True, True, -1, False)
    assert again == ["not assigned yet.", -1, "No point is chosen."]


def test_arrows_with_shift_go_to_the_nearest_point_that_way(holding):
    ways = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
    found = holding(
        """const places = Array.from(xs, (x, n) => [x, ys[n]]), moves = [], stood = film_.position;
        key("ArrowDown", true); const first = hand()[0]; key("Escape");
        for (const n of free()) for (const way of given.ways) {
          film_.chosen.pin({ cloud: 0, n });
          moves.push([way, n, key(way, true), hand()[0]]), film_.chosen.letGo();
        }
        key("p");
        return [places, moves, first, hand()[0], film_.position - stood];""",
        ways=[*ways],
    )
    places, moves, first, contested, moved = found
    places = np.array(places)
    in_view = ((places >= 0) & (places <= [400, 300])).all(axis=1)
    stays = 0
    for way, n, taken, then in moves:
        to = places - places[n]
        ahead, aside = to @ ways[way], np.abs(to @ ways[way][::-1])
        that_way = np.flatnonzero((ahead > 0) & (aside <= ahead) & in_view)
        expected = min(that_way, key=lambda i: (to[i] ** 2).sum()) if that_way.size else n
        assert (then, taken) == (expected, True)
        stays += then == n
    assert 0 < stays < len(moves) / 2
    assert first == contested  # none was chosen: it begins there
    assert moved == 0


def test_with_no_point_in_view_a_key_says_so(holding):
    found = holding(
        """place.toPixels = { x0: 9999, sx: 40, y0: 9999, sy: -40 }; await film_.show(data());
        return [key("p"), hand()[0], words()];"""
    )
    assert found == [True, -1, "No point is in view."]


def test_pinned_it_stays_while_the_film_plays_and_is_told_again_at_rest(holding):
    found = holding(
        """key("p"); const [n] = hand(), before = words(), during = new Set();
        press("play"); await clock.pass(2000); during.add(words()); await clock.pass(9000);
        return [n, hand()[0], before, [...during], words(), film_.position];"""
    )
    n, then, before, during, after, position = found
    assert (n, position) == (then, 12)
    assert during == [before]
    R = e_step(explored().dataset.X[[n]], explored().run.states[5].mixture)[0][0]  # the last E-step shown
    assert f"component {R.argmax() + 1} {percent(R.max())}" in after
    assert before != after


def test_another_figure_keeps_the_pin_as_long_as_it_has_the_point(holding):
    other, others_data = explored(k=2), explored(data_seed=171)
    n, same, elsewhere, buttons = holding(
        """key("p"); const [n] = hand();
        await film_.show(data({ figure: given.other, run: "K = 2" })); const same = hand()[0];
        await film_.show(data({ figure: given.elsewhere, run: "other data" }));
        return [n, same, hand()[0], [button.ariaPressed, button.hidden]];""",
        other=other.figure,
        elsewhere=others_data.figure,
    )
    assert (same, elsewhere) == (n, -1)
    assert buttons == ["false", False]


def test_a_film_without_a_plane_has_no_hand_and_its_keys_do_what_they_did(holding):
    found = holding(
        """const at = () => [film_.position, button.hidden];
        const taken = [key("p"), key("Escape"), key("ArrowUp", true), key("ArrowDown", true)];
        const moved = [key("ArrowRight", true), at(), key("ArrowLeft", true), at()];
        return [taken, moved, words()];""",
        figure=lined().figure,
    )
    assert found == [[False] * 4, [True, [1, True], True, [0, True]], ""]


def test_the_button_does_as_the_key(holding):
    found = holding(
        "button.click(); const [n] = hand(); button.click(); return [n >= 0, hand()[0], button.hidden]"
    )
    assert found == [True, -1, False]


def test_both_sides_of_two_methods_are_announced_by_their_names(holding):
    shown = paired()
    n, words = holding("film_.seek(3), key('p'); return [hand()[0], words()]", figure=shown.figure)
    R = e_step(shown.dataset.X, shown.run.em.states[1].mixture)[0]
    (label,) = assign(shown.dataset.X[[n]], shown.run.kmeans.states[1].centres)
    best = R[n].argmax()
    assert words.startswith(
        f"Point at {where(*shown.dataset.X[n])}: K-means: hard: cluster {label + 1} 100\u00a0%; "
    )
    assert f"; Mixture (EM): soft: component {best + 1} {percent(R[n][best])}" in words


# --- The address follows it -------------------------------------------------------------------------------------------


def test_the_address_follows_the_film_while_it_plays_and_the_server_hears_of_it_at_rest(moving):
    writes, iterations, told = moving(
        """const writes = [], replace = history.replaceState;
        history.replaceState = (...given) => (replace(...given), writes.push([clock.now, address]));
        choose("Slow"); const iterations = [];
        press("play");
        for (let i = 0; i < 60; i++) await clock.pass(50), iterations.push(film_.iteration);
        const early = [...told]; await clock.pass(20000);
        return [writes, iterations, [early, told]];"""
    )
    times = [time for time, _ in writes[:-1]]  # the last one is at rest
    gaps = [after - before for before, after in pairwise(times)]
    assert 340 <= min(gaps) <= max(gaps) <= 370  # browsers allow a hundred in half a minute
    seen = [int(address.partition("it=")[2] or 0) for _, address in writes]
    assert seen == sorted(seen)
    assert set(iterations) <= set(seen)
    assert told == [[], [["rest", 6]]]


def test_played_again_from_the_end_the_address_goes_back_with_it(moving):
    end, again = moving(
        """press("last"); await clock.pass(800); const end = address;
        choose("Slow"), press("play"); await clock.pass(30); return [end, address];"""
    )
    assert (end, again) == ("?it=6", "")


def test_a_film_that_was_left_writes_no_address(moving):
    address = moving(
        """choose("Slow"), press("play"); await clock.pass(2500); address = "?elsewhere"; film_.leave();
        await clock.pass(5000); return address;"""
    )
    assert address == "?elsewhere"


ECHO = """choose("Slow"), press("play"); await clock.pass(4000);
const shown = []; film_.figure.show = async () => shown.push(film_.data.placements);
const it = Number(new URLSearchParams(address).get("it")); %s
await film_.show(data({ placements: 2, iteration: it, ...given })); await clock.pass(500);
return [it, shown.length, film_.root.dataset.playing, film_.iteration];"""


def test_what_the_server_has_heard_of_the_address_alone_does_not_stop_the_film(moving):
    it, drawn, playing, iteration = moving(ECHO.replace("%s", "").replace("...given", ""))
    assert it > 0
    assert (drawn, playing) == (0, "true")
    assert iteration >= it


@pytest.mark.parametrize(
    ("before", "rest"),
    [("film_.leave();", ""), ("", 'run: "another"'), ("", "iteration: 6"), ("", 'points: "others"')],
    ids=["a link that was followed", "another run", "where the film has not been", "other points"],
)
def test_but_a_film_that_is_put_somewhere_goes_there(moving, before, rest):
    _, drawn, playing, _ = moving(ECHO.replace("%s", before).replace("...given", rest))
    assert (drawn, playing) == (1, "false")


def test_what_it_said_before_it_was_put_somewhere_is_no_echo_later(moving):
    there, again = moving(
        ECHO.partition("const shown")[0]
        + """const it = film_.iteration; await film_.show(data({ placements: 2, iteration: 6 }));
        const there = film_.iteration; await film_.show(data({ placements: 3, iteration: it }));
        return [there, [film_.iteration, it]];"""
    )
    assert there == 6
    assert again[0] == again[1] < 6


def test_a_figure_of_the_same_run_that_stops_the_film_lets_the_server_hear_where(moving):
    told, iteration = moving(
        """choose("Slow"), press("play"); await clock.pass(4000);
        await film_.show(data({ points: "in other colours" })); await clock.pass(1000);
        return [told, film_.iteration];"""
    )
    assert told == [["rest", iteration]]
    assert iteration > 0


# --- What it says -----------------------------------------------------------------------------------------------------


def test_between_two_stops_it_says_what_they_lead_to(moving):
    found = moving(
        """const now = () => film_.telling.stop;
        const sought = [0, 0.1, 0.9, 1, 1.5].map((position) => (film_.seek(position), now()));
        press("first"); await clock.pass(50); const back = [film_.position > 0, now()];
        return [sought, back];"""
    )
    assert found == [[0, 1, 1, 1, 2], [True, 0]]


def test_it_is_announced_when_a_hand_has_brought_it_to_rest(moving):
    opened, moved, rested, said = moving(
        """const heard = () => film_.root.querySelector(".film-news").textContent, opened = heard();
        press("forward"); await clock.pass(100); const moved = heard(); await clock.pass(600);
        return [opened, moved, heard(), film_.root.querySelector(".film-said").textContent];"""
    )
    assert opened == moved == ""
    assert rested == said != ""
