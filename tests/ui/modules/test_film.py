"""film.js: where a film opens, how it moves, what the server hears, and the address at which it rests."""

import json
from itertools import pairwise

import pytest

from tests.ui.modules.films import explored
from tests.ui.modules.page import MODULES

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
film_.setStateValue = (name, [iteration]) => told.push([name, iteration]);
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


def test_steps_in_a_row_are_told_once_and_go_one_way(moving):
    seen, told = moving(
        """for (let i = 0; i < 3; i++) press("forward"), await clock.pass(100);
        await clock.pass(800);
        return [seen, told];"""
    )
    assert seen == sorted(seen)  # an earlier glide does not go on beside a later one
    assert (seen[-1], told) == (3, [["rest", 3]])


LEAVING = {
    "a link": "document.body.append(Object.assign(document.createElement('a'), { href: '#x' })), "
    "document.querySelector('a').click()",
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
        const { xs, ys } = film_.scene.planes[0]; film_.figure.placeUnder = () => ({ plane: 0, x: xs[0], y: ys[0] });
        for (const event of [{ buttons: 0 }, { buttons: 1 }, { buttons: 0 }, null]) film_.figure.pointed(event);
        return said;"""
    )
    assert said == [[0, True], [None, False], [0, True], [None, False]]


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
