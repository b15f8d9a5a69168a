"""Results are kept by what they depend on, and no two of them share a cache."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

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
    dataset, run = cache.dataset_of(settings), cache.history_of(settings)
    assert (dataset.X == settings.data().X).all()
    assert run.states[-1].log_likelihood == settings.run(dataset.X).states[-1].log_likelihood
    assert cache.history_of(replace(settings, frames="steps", it=2)) is run
    assert cache.dataset_of(replace(settings, floor=0.0)) is dataset
    assert cache.history_of(replace(settings, floor=0.0)) is not run


def test_runs_that_differ_in_their_iterations_at_most_are_climbed_once():
    settings = Explorer(n=60, max_iter=30, tol=0.0)
    run, ascent = cache.run_of(settings), cache.ascent_of(settings)
    assert [state.log_likelihood for state in run.states] == [
        state.log_likelihood for state in settings.run(settings.data().X).states
    ]
    shorter = cache.run_of(replace(settings, max_iter=7))
    assert shorter.states == run.states[:8]
    assert cache.ascent_of(replace(settings, max_iter=7, it=3)) is ascent
    assert ascent.iterations == 30
    assert cache.ascent_of(replace(settings, init_seed=9)) is not ascent


def test_what_nobody_has_asked_for_longest_is_forgotten_first():
    kept = cache.Kept(2)
    found = [kept.get(name, lambda name=name: calls.append(name) or name) for name in "abacab"]
    assert found == list("abacab")
    assert calls == list("abcb")


def test_a_result_that_cannot_be_computed_is_asked_for_again():
    kept = cache.Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert kept.get("a", lambda: 1) == 1


def test_who_asks_for_the_same_at_the_same_time_shares_one_computation():
    kept, begun, go_on = cache.Kept(2), Event(), Event()

    def compute():
        begun.set()
        go_on.wait(30)
        calls.append("computed")
        return object()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(kept.get, "a", compute)
        begun.wait(30)
        others = [pool.submit(kept.get, "a", compute) for _ in range(3)]
        go_on.set()
        assert {other.result(30) for other in others} == {first.result(30)}
    assert calls == ["computed"]
