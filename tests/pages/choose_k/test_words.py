"""What the page says of the cells' numbers."""

from dataclasses import replace

import numpy as np
import pytest

from gmmviz.criteria import CRITERIA
from gmmviz.em.sentences import counted
from gmmviz.pages.choose_k.numbers import best, name_of
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.choose_k.words import (
    TIMES,
    WIDE,
    about_the_guess,
    about_the_map,
    difference,
    do_they_agree,
    note_of,
    which_wins,
    why_no_film,
    worse,
    written,
)
from gmmviz.settings import Ends
from tests.pages.choose_k.cells import SMALL, made, refused, small

INFORMATION = ("bic", "aic", "icl")
THREE = ChooseK(ks=Ends(1, 9))
CELLS = [
    made(2, log_likelihood=-150.0, bic=352.0, aic=320.0, icl=353.0, held_out=[-2.0, -2.2], ari=0.5),
    made(3, log_likelihood=-100.0, bic=278.25, aic=234.0, icl=280.0, held_out=[-1.0, -1.2], ari=0.9),
    made(4, log_likelihood=-90.0, bic=286.0, aic=226.0, icl=300.0, held_out=[-1.1, -1.1], ari=0.8),
    made(9, log_likelihood=9e9, kinds=("collapsed", "collapsed"), bic=-9e9, aic=-9e9),
]


# Numbers


@pytest.mark.parametrize(
    ("value", "criterion", "text"),
    [
        (1234.56, "bic", "1,234.6"),
        (-1234.56, "aic", "−1,234.6"),
        (0.12345, "ari", "0.123"),
        (-2.5876, "held_out", "−2.588"),
        (np.nan, "bic", "none"),
        (-np.inf, "held_out", "none"),
    ],
)
def test_a_value_is_written_as_its_criterion_asks_or_as_a_word(value, criterion, text):
    assert written(value, criterion) == text


def test_a_difference_is_short_and_signed():
    first = made(3, bic=100.0, held_out=-2.0)
    for value, text in (
        (101.24, "+1.2"),
        (109.94, "+9.9"),
        (109.96, "+10"),
        (1663.4, "+1,563"),
        (100.04, "equal"),
        (100.0, "equal"),
        (99.96, "equal"),
        (100.06, "+0.1"),
    ):
        assert difference(made(4, bic=value), first, "bic") == text
    assert difference(made(4, held_out=-2.0123), first, "held_out") == "−0.012"


def test_worse_is_higher_for_some_and_lower_for_others():
    assert worse(made(4, bic=110.0), made(3, bic=100.0), "bic") == 10.0
    assert worse(made(4, held_out=-2.5), made(3, held_out=-2.0), "held_out") == 0.5


# Which cell wins


def test_the_winner_is_named_with_its_lead_over_the_next_best_and_what_that_means():
    said = which_wins(CELLS, THREE, running=False)
    assert said.startswith(
        "**BIC picks K = 3, full**, at 278.2, lower by 7.8 than the next best, K = 4, full."
    )
    assert said.endswith("This is a moderate lead.")
    assert "K = 9" not in said
    assert which_wins(CELLS, THREE, running=True).startswith("**So far BIC picks")
    ari = which_wins(CELLS, replace(THREE, by="ari", colour="truth"), running=False)
    assert ari.startswith("**ARI picks K = 3, full**, at 0.900, higher by 0.100 than")
    assert "1 is perfect" in ari


@pytest.mark.parametrize("by", INFORMATION)
@pytest.mark.parametrize(
    ("gap", "verdict"),
    [(1.9, "next to nothing"), (2.1, "a moderate lead"), (9.9, "a moderate"), (10.1, "a clear lead")],
)
def test_a_difference_is_weighed(by, gap, verdict):
    cells = [made(3, **{by: 100.0}), made(4, **{by: 100.0 + gap})]
    assert f"This is {verdict}" in which_wins(cells, replace(THREE, by=by), running=False)


