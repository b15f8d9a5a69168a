"""What can be chosen: the criterion and the truth, the cell, and what decides what comes of a cell."""

from dataclasses import replace

import pytest

from gmmviz.corrections import Correction, ThereAre
from gmmviz.criteria import CRITERIA
from gmmviz.datasets import DATASETS, load
from gmmviz.em import COVARIANCE_TYPES
from gmmviz.experiment import Experiment
from gmmviz.pages.choose_k.settings import MOST_RESTARTS, TITLES, ChooseK
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.settings import Ends


def test_it_opens_on_every_type_and_few_components():
    default = ChooseK()
    assert len(default.cells) == len(set(default.cells)) == 6 * len(COVARIANCE_TYPES)
    assert default.cells[:5] == (*((1, name) for name in COVARIANCE_TYPES), (2, "full"))
    assert (default.by, default.result, default.guess, default.k) == ("bic", "shown", 0, 0)
    assert TITLES.keys() == COVARIANCE_TYPES.keys()


def test_the_range_and_the_types_are_in_the_address():
    settings = ChooseK(ks=Ends(2, 9), types=("tied", "spherical"), k=4, covariance="tied")
    query = {"ks": "2-9", "types": "tied,spherical", "k": "4", "covariance": "tied"}
    assert settings.to_query() == query
    assert ChooseK.from_query(query) == (settings, [])
    assert settings.cells[:3] == ((2, "tied"), (2, "spherical"), (3, "tied"))


def test_without_the_truth_there_is_no_ari():
    assert ChooseK(by="ari").by == "bic"
    assert "ari" not in ChooseK(by="aic").criteria
    revealed = ChooseK(by="ari", colour="truth")
    assert (revealed.by, revealed.criteria) == ("ari", tuple(CRITERIA))
    unknown = ChooseK(by="ari", colour="truth", dataset="faithful")
    assert (unknown.by, unknown.reveals, unknown.colour) == ("bic", False, "truth")


@pytest.mark.parametrize("given", ["ari", "arii"])
def test_an_address_that_asks_for_ari_alone_is_corrected(given):
    assert ChooseK.from_query({"by": given}) == (ChooseK(), [Correction("by", given, "bic")])
    settings, corrections = ChooseK.from_query({"by": "ari", "colour": "truth"})
    assert (settings.by, corrections) == ("ari", [])
    assert ChooseK.from_query({"by": "aic"})[1] == []
    assert ChooseK.from_query({"by": "nonsense"}) == (ChooseK(), [Correction("by", "nonsense", "bic")])


def test_datasets_know_whether_their_groups_are_known():
    for name, spec in DATASETS.items():
        assert spec.labelled == (load(name).labels is not None), name


def test_a_cell_of_more_components_than_points_cannot_be_chosen():
    settings, corrections = ChooseK.from_query({"n": "20", "k": "25"})
    assert (settings.k, corrections) == (20, [Correction("k", "25", 20, ThereAre(20, "points"))])


def test_a_study_does_not_depend_on_what_is_shown_or_asked_for_of_it():
    shown = ChooseK(
        ks=Ends(3, 9),
        types=("tied",),
        k=5,
        covariance="tied",
        by="aic",
        colour="truth",
        guess=4,
        result="hidden",
        it=3,
    )
    assert shown.swept() == ChooseK().swept() == ChooseK()
    for name in ("restarts", "folds", "init_seed", "n", "max_iter"):
        other = replace(ChooseK(), **{name: 7 if name != "n" else 70})
        assert other.swept() != ChooseK().swept(), name
    assert shown.asked() == ChooseK(ks=Ends(3, 9), types=("tied",))


def test_the_last_start_of_all_is_one_that_the_explorer_can_show():
    last = ChooseK(init_seed=ChooseK.table()["init_seed"].high, restarts=MOST_RESTARTS)
    seed = last.init_seed + MOST_RESTARTS - 1
    assert last.experiment(30, "tied", seed).init_seed == seed == 99_998
    assert Experiment.table()["k"].high == ChooseK.table()["ks"].high == 30
    assert ChooseK.table()["guess"].high == 30


def test_a_cell_is_an_experiment_of_the_explorers():
    settings = ChooseK(
        dataset="moons", noise=0.1, n=77, floor=0.0, tol=1e-4, max_iter=50, criterion="parameters"
    )
    experiment = settings.experiment(9, "diag", 12)
    assert (experiment.k, experiment.covariance, experiment.init_seed) == (9, "diag", 12)
    led, corrections = Explorer.from_query(experiment.to_query())
    assert corrections == []
    for name in Experiment.table().keys() - {"k", "covariance", "init_seed"}:
        assert getattr(led, name) == getattr(settings, name), name


def test_other_pages_take_over_a_cell_that_is_chosen_but_not_that_the_best_is_shown():
    assert ChooseK(k=4).told()["k"] == 4
    assert ChooseK().told()["k"] is None
    assert Explorer().told() == Explorer().spelled_out()
