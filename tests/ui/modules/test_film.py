"""film.js: where a film opens, and the address at which it rests."""

import pytest

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
