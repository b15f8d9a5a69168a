"""Results are kept by what they depend on, and no two of them share a cache."""

from dataclasses import replace

import pytest

from gmmviz.pages.collapse.settings import Collapse
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.ui import cache

calls = []


@cache.result("data")
def one(settings, *others):
    """Return one thing."""
    calls.append(settings)
    return "one", settings, others


@cache.result("data")
def other(settings, *others):
    """Return one thing."""
    calls.append(settings)
    return "other", settings, others


@pytest.fixture(autouse=True)
def empty():
    calls.clear()
    yield
    cache.clear()


def test_two_results_do_not_share_a_cache():
    settings = Explorer()
    assert (one(settings)[0], other(settings)[0], one(settings)[0]) == ("one", "other", "one")
    assert len(calls) == 2


def test_results_keep_their_names_for_whoever_reads_them():
    assert (one.__name__, one.__module__, one.__doc__) == ("one", __name__, "Return one thing.")


def test_a_result_is_computed_once_for_all_that_it_does_not_depend_on():
    first = one(Explorer(n=60))
    assert one(Explorer(n=60, k=5, colour="truth", it=3)) is first
    assert len(calls) == 1
    assert one(Explorer(n=61)) is not first


def test_a_result_sees_only_what_it_depends_on():
    _, seen, _ = one(Explorer(n=60, k=5, colour="truth"))
    assert seen == Explorer(n=60)


def test_other_arguments_count():
    settings = Explorer()
    assert [one(settings, *others)[2] for others in ((), (1,), (2,), (1, "b"), (1,))] == [
        (),
        (1,),
        (2,),
        (1, "b"),
        (1,),
    ]
    assert len(calls) == 4


def test_settings_of_another_page_have_results_of_their_own():
    assert one(Explorer())[1] == Explorer()
    assert one(KMeans(dataset="blobs"))[1] == KMeans(dataset="blobs")
    assert len(calls) == 2


def test_data_and_run_are_the_settings_own():
    settings = Collapse(floor=1e-3)
    dataset, run = cache.dataset_of(settings), cache.run_of(settings)
    assert (dataset.X == settings.data().X).all()
    assert run.states[-1].log_likelihood == settings.run(dataset.X).states[-1].log_likelihood
    assert cache.run_of(replace(settings, frames="steps", it=2)) is run
    assert cache.dataset_of(replace(settings, floor=0.0)) is dataset
    assert cache.run_of(replace(settings, floor=0.0)) is not run
