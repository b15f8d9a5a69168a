"""What the page says of the panels' numbers."""

import pytest

from gmmviz.pages.compare.numbers import Row
from gmmviz.pages.compare.settings import VARIED
from gmmviz.pages.compare.words import FOLLOWS, about_the_table, optima, what_differs


def row(letter, log_likelihood, iterations=9, bic=0.0, stop="converged", parameters=5, held_out=None):
    return Row(
        letter, f"panel {letter}", iterations, stop, log_likelihood, 100, bic, parameters, held_out, None
    )


def test_runs_that_end_equally_high_are_one_optimum():
    rows = [row("A", -50.0), row("B", -40.0), row("C", -50.05), row("D", 7.0, stop="collapsed")]
    assert [[one.letter for one in group] for group in optima(rows)] == [["B"], ["A", "C"]]


def test_who_ended_highest_and_the_others_by_how_much_lower():
    said = what_differs([row("A", -50.0, 3), row("B", -40.0), row("C", -40.01, 30)], "init_seed", True)
    assert "**B and C end highest**, at −40.0; A lower by 10." in said
    assert "From 3 (A) to 30 iterations (C)." in said
    assert FOLLOWS["init_seed"] in said
    assert "**All of them end equally high**" in what_differs([row("A", -50.0), row("B", -50.0)], "tol", True)


def test_models_of_different_size_are_judged_by_bic():
    rows = [row("A", -50.0, bic=130.0, parameters=5), row("B", -20.0, bic=150.5, parameters=40)]
    said = what_differs(rows, "k", True)
    assert "**BIC prefers A, panel A**, by 20.5 before B." in said
    assert "B fits these points best, but needs 40 free numbers for it, A 5." in said


def test_other_points_are_not_compared():
    said = what_differs([row("A", -50.0), row("B", -900.0)], "n", False)
    assert "neither log-likelihood nor BIC can be compared" in said
    assert "highest" not in said
    assert "nothing is marked" in about_the_table([row("A", -50.0)], "n", False)


def test_missing_held_out_scores_are_explained():
    few = row("A", -50.0)
    assert "fewer points than components" in about_the_table([few], "k", True)
    assert "more than 2,000 points" in about_the_table([few._replace(n_points=2001)], "k", True)
    assert "held" not in about_the_table([few], "init_seed", True)


def test_a_collapsed_run_is_said_to_be_worth_nothing():
    said = what_differs([row("A", 999.0, stop="collapsed"), row("B", -5.0), row("C", -5.0)], "floor", True)
    assert said.startswith("**A has collapsed**")
    assert "**All of them end equally high**, at a log-likelihood of −5.0." in said


@pytest.mark.parametrize("vary", VARIED)
def test_there_is_a_word_for_all_that_can_be_varied(vary):
    assert FOLLOWS[vary] in what_differs([row("A", -5.0)], vary, True)


def test_where_the_richest_is_also_preferred_nothing_more_is_said_of_it():
    rows = [row("A", -50.0, bic=130.0, parameters=5), row("B", -5.0, bic=100.0, parameters=40)]
    assert "needs" not in what_differs(rows, "k", True)