def test_held_out_the_folds_say_whether_the_lead_is_clear():
    held_out = replace(THREE, by="held_out")
    said = which_wins(CELLS, held_out, running=False)
    assert said.startswith(
        "**Held-out log-likelihood picks K = 3, full**, at −1.100 a point, as good as K = 4, full."
    )
    assert "standard error of 0.100: the lead is not clear" in said
    assert "In all, one other cell is hardly worse" in said
    clear = which_wins(CELLS[:2], held_out, running=False)
    assert "higher by 1.000 than the next best, K = 2, full" in clear
    assert "the lead is clear" in clear
    assert "hardly" not in clear
    more = which_wins([*CELLS, made(5, held_out=[-1.15, -1.1])], held_out, running=False)
    assert "In all, 2 other cells are hardly worse" in more
    near = [made(3, held_out=[-1.0, -1.2]), made(4, held_out=[-1.0002, -1.2002])]
    assert "as good as K = 4, full" in which_wins(
        near, held_out, running=False
    )  # by a hair, which nobody sees


def test_at_the_end_of_the_range_a_wider_one_is_suggested():
    at_the_end = replace(THREE, ks=Ends(1, 3))
    assert "a wider range may hold a better one" in which_wins(CELLS[:2], at_the_end, running=False)
    assert "wider" not in which_wins(CELLS[:2], at_the_end, running=True)
    assert "wider" not in which_wins(CELLS, THREE, running=False)
    assert "wider" not in which_wins(
        [made(30, bic=1.0), made(2, bic=9.0)], replace(THREE, ks=Ends(1, 30)), False
    )


def test_where_nothing_is_sound_nothing_wins():
    assert which_wins(CELLS[3:], THREE, running=False).startswith("**No cell has a sound fit**: try fewer")
    assert which_wins(CELLS[3:], THREE, running=True) == "**No cell has a sound fit yet.**"
    assert "no other sound cell" in which_wins(CELLS[2:], THREE, running=False)


# Side by side


def test_criteria_that_agree_are_said_to():
    assert (
        do_they_agree(CELLS[:2], ("bic", "aic", "icl", "held_out"), 100)
        == "**All criteria agree** on K = 3, full."
    )
    assert do_they_agree([], ("bic",), 100) == do_they_agree(CELLS[3:], ("bic",), 100) == ""


def test_criteria_that_disagree_are_said_to_and_why():
    said = do_they_agree(CELLS, ("bic", "aic", "icl", "held_out"), 100)
    assert said.startswith(
        "**They disagree.** BIC, ICL and held-out log-likelihood pick K = 3, full; AIC picks K = 4, full."
    )
    assert (
        "AIC charges 2 for each parameter, BIC log N = 4.61. K = 4, full has 6 parameters more than K = 3, full, and "
        "twice its log-likelihood is higher by 20.0: more than AIC's price of 12.0, less than BIC's of 27.6."
    ) in said
    assert "ICL is" not in said
    other = [
        *CELLS[:2],
        made(4, "tied", -100.0, bic=279.0, aic=235.0, icl=279.5, held_out=[-0.9, -0.8], ari=0.95),
    ]
    said = do_they_agree(other, tuple(CRITERIA), 100)
    assert "AIC charges" not in said
    assert (
        "ICL is BIC and a price for points that several components share: 1.8 for K = 3, full, 0.5 for K = 4, tied."
        in said
    )
    assert (
        "leads K = 3, full by 0.250 a point, with a standard error of 0.150: no more than chance may do."
        in said
    )
    assert "With the true groups K = 4, tied agrees best, 0.950 against 0.900 for K = 3, full" in said
    assert [line[:2] for line in said.splitlines()[2:]] == ["- "] * 3  # each reason in a line of its own
    clear = [CELLS[1], made(4, "tied", bic=279.0, held_out=[-0.9, -1.102])]
    assert "by 0.099 a point, with a standard error of 0.001: more than chance." in do_they_agree(
        clear, ("bic", "held_out"), 100
    )


def test_they_may_agree_on_k_and_not_on_the_type():
    cells = [made(3, bic=1.0, icl=2.0), made(3, "tied", bic=2.0, icl=1.0)]
    assert do_they_agree(cells, ("bic", "icl"), 100).startswith(
        "**They agree on K = 3, and not on the type.** BIC picks"
    )


