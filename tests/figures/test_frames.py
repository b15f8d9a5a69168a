"""Which iterations become frames."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gmmviz.figures.frames import MAX_FRAMES, chosen_iterations, whole_label


@given(st.integers(0, 2000), st.sampled_from([MAX_FRAMES // 2, MAX_FRAMES]), st.integers(0, 2500))
@settings(max_examples=300)
def test_thinned_films_keep_the_first_ten_the_last_and_the_iteration_asked_for(last, at_most, keep):
    chosen = chosen_iterations(last, at_most, keep)
    assert len(chosen) == min(last + 1, at_most)
    assert all(a < b for a, b in itertools.pairwise(chosen))
    assert {*range(min(10, last + 1)), min(keep, last), last} <= set(chosen)
    assert max(np.diff(chosen), default=0) <= 2 * (last / at_most) + 2  # no long leap
    assert chosen[0] == 0


def test_no_run_length_makes_the_film_too_long_or_lets_it_miss_a_frame():
    for last in range(0, 700):
        for keep in (0, 11, last - 1):
            if keep >= 0:
                assert len(chosen_iterations(last, MAX_FRAMES, keep)) == min(last + 1, MAX_FRAMES)


def test_a_frame_says_which_iteration_it_is():
    assert whole_label(0, 7) == "The start (iteration 0 of 7)"
    assert whole_label(3, 7) == "Iteration 3 of 7"
