"""What each criterion picks, and the table."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from gmmviz import selection
from gmmviz.criteria import CRITERIA, bic
from gmmviz.pages.choose_k.numbers import (
    Lead,
    as_csv,
    best,
    chosen,
    done_of,
    hardly_worse,
    in_turn,
    is_sound,
    lead,
    name_of,
    overlap,
    ranking,
    row_of,
    spread,
    study,
)
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.settings import Ends
from tests.pages.choose_k.cells import SMALL, made, refused, small


def test_a_study_has_the_settings_and_every_criterion_that_can_be():
    settings = ChooseK(
        dataset="blobs", n=50, restarts=7, folds=4, init_seed=3, floor=0.0, tol=1e-3, max_iter=9
    )
    found = study(settings, settings.data())
    assert (found.n_restarts, len(found.folds), found.seed, found.floor) == (7, 4, 3, 0.0)
    assert (found.method, found.criteria) == ("k-means++", tuple(CRITERIA))
    assert found.settings == {"tol": 1e-3, "max_iter": 9, "criterion": "log_likelihood"}
    faithful = ChooseK(dataset="faithful")
    assert study(faithful, faithful.data()).criteria == ("bic", "aic", "icl", "held_out")


def test_the_cell_that_is_chosen_comes_first_and_all_come():
    settings = ChooseK(ks=Ends(2, 4), types=("full", "tied"), k=3, covariance="tied")
    turns = in_turn(settings)
    assert turns[0] == (3, "tied")
    assert turns[1:] == [cell for cell in settings.cells if cell != (3, "tied")]
    assert in_turn(replace(settings, k=9)) == list(settings.cells)


def test_what_is_done_comes_in_the_order_of_the_map():
    found = study(SMALL, SMALL.data())
    found.advance([(2, "tied"), (1, "full"), (4, "diag")])
    assert [(c.n_components, c.covariance_type) for c in done_of(found, SMALL)] == [(1, "full"), (2, "tied")]


def test_a_cell_without_a_sound_fit_is_never_picked_however_high_its_likelihood():
    cells = [
        made(2, log_likelihood=-90.0, bic=200.0, held_out=-2.0, ari=0.1),
        made(3, log_likelihood=-95.0, bic=210.0, held_out=-1.0, ari=0.2),
        made(8, log_likelihood=9e9, kinds=("collapsed",) * 2, bic=-9e9, held_out=9e9, ari=1.0),
        made(9, log_likelihood=5e9, kinds=("spurious",), bic=-8e9, held_out=8e9, ari=1.0),
        refused(25),
    ]
    assert [cell.n_components for cell in ranking(cells, "bic")] == [2, 3]
    assert [cell.n_components for cell in ranking(cells, "held_out")] == [3, 2]
    assert best(cells, "ari") is cells[1]
    assert best(cells[2:], "bic") is None
    assert not any(is_sound(cell, "bic") for cell in cells[2:])
    assert [spread(cell, "bic") for cell in cells[2:]] == [None] * 3


def test_a_criterion_that_says_nothing_of_a_cell_does_not_pick_it():
    cells = [made(2, bic=200.0, held_out=[-2.0, np.nan]), made(3, bic=210.0, held_out=[-3.0, -3.0])]
    assert best(cells, "bic") is cells[0]
    assert best(cells, "held_out") is cells[1]
    assert best(cells, "icl") is None


def test_a_cell_whose_fold_ended_unsound_is_not_picked_by_points_held_out():
    cells = [made(2, bic=200.0, held_out=-2.0), made(3, bic=190.0, held_out=5.0)._replace(unsound_folds=1)]
    assert best(cells, "held_out") is selection.best(cells, "held_out") is cells[0]
    assert best(cells, "bic") is selection.best(cells, "bic") is cells[1]


@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_pick_is_as_good_as_the_engines_whatever_the_order(criterion):
    cells = small()[1]
    assert best(cells, criterion) is best(cells[::-1], criterion)
    assert best(cells, criterion).value(criterion) == selection.best(cells, criterion).value(criterion)


def test_of_equal_cells_bic_decides_and_then_k_and_type():
    cells = [
        made(2, "full", ari=1.0, bic=5.0),
        made(3, "tied", ari=1.0, bic=4.0),
        made(4, "diag", ari=0.9, bic=1.0),
    ]
    assert [cell.n_components for cell in ranking(cells, "ari")] == [3, 2, 4]
    cells = [made(2, "full", bic=1.0), made(1, "spherical", bic=1.0), made(1, "tied", bic=1.0)]
    assert [name_of(cell) for cell in ranking(cells, "bic")] == [
        "K = 1, tied",
        "K = 1, spherical",
        "K = 2, full",
    ]


def test_the_cell_that_is_shown_is_the_chosen_one_or_the_best():
    cells = small()[1]
    assert chosen(cells, SMALL) is best(cells, "bic")
    assert chosen(cells, replace(SMALL, by="held_out")) is best(cells, "held_out")
    asked = chosen(cells, replace(SMALL, k=2, covariance="tied"))
    assert (asked.n_components, asked.covariance_type) == (2, "tied")
    assert chosen(cells, replace(SMALL, k=9)) is None
    assert chosen([], SMALL) is None


def test_the_spread_is_that_of_the_sound_starts():
    cell = made(3, kinds=("optimum", "collapsed", "optimum"), bic=[200.0, -9e9, 230.0], held_out=[-1.0, -2.0])
    assert spread(cell, "bic") == (200.0, 230.0)
    assert spread(cell, "held_out") == (-2.0, -1.0)


def test_the_lead_compares_fold_by_fold():
    one, other = made(3, held_out=[-1.0, -2.0, -3.0, -4.0]), made(2, held_out=[-1.5, -2.4, -3.5, -4.6])
    ahead = lead(one, other)
    assert ahead.mean == pytest.approx(0.5)
    assert ahead.error == pytest.approx(np.std([0.5, 0.4, 0.5, 0.6], ddof=1) / 2)
    assert ahead.is_clear  # though each differs far more from fold to fold
    assert lead(other, one).is_clear
    assert not lead(made(3, held_out=[-1.0, -2.0]), made(2, held_out=[-1.3, -1.9])).is_clear
    assert [Lead(mean, 0.1).is_clear for mean in (0.19, -0.19, 0.21, -0.21)] == [False, False, True, True]


def test_what_is_hardly_worse_is_what_no_clear_lead_separates():
    cells = [
        made(2, held_out=[-1.5, -2.4, -3.5, -4.6]),
        made(3, held_out=[-1.0, -2.0, -3.0, -4.0]),
        made(4, held_out=[-1.2, -1.9, -3.1, -3.9]),
    ]
    assert [cell.n_components for cell in hardly_worse(cells)] == [3, 4]


def test_icls_price_is_what_it_adds_to_bic():
    assert overlap(made(3, bic=200.0, icl=212.5)) == 12.5
    assert all(overlap(cell) >= 0 for cell in small()[1])


# The table


def test_a_row_is_the_cells_own():
    done, cells = small()
    row = row_of(cells[4], ("bic", "held_out"))
    cell = cells[4]
    assert (row.K, row.covariance_type, row.parameters) == (3, "full", 17)
    assert row.log_likelihood == cell.winner.log_likelihood
    assert row.values["bic"] == bic(row.log_likelihood, 17, len(done.X))
    assert row.values["held_out"] == cell.scores["held_out"].mean()
    assert (row.sound, row.starts, row.seed) == (3, 3, cell.seed)
    mixed = row_of(made(3, kinds=("collapsed", "optimum", "spurious"), seed=5), ())
    assert (mixed.sound, mixed.starts, mixed.seed) == (1, 3, 6)
    none = row_of(refused(25), ("bic",))
    assert (none.sound, none.starts, none.seed) == (0, 0, None)
    assert np.isnan(none.log_likelihood)


def test_the_file_has_all_digits_and_nothing_where_there_is_none():
    cells = [*small()[1], refused(25)]
    rows = [row_of(cell, tuple(CRITERIA)) for cell in cells]
    notes = [*("" for _ in small()[1]), "=SUM(A1), with a comma"]
    read = list(csv.DictReader(io.StringIO(as_csv(rows, tuple(CRITERIA), notes))))
    assert list(read[0]) == [
        *("K", "covariance_type", "parameters", "log_likelihood", "bic", "aic", "icl", "held_out", "ari"),
        *("sound_starts", "starts", "seed", "note"),
    ]
    assert len(read) == 9
    for line, cell in zip(read, cells, strict=True):
        assert (int(line["K"]), line["covariance_type"]) == (cell.n_components, cell.covariance_type)
        for name in CRITERIA:
            assert line[name] == ("" if cell.problem else repr(cell.value(name)))
    assert float(read[0]["log_likelihood"]) == cells[0].winner.log_likelihood
    assert (read[-1]["log_likelihood"], read[-1]["seed"], read[-1]["note"]) == (
        "",
        "",
        "'=SUM(A1), with a comma",
    )
    assert "nan" not in as_csv(rows, tuple(CRITERIA), notes)
    endless = row_of(made(3, bic=-np.inf), ("bic",))
    assert next(csv.DictReader(io.StringIO(as_csv([endless], ("bic",), [""]))))["bic"] == ""
