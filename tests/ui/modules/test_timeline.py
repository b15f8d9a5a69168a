"""timeline.js: what is seen at a position of the film, and when."""

import numpy as np
import pytest

SPEEDS = {"Slow": 2.5, "Normal": 1, "Fast": 1 / 3, "Fastest": 1 / 12}
MODES = ["steps", "whole"]
LENGTHS = [1, 2, 3, 9, 13, 40, 101, 501]


@pytest.fixture(scope="module")
def clocks(run_js):
    """Every film's schedule, and its positions at many times: {(T, mode, speed): ...}."""
    keys = [(T, mode, speed) for T in LENGTHS for mode in MODES for speed in SPEEDS]
    found = run_js(
        """return given.map(([T, mode, speed]) => {
          const clock = timeline.schedule(T, mode, speed), { arrive, leave, length } = clock;
          const times = [-50, 0, ...Array.from({ length: 400 }, (_, i) => (i / 399) * length), length + 1, 1e9];
          const at = (ms) => timeline.positionAt(clock, ms);
          const places = Array.from({ length: 301 }, (_, i) => (i / 300) * timeline.lastStop(T, mode));
          return {
            arrive, leave, length, times, positions: times.map(at), places,
            there: [...arrive].map(at), still: [...leave].map(at),
            before: [...arrive].map((ms) => at(ms - 1e-7)), after: [...leave].map((ms) => at(ms + 1e-7)),
            again: places.map((place) => at(timeline.timeAt(clock, place))),
            played: places.map((place) => timeline.timeAt(clock, place)),
            stops: [...arrive].map((_, stop) => timeline.timeAt(clock, stop)),
          };
        })""",
        keys,
    )
    return dict(zip(keys, found, strict=True))


def test_every_stop_is_hit_exactly(clocks):
    for (T, mode, _), clock in clocks.items():
        last = 2 * (T - 1) if mode == "steps" else T - 1
        assert clock["there"] == clock["still"] == list(range(last + 1))
        assert clock["positions"][-2:] == [last, last]
        assert clock["positions"][:2] == [0, 0]


def test_it_moves_on_without_jumps(clocks):
    for clock in clocks.values():
        positions, times, last = clock["positions"], clock["times"], clock["there"][-1]
        assert (np.diff(positions) >= -1e-12).all()
        assert min(positions) >= 0
        assert max(positions) <= last
        stops = np.arange(last + 1)
        np.testing.assert_allclose(clock["before"], stops, atol=1e-6)
        np.testing.assert_allclose(clock["after"], stops, atol=1e-6)
        glides = np.array(clock["arrive"][1:]) - clock["leave"][:-1]
        if last:
            fastest = 1.5 / glides.min()  # of the easing, in stops a millisecond
            assert (np.diff(positions) <= fastest * np.diff(times) + 1e-9).all()


def test_glides_are_slow_at_both_ends(clocks):
    for clock in clocks.values():
        assert all(0 <= place - stop < 1e-5 for stop, place in enumerate(clock["after"]))
        assert all(0 <= stop - place < 1e-5 for stop, place in enumerate(clock["before"]))


def test_a_stop_is_reached_glided_to_and_rested_at(clocks):
    for (T, _, _), clock in clocks.items():
        arrive, leave = np.array(clock["arrive"]), np.array(clock["leave"])
        assert clock["length"] == arrive[-1] == leave[-1]
        assert (leave[:-1] > arrive[:-1]).all()
        assert (arrive[1:] > leave[:-1]).all()
        assert arrive[0] == 0
        if T == 1:
            assert clock["length"] == 0


def test_playing_can_begin_anywhere(clocks):
    for clock in clocks.values():
        np.testing.assert_allclose(clock["again"], clock["places"], atol=1e-9)
        assert (np.diff(clock["played"]) >= 0).all()
        assert clock["stops"] == clock["leave"]  # with a move, not with a rest


@pytest.mark.parametrize("mode", MODES)
def test_an_iteration_takes_as_long_as_it_takes_to_understand_it(clocks, mode):
    clock = clocks[40, mode, "Normal"]
    each = 2 if mode == "steps" else 1
    iterations = np.diff(clock["arrive"])[: 8 * each].reshape(8, each).sum(axis=1)
    assert ((iterations >= 600) & (iterations <= 1000)).all()
    rests = np.array(clock["leave"])[: 8 * each] - clock["arrive"][: 8 * each]
    assert (rests >= 80).all()


