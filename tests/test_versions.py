"""Addresses keep their meaning when defaults change."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz import versions
from gmmviz.corrections import Correction
from gmmviz.experiment import Experiment
from gmmviz.pages.choose_k.settings import ChooseK
from gmmviz.pages.collapse.settings import Collapse
from gmmviz.pages.compare.settings import Compare, address_of, experiment_at
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.pages.restarts.settings import Restarts
from gmmviz.versions import Change, opened, stamped

TABLES = (ChooseK, Collapse, Compare, Density, Explorer, KMeans, OneDimension, Restarts)


def read(query, table=Explorer):
    """The settings that an address opens to, and what was wrong with it."""
    rest, then, wrong = opened(query, table())
    settings, corrections = table.from_query(rest, then)
    return settings, wrong + corrections


@given(st.integers(1, 16), st.integers(0, 999), st.sampled_from([None, "k-means", "scattered"]))
def test_a_link_keeps_its_meaning_when_defaults_change(k, data_seed, init):
    """The next version changes three defaults, twice one of them: every link of today opens to what it did."""
    settings = Explorer(k=k, data_seed=data_seed, init=init or Explorer().init)
    link = stamped(settings.to_query())
    today = Explorer()

    with pytest.MonkeyPatch.context() as patch:
        changes = (Change("k", today.k, 4), Change("init", today.init, "k-means")), (Change("k", 4, 5),)
        patch.setattr(versions, "CHANGES", versions.CHANGES + changes)
        table = {f.name: getattr(today, f.name) for f in fields(Explorer)}
        later = Explorer(**table | {"k": 5, "init": "k-means"})  # the defaults after both changes
        rest, then, wrong = opened(link, later)
        assert (then, wrong) == (today if link else later, [])
        if link:
            assert Explorer.from_query(rest, then) == (settings, [])
            assert read({"k": "2", "version": str(versions.current())})[1] == []


def test_an_address_of_version_1_is_read_by_its_defaults_and_today_s_by_today_s():
    assert read({"k": "5", "version": "1"}) == (Explorer(k=5, data_seed=170), [])
    assert read({"data_seed": "57", "version": "1"}) == (Explorer(), [])
    assert read({"k": "5", "version": "2"}) == read({"k": "5"}) == (Explorer(k=5), [])
    assert stamped({}) == {}


@pytest.mark.parametrize("text", ["3", "0", "-1", "x", "", "1.0"])
def test_a_version_that_never_was_is_today_s_and_said_so(text):
    assert read({"k": "5", "version": text}) == (Explorer(k=5), [Correction("version", text, 2)])


def test_a_default_that_a_page_has_chosen_for_itself_stays(monkeypatch):
    monkeypatch.setattr(versions, "CHANGES", ((Change("data_seed", 5, Experiment().data_seed),),))
    assert ChooseK().data_seed != Experiment().data_seed
    assert read({"version": "1"}, ChooseK)[0] == ChooseK()
    assert read({"version": "1"})[0] == Explorer(data_seed=5)


@pytest.mark.parametrize("table", TABLES)
def test_no_setting_has_the_version_s_name(table):
    assert versions.NAME not in table.table()


@given(st.integers(1, 16), st.sampled_from(["blobs", "moons", "iris"]))
def test_a_panel_s_address_carries_its_version_too(k, dataset):
    experiment = Experiment(k=k, dataset=dataset)
    assert "version=" in address_of(experiment)
    assert experiment_at(address_of(experiment)) == experiment
    assert experiment_at(f"dataset={dataset}&k={k}&version=1").data_seed == 170


def test_the_last_changes_are_today_s_defaults():
    """What a version says it changed to is what holds, unless a later one changed it again."""
    latest = {change.setting: change.after for changes in versions.CHANGES for change in changes}
    assert {name: getattr(Experiment(), name) for name in latest} == latest