@pytest.mark.parametrize("n", [30, 200])
def test_aics_reason_holds_wherever_it_disagrees(n):
    """AIC's pick never has fewer parameters than BIC's, and its gain lies between the two prices."""
    for seed in range(200):
        rng = np.random.default_rng(seed)
        cells = []
        for K in range(1, 6):
            for name in ("full", "spherical"):
                L = -100 - rng.gamma(1.0, 15.0)
                p = made(K, name).n_parameters
                cells.append(made(K, name, L, bic=-2 * L + p * np.log(n), aic=-2 * L + 2 * p))
        aic, bic = best(cells, "aic"), best(cells, "bic")
        if aic is not bic:
            more = aic.n_parameters - bic.n_parameters
            gain = 2 * (aic.winner.log_likelihood - bic.winner.log_likelihood)
            assert 2 * more <= gain <= more * np.log(n)
            assert f"{name_of(aic)} has {counted(more, 'parameter')} more than" in do_they_agree(
                cells, ("bic", "aic"), n
            )


# The guess


def about(guess, by="bic", cells=CELLS, groups=None, N=100):
    return about_the_guess(cells, ChooseK(guess=guess, by=by, colour="truth"), N, groups)


def test_too_high_a_guess_costs_more_than_it_gains():
    said = about(4)
    assert said.startswith(
        "You guessed **4**; BIC picks **K = 3, full**. Of the cells with K = 4 the best is full: its log-likelihood"
    )
    assert (
        "is higher by 10.00, with 6 parameters more: BIC counts 2 × 10.00 = 20.0 for it, "
        "and charges 6 × 4.61 = 27.6."
    ) in said.replace(TIMES, " × ")
    assert said.endswith("So its BIC is worse by 7.8.")


def test_too_low_a_guess_saves_less_than_it_loses():
    said = about(2)
    assert (
        "lower by 50.00, with 6 parameters fewer: BIC counts 2 × 50.00 = 100.0 against it, "
        "and saves it 6 × 4.61 = 27.6"
    ) in said.replace(TIMES, " × ")
    assert said.endswith("So its BIC is worse by 73.8.")
    assert f"12{TIMES}2.00 = 24.0" in about(2, "aic")


def test_the_guess_is_that_of_the_criterion():
    said = about(3)
    assert said.startswith(
        "You guessed **3**, and BIC picks the same K: K = 3, full. Of the other K the best is K = 4, full: its"
    )


def test_with_as_many_parameters_only_the_fit_counts():
    cells = [made(3, "tied", -100.0, bic=100.0), made(3, "tied", -99.0)._replace(n_components=4)]
    cells[1].scores["bic"] = np.array([101.0])
    assert f"with as many parameters: BIC counts 2{TIMES}1.00 = 2.0 for it. So" in about(4, cells=cells)


def test_icl_also_weighs_the_overlap():
    said = about(4, "icl")
    assert "points that several components share cost it 12.2 more. So its ICL is worse by 20.0." in said
    assert "less" in about(
        2, "icl", [CELLS[0]._replace(scores={"bic": np.array([300.0]), "icl": np.array([300.5])}), CELLS[1]]
    )


def test_held_out_and_against_the_truth_the_guess_is_behind():
    assert (
        "it is behind by 0.000 a point on points held out, with a standard error of 0.100: the two can"
        in about(4, "held_out")
    )
    assert "a clear difference" in about(2, "held_out")
    assert "it agrees less with the true groups, by 0.400." in about(2, "ari")
    tie = [*CELLS[:2], made(4, bic=286.0, ari=0.9)]
    assert about(4, "ari", tie).endswith("the best is full: it agrees with the true groups as well.")


def test_a_guess_that_was_not_tried_or_has_no_sound_fit_is_not_compared():
    assert "K = 7 is not among those tried, so there is nothing to compare." in about(7)
    assert "K = 9 has no sound fit, so" in about(9)
    assert "K = 6 is not fitted yet, so" in about(6)
    assert "picks nothing" in about(3, cells=CELLS[3:])


def test_while_the_sweep_runs_the_guess_is_compared_with_what_is_picked_so_far():
    for guess, said in (
        (4, "You guessed **4**; so far BIC picks"),
        (3, "You guessed **3**, and so far BIC picks"),
    ):
        assert about_the_guess(CELLS, replace(THREE, guess=guess), 100, None, running=True).startswith(said)
        assert "so far" not in about(guess)


