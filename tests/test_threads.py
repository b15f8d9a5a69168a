"""One thread of linear algebra for as long as anyone is inside, and as many as before when the last is out."""

import os
import subprocess
import sys
from textwrap import dedent
from threading import Barrier, Event, Thread, get_ident

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from gmmviz import threads
from gmmviz.em.validation import as_n_threads
from gmmviz.threads import BLOCKS, cores, mapped, one_thread


def numbers(user_api):
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == user_api}


@pytest.fixture(autouse=True)
def two_threads():
    """As many as a machine of two cores has."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2):
        yield


def test_one_inside_and_as_many_as_before_outside():
    with one_thread():
        assert numbers("blas") == {1}
        assert numbers("openmp") <= {1}
        with one_thread():
            assert numbers("blas") == {1}
        assert numbers("blas") == {1}
    assert numbers("blas") == {2}
    assert numbers("openmp") <= {2}


def test_an_error_inside_leaves_as_many_as_before():
    with pytest.raises(ZeroDivisionError), one_thread():
        _ = 1 / 0
    assert numbers("blas") == {2}


@pytest.mark.parametrize("first_out", ["first in", "last in"])
def test_threads_that_overlap_have_it_in_common(first_out):
    inside, leave, seen = Event(), Event(), []

    def other():
        with one_thread():
            inside.set()
            leave.wait()
            seen.append(numbers("blas"))

    thread = Thread(target=other)
    with one_thread():
        thread.start()
        inside.wait()
        if first_out == "last in":
            leave.set()
            thread.join()
            assert numbers("blas") == {1}
    if first_out == "first in":
        assert numbers("blas") == {1}
        leave.set()
        thread.join()
    assert seen == [{1}]
    assert numbers("blas") == {2}


def test_libraries_that_are_loaded_later_are_known_as_well():
    """In a process of its own, which has loaded neither scipy nor scikit-learn when it first computes in one thread."""
    script = """
        from gmmviz.threads import one_thread
        with one_thread():
            pass
        import sklearn.cluster
        from threadpoolctl import ThreadpoolController
        with one_thread():
            print(sorted({library["num_threads"] for library in ThreadpoolController().info()}))
    """
    environment = {name: text for name, text in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[1]\n"


# Blocks of work


@given(st.lists(st.integers(), max_size=40), st.integers(1, 5))
def test_what_is_made_of_blocks_comes_in_their_order(blocks, n_threads):
    assert mapped(str, blocks, n_threads) == [str(block) for block in blocks]


def test_so_many_threads_work_at_a_time_and_this_one_is_among_them():
    together = Barrier(3)

    def work(_):
        together.wait(timeout=60)  # broken, an error, unless three are here
        return get_ident()

    idents = set(mapped(work, range(3 * BLOCKS), 3))
    assert len(idents) == 3
    assert get_ident() in idents


def test_few_blocks_are_not_worth_a_thread(monkeypatch):
    monkeypatch.setattr(threads, "_pool", lambda size: pytest.fail(f"asked for {size}"))
    assert mapped(str, range(2 * BLOCKS - 1), 2) == list(map(str, range(2 * BLOCKS - 1)))


def test_an_error_in_any_thread_is_an_error():
    with pytest.raises(ZeroDivisionError):
        mapped(lambda n: 1 / n, [*range(1, 20), 0], 3)


def test_cores_are_those_of_the_machine_unless_someone_says_otherwise(monkeypatch):
    monkeypatch.setattr(threads, "_chosen", None)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert cores() == len(os.sched_getaffinity(0))
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert cores() == 7
    monkeypatch.setenv("OMP_NUM_THREADS", "4,2")  # which OpenMP takes, too
    assert cores() == len(os.sched_getaffinity(0))
    threads.use(3)
    assert cores() == 3


BITS = """
import sys
import numpy as np
from threadpoolctl import threadpool_limits
from gmmviz.em import careful, e_step, fit, fit_many, fit_stream
from gmmviz.starts import start

careful.BLOCK_BYTES = 1 << 19  # so many blocks that all the threads work, whatever the type
rng = np.random.default_rng(0)
X = rng.normal(size=(100_000, 3)) + 4 * rng.integers(0, 3, size=(100_000, 1))
blas, n_threads = map(int, sys.argv[1:])
with threadpool_limits(blas, user_api="blas"):
    for name in ("full", "tied", "diag", "spherical"):
        for points in (X, np.r_[X, [[1e9, 0, 0]]]):  # the quick kernel, and the careful one
            begin = start(X, 6, "random-points", name, rng=0)
            run = fit(points, begin, name, max_iter=2, n_threads=n_threads)
            many = fit_many(points[:50_000], [begin, begin], name, max_iter=2, n_threads=n_threads)
            found = [*fit_stream(points[:50_000], [begin], name, max_iter=2, n_threads=n_threads)][-1]
            R = e_step(points, begin)[0]
            states = [*run.states, *many[1].states]
            print(name, [s.log_likelihood.hex() for s in states], R.sum().hex(), found)
            print([s.mixture.covariances.tobytes().hex()[-400:] for s in states])
    for name in ("full", "tied"):  # of one feature and few components: products of vectors
        for points in (X[:20_000, :1], np.r_[X[:20_000, :1], [[1e9]]]):
            for K in (1, 2):
                begin = start(X[:20_000, :1], K, "random-responsibilities", name, rng=0)
                run = fit(points, begin, name, tol=0, max_iter=3, n_threads=n_threads)
                print(name, [s.log_likelihood.hex() for s in run.states])
                print([s.mixture.covariances.tobytes().hex() for s in run.states])
"""


def test_every_bit_is_the_same_for_any_number_of_threads():
    def bits(*numbers):
        program = [sys.executable, "-c", BITS, *map(str, numbers)]
        return subprocess.run(program, capture_output=True, text=True, check=True).stdout

    assert bits(1, 1) == bits(2, 2) == bits(2, 3)


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "2"])
def test_a_number_of_threads_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=r"n_threads is .*: give a whole number >= 1, or None for all cores"):
        as_n_threads(wrong)