def test_both_halves_of_an_iteration_take_as_long(clocks):
    for (_, mode, _), clock in clocks.items():
        if mode == "steps":
            glides = np.array(clock["arrive"][1:]) - clock["leave"][:-1]
            np.testing.assert_allclose(glides[::2], glides[1::2], atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_a_long_run_speeds_up_and_slows_down_again(clocks, mode):
    each = 2 if mode == "steps" else 1
    for T in (101, 501):
        iterations = np.diff(clocks[T, mode, "Normal"]["arrive"]).reshape(-1, each).sum(axis=1)
        assert (np.diff(iterations[8:50]) < 0).all()
        assert 1 / 15 < iterations[60] / iterations[0] < 1 / 8
        assert (np.diff(iterations[-4:]) > 0).all()
        assert iterations[-1] > 0.7 * iterations[0]
        assert (iterations[1:] / iterations[:-1] > 0.8).all()  # eased


@pytest.mark.parametrize("mode", MODES)
def test_how_long_films_take(clocks, mode):
    seconds = {T: clocks[T, mode, "Normal"]["length"] / 1000 for T in LENGTHS}
    assert 0.6 <= seconds[2] <= 1
    assert 8 * 0.6 <= seconds[9] <= 8
    assert 18 <= seconds[101] <= 22
    assert 37 <= seconds[501] <= 44
    for speed, times in SPEEDS.items():
        for T in LENGTHS:
            assert clocks[T, mode, speed]["length"] / 1000 == pytest.approx(times * seconds[T])


@pytest.mark.parametrize("T", [1, 2, 7])
def test_moments_of_the_steps_are_those_of_todays_film(run_js, T):
    found = run_js(
        """return Array.from({ length: timeline.lastStop(given, "steps") + 1 },
          (_, stop) => timeline.moment(stop, "steps"))""",
        T,
    )
    expected = [(0, -1)]
    for t in range(T):
        expected += [(t, t - 1)] if t > 0 else []  # the M-step to t
        expected += [(t, t)] if t < T - 1 else []
    assert len(found) == len(expected)
    for seen, (drawn, coloured) in zip(found, expected, strict=True):
        assert seen["mixture"] == {"from": drawn, "to": drawn, "share": 0}
        assert end_of(seen["colours"], "fade") == coloured
        assert seen["colours"]["fade"] == 0


def end_of(span, share):
    """Where a span of two iterations stands, as one number."""
    return span["from"] + span[share] * (span["to"] - span["from"])


@pytest.mark.parametrize("mode", MODES)
def test_between_stops_one_half_of_the_iteration_happens(run_js, mode):
    positions = np.linspace(0, 12, 481).tolist()
    found = run_js("return given[0].map((p) => timeline.moment(p, given[1]))", [positions, mode])
    drawn = np.array([end_of(seen["mixture"], "share") for seen in found])
    coloured = np.array([end_of(seen["colours"], "fade") for seen in found])
    for values in (drawn, coloured):
        assert (np.diff(values) >= 0).all()
        assert np.diff(values).max() < 0.05
    moving, colouring = np.diff(drawn) > 1e-12, np.diff(coloured) > 1e-12
    if mode == "steps":
        assert (moving ^ colouring).all()
        assert (colouring[:39]).all()  # first the E-step
        np.testing.assert_allclose(drawn + coloured + 1, positions, atol=1e-12)
    else:
        np.testing.assert_allclose(drawn, positions, atol=1e-12)
        np.testing.assert_allclose(coloured, positions, atol=1e-12)
    for seen in found:
        assert 0 <= seen["mixture"]["share"] < 1
        assert 0 <= seen["colours"]["fade"] < 1
        assert seen["mixture"]["to"] - seen["mixture"]["from"] in (0, 1)


def test_before_the_start_is_the_start(run_js):
    start, before = run_js('return [0, -0.5].map((p) => timeline.moment(p, "steps"))')
    assert before == start


def test_iterations_and_stops(run_js):
    found = run_js(
        """return ["steps", "whole"].map((mode) => [
          timeline.lastStop(5, mode),
          [0, 1, 3, 4].map((t) => timeline.stopOf(t, 5, mode)),
          [0, 1, 1.9, 2, 7.5, 8].map((p) => timeline.iterationAt(p, mode)),
        ])"""
    )
    assert found == [[8, [1, 3, 7, 8], [0, 0, 0, 1, 3, 4]], [4, [0, 1, 3, 4], [0, 1, 1, 2, 7, 8]]]


@pytest.mark.parametrize(("start", "end"), [(3, 4), (4, 3), (2.25, 0), (5, 5)])
def test_a_step_by_hand_glides_quickly(run_js, start, end):
    length, positions, still = run_js(
        """const [from, to] = given, glide = timeline.glide(from, to), still = timeline.glide(from, to, true);
        const at = Array.from({ length: 31 }, (_, i) => timeline.glidePosition(glide, i * 10 - 20));
        return [glide.length, at, [still.length, timeline.glidePosition(still, 0)]]""",
        [start, end],
    )
    assert length == (220 if start != end else 0)
    assert positions[:3] == [start] * 3
    assert positions[24:] == [end] * 7
    assert (np.diff(positions) * (end - start) >= 0).all()
    assert abs(np.diff(positions)).max() <= 3 / 22 * abs(end - start) + 1e-12  # no jump
    assert still == [0, end]