@pytest.mark.parametrize(
    ("guess", "groups", "ending"),
    [
        (3, 3, "**3 groups**: you and the criterion are right."),
        (4, 4, "**4 groups**: you are right, and the criterion is not."),
        (4, 3, "**3 groups**: the criterion is right."),
        (4, 2, "**2 groups**."),
    ],
)
def test_with_the_truth_revealed_it_is_told_who_is_right(guess, groups, ending):
    assert about(guess, groups=groups).endswith(f"The points were drawn from {ending}")
    assert "drawn" not in about(guess)


# What is not sound


def test_notes_say_why():
    assert note_of(CELLS[0], 100) == ""
    assert note_of(CELLS[3], 100) == "no sound fit: every start ended in a collapse"
    both = made(5, kinds=("collapsed", "spurious"))
    assert note_of(both, 100) == (
        "no sound fit: every start ended with a component at the floor or on hardly any points and in a collapse"
    )
    some = made(5, kinds=("collapsed", "optimum", "spurious", "optimum"), held_out=-1.0)
    assert note_of(some, 100) == (
        "1 of 4 starts ended with a component at the floor or on hardly any points, 1 of 4 starts ended in a collapse"
    )
    assert note_of(refused(25), 20) == "no fit: there are only 20 points"
    assert note_of(refused(5, "bad data."), 20) == "no fit: bad data."
    assert (
        note_of(made(18, held_out=[-1.0, np.nan]), 20)
        == "without the points held out there are fewer than components"
    )


def test_what_held_out_points_cannot_pick_is_told_apart():
    cells = [
        made(2, held_out=-1.0),
        made(3, held_out=[5.0, 1.0, 1.0])._replace(unsound_folds=2),
        made(4, held_out=[9.0, 9.0, 1.0])._replace(unsound_folds=1),
        made(18, held_out=[-1.0, np.nan]),
    ]
    assert note_of(cells[1], 20) == "held out, the fit is not sound for 2 of 3 folds"
    said = about_the_map(cells, replace(THREE, by="held_out"), 20)
    assert "full at K = 3 and 4: held out, the fit is not sound for some fold." in said
    assert "full at K = 18: without the points held out there are fewer than components." in said
    assert "Crossed" not in about_the_map([made(3, bic=1.0)._replace(unsound_folds=2)], THREE, 20)


def test_the_caption_says_which_cells_are_crossed_out_and_why():
    said = about_the_map([*CELLS, made(8, "tied", kinds=("collapsed",)), refused(25)], THREE, 20)
    assert (
        "**Crossed out**: full at K = 9; tied at K = 8: no sound fit: every start ended in a collapse."
        in said
    )
    assert "**Crossed out**: full at K = 25: no fit: there are only 20 points." in said
    assert "BIC (lower is better)" in said
    for high, words in ((WIDE, "In a cell stands how far"), (WIDE + 1, "Point at a cell to read how far")):
        assert about_the_map(CELLS, replace(THREE, ks=Ends(1, high)), 20).startswith(words)
    assert "from the worst to the best" in said
    held_out = about_the_map(CELLS[:2], replace(THREE, by="held_out", folds=7), 20)
    assert "held-out log-likelihood (higher is better)" in held_out
    assert "one standard deviation over the 7 folds" in held_out
    assert "Crossed" not in held_out


def test_where_there_is_no_film_it_is_said_why():
    assert why_no_film(THREE, refused(25), 20) == (
        "There is nothing to show of K = 25, full (no fit: there are only 20 points). Choose another cell."
    )
    assert "No cell has a sound fit" in why_no_film(THREE, None, 20)
    assert why_no_film(replace(THREE, k=4), None, 99) == "K = 4, full is not fitted yet."
    assert "K = 12, tied is not among the cells tried" in why_no_film(
        replace(THREE, k=12, covariance="tied"), None, 99
    )


def test_sentences_of_a_real_study_hold():
    done, cells = small()
    N = len(done.X)
    for by in CRITERIA:
        settings = replace(SMALL, by=by, colour="truth")
        assert name_of(best(cells, by)) in which_wins(cells, settings, running=False)
        for guess in range(1, 6):
            said = about_the_guess(cells, replace(settings, guess=guess), N, 3)
            assert f"You guessed **{guess}**" in said
            assert "nan" not in said
