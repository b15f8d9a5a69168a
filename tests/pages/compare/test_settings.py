"""What is varied, and the panels that come of it."""

from dataclasses import replace

import pytest

from gmmviz.corrections import Correction
from gmmviz.datasets import DATASETS
from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral
from gmmviz.pages.compare.settings import MOST, VARIED, Compare, differences


@pytest.mark.parametrize("vary", VARIED)
def test_panels_differ_in_what_is_varied_and_in_nothing_else(vary):
    settings = Compare(vary=vary, n=300, k=4, init_seed=7)
    panels = settings.panels()
    assert 2 <= len(panels) <= MOST
    assert [panel.letter for panel in panels] == list("ABCDEF"[: len(panels)])
    assert len({panel.title for panel in panels}) == len(panels)
    base = settings.base()
    for panel, text in zip(panels, settings.varied(), strict=True):
        assert panel.experiment == replace(base, **{vary: Experiment.table()[vary].read(text)})
    assert settings.same_points() == (vary not in ("n", "noise"))


@pytest.mark.parametrize("vary", VARIED)
def test_the_suggested_values_leave_the_address_short_and_others_are_in_it(vary):
    settings = Compare(vary=vary)
    assert settings.to_query().keys() <= {"vary"}
    assert Compare(vary=vary, values=settings.suggested()) == settings
    fewer = Compare(vary=vary, values=settings.suggested()[::-1])
    again, corrections = Compare.from_query(fewer.to_query())
    assert (again, corrections) == (fewer, [])
    assert again.varied() == settings.suggested()[::-1]


@pytest.mark.parametrize(
    ("given", "now"),
    [
        ("2,x,99,2", ("2", "30")),
        ("zzz", ("2", "3", "4", "8")),
        ("1,2,3,4,5,6,7,8", ("1", "2", "3", "4", "5", "6")),
    ],
)
def test_what_is_no_value_is_left_out_and_said(given, now):
    settings, (correction,) = Compare.from_query({"vary": "k", "values": given})
    assert settings.varied() == now
    assert isinstance(correction, Correction)
    assert correction.name == "values"


def test_panels_from_the_explorer_stand_beside_the_others():
    settings, _ = Compare.from_query({"vary": "k", "extra": "k=5&dataset=moons|zzz=1|k=5&dataset=moons"})
    *_, last = settings.panels()
    assert [panel.letter for panel in settings.panels()] == list("ABCDE")
    assert (last.experiment.dataset, last.experiment.k, last.experiment.n) == ("moons", 5, Experiment().n)
    assert last.title == "From the explorer: Moons, K = 5"
    assert not settings.same_points()
    assert settings.to_query()["extra"] == "dataset=moons&k=5&version=2"


def test_there_are_never_more_panels_than_letters():
    settings = Compare(vary="init_seed", extra=("k=5", "k=6", "k=7"))
    assert len(settings.panels()) == MOST
    assert settings.extra == ()
    settings = Compare(vary="k", extra=("k=5", "k=6", "k=7"))
    assert len(settings.panels()) == MOST
    assert len(settings.extra) == 2


def test_seeds_begin_again_after_the_last():
    assert Compare(vary="init_seed", init_seed=99_998).varied() == ("99998", "99999", "0", "1", "2", "3")


def test_no_panel_has_more_components_than_points():
    assert Compare(vary="k", n=20, values=("2", "25", "20")).varied() == ("2", "20")
    assert Compare(vary="k", dataset="iris", n=20, values=("2", "25")).varied() == ("2", "25")
    settings = Compare(vary="n", k=25, values=("20", "60"))
    assert settings.varied() == ("25", "60")
    assert [panel.experiment.k for panel in settings.panels()] == [25, 25]


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_panel_with_a_datasets_own_noise_is_named_by_it(dataset):
    own = DATASETS[dataset].default_noise
    said = differences(Experiment(dataset=dataset, noise=4.5), Experiment(dataset=dataset))
    assert said == ("the same" if own is None else f"Noise = {numeral(own, 'g')}")
